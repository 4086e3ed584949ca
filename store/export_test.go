package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"heed/bot"
)

// MigrateFrom is Migrate with migrations of a test's own.
var MigrateFrom = migrateFrom

// Over makes a Store whose statements run over q. It has no transactions.
func Over(q sqlx.ExtContext) *Store { return &Store{queries: queries{q}} }

// ClaimOver is ClaimPosts without a transaction of its own.
func (s *Store) ClaimOver(ctx context.Context, now time.Time, limit int, lease time.Duration, paces map[bot.Platform]bot.Pace) ([]bot.Claim, error) {
	return s.queries.ClaimPosts(ctx, now, limit, lease, paces)
}

// AgeOver is AgeCards without a transaction of its own.
func (s *Store) AgeOver(ctx context.Context, now time.Time) (int, error) {
	return s.queries.AgeCards(ctx, now)
}

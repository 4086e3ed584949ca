package store

import (
	"context"
	"fmt"
	"time"

	"heed/bot"
)

// CardFacts reads what a card says besides its item; see bot.PostStore and card_facts.
func (q queries) CardFacts(ctx context.Context, b bot.BoardID, item bot.ItemID, audience bot.Audience, now time.Time) (bot.CardFacts, error) {
	var r struct {
		AskedBy   string `db:"asked_by"`
		AskedIn   string `db:"asked_in"`
		AskedRef  string `db:"asked_ref"`
		Quotes    int
		Original  string
		Week      int
		Root      int
		RootTitle string          `db:"root_title"`
		RootOpen  bool            `db:"root_open"`
		AskedAt   bot.WorkspaceID `db:"asked_workspace"`
	}
	err := q.row(ctx, &r, `
		select o_asked_by as asked_by, o_asked_in as asked_in, o_asked_workspace as asked_workspace, o_asked_ref as asked_ref, o_quotes as quotes,
		       o_original as original, o_week as week, o_root as root, o_root_title as root_title, o_root_open as root_open
		  from card_facts($1, $2, $3, $4)`, b, item, audience, now)
	if err != nil {
		return bot.CardFacts{}, fmt.Errorf("card facts: %w", err)
	}
	return bot.CardFacts{
		AskedBy: r.AskedBy, AskedIn: r.AskedIn, AskedRef: r.AskedRef, Quotes: r.Quotes, Original: r.Original,
		AskedAt: r.AskedAt, Week: r.Week, Root: r.Root, RootTitle: r.RootTitle, RootOpen: r.RootOpen,
	}, nil
}

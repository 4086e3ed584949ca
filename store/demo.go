package store

import (
	"context"
	"fmt"
	"time"

	"heed/bot"
)

// ClockOffset is how far the clock was moved on, zero on an empty database.
func (s *Store) ClockOffset(ctx context.Context) (time.Duration, error) {
	var seconds float64
	err := s.row(ctx, &seconds, `select coalesce(max(extract(epoch from clock_offset)), 0)::double precision from boards`)
	if err != nil {
		return 0, fmt.Errorf("clock offset: %w", err)
	}
	return time.Duration(seconds * float64(time.Second)), nil
}

// SetClockOffset keeps how far the clock was moved on, with the data that it dates.
func (s *Store) SetClockOffset(ctx context.Context, offset time.Duration) error {
	_, err := s.exec(ctx, `update boards set clock_offset = make_interval(secs => $1::double precision)`, offset.Seconds())
	if err != nil {
		return fmt.Errorf("set clock offset: %w", err)
	}
	return nil
}

// AnyItem tells whether there is any item at all.
func (s *Store) AnyItem(ctx context.Context) (bool, error) {
	var any bool
	err := s.row(ctx, &any, `select exists (select from items)`)
	return any, err
}

// Wipe deletes everything; votes refer to nothing that a cascade would follow. Only the playground offers it. What is under way at the
// same time may stand in its way: it is tried again as every transaction is.
func (s *Store) Wipe(ctx context.Context) error {
	return s.InTx(ctx, func(tx bot.Tx) error {
		_, err := tx.(queries).exec(ctx, `truncate boards, votes restart identity cascade`)
		return err
	})
}

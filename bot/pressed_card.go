package bot

import (
	"context"
	"errors"
	"fmt"
)

// CardNow is what the card that this message is should show now, and the version of it,
// for platforms where a press can be answered by changing the pressed message itself:
// cards that are long settled move at once, and no edit is spent. False where
// the message is no card of Heed's, or one that should no longer stand there.
func (b *Bot) CardNow(ctx context.Context, w WorkspaceRef, channel, message string) (Card, int64, bool, error) {
	var card Card
	var version int64
	var ok bool
	err := b.store.InTx(ctx, func(tx Tx) error {
		p, err := tx.PostAt(ctx, w, channel, message)
		if err != nil {
			return err
		}
		if p.Kind != PostCard {
			return nil
		}
		c, v, err := cardContent(ctx, tx, p, b.clock.Now())
		card, ok = c.(Card)
		version = v
		return err
	})
	if errors.Is(err, ErrNotFound) {
		return Card{}, 0, false, nil
	}
	if err != nil {
		return Card{}, 0, false, fmt.Errorf("pressed card: %w", err)
	}
	return card, version, ok, nil
}

// CardShown keeps that the card which this message is shows that version now, so that it
// need not be edited again. It is for the answer to a press that came through; while
// another is sending the same card it keeps nothing, and the card is edited once more.
// Answers that follow each other on one card must be kept in the order in which they came
// through.
func (b *Bot) CardShown(ctx context.Context, w WorkspaceRef, channel, message string, version int64) error {
	if err := b.store.CardShown(ctx, w, channel, message, version); err != nil {
		return fmt.Errorf("card shown: %w", err)
	}
	b.log.InfoContext(ctx, "post shown", "platform", w.Platform, "kind", PostCard, "version", version, "how", "pressed")
	return nil
}

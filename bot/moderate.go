package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// The history's words of moderation.
const (
	actHidden   = "hidden"
	actUnhidden = "unhidden"
)

// hideCommand is `/heed hide 42 spam` and `/heed hide 42 off`.
func (b *Bot) hideCommand(ctx context.Context, c caller, cmd Command) (Reply, error) {
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := b.may(ctx, tx, c, cmd); err != nil {
			return err
		}
		it, err := lockItself(ctx, tx, c, cmd.Item)
		if err != nil {
			return err
		}
		if cmd.Switch == SwitchOff {
			reply, err = b.unhide(ctx, tx, c, it)
			return err
		}
		reply, err = b.hide(ctx, tx, c, it, Clean(cmd.Words))
		return err
	})
	return reply, err
}

// hide takes a locked item out of sight: its cards go, nobody finds it, its text is
// sealed. The reason is kept for moderators.
func (b *Bot) hide(ctx context.Context, tx Tx, c caller, it Item, reason string) (Reply, error) {
	if !it.HiddenAt.IsZero() {
		h, err := tx.Hiding(ctx, it.Board, it.ID)
		if err != nil {
			return nil, fmt.Errorf("hiding: %w", err)
		}
		return Sayf("#%d is hidden since %s already (%s).", it.Number, day(b.clock.Now(), h.At), orElse(h.Reason, "no reason given")), nil
	}
	sealed, err := b.sealText(ctx, tx, it)
	if err != nil {
		return nil, err
	}
	h := Hiding{Reason: Excerpt(reason, MaxReason), By: c.Member.ID, At: b.clock.Now(), Sealed: sealed}
	if err := tx.HideItem(ctx, it.Board, it.ID, h); err != nil {
		return nil, err
	}
	if err := tx.TouchItem(ctx, it.Board, it.ID, h.At); err != nil {
		return nil, err
	}
	if err := tx.TouchTops(ctx, it.Board, h.At); err != nil {
		return nil, fmt.Errorf("live tops: %w", err)
	}
	entry, err := tx.AddHistory(ctx, it.Board, Entry{Item: it.ID, Member: c.Member.ID, Act: actHidden, At: h.At})
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	say := Sayf("#%d is out of sight: its cards go, and nobody finds it.", it.Number)
	if sealed == nil {
		say = say.With(Small{Textf("Its text could not be sealed, as Heed runs without a secret key (HEED_SECRET_KEY).")})
	}
	buttons := Buttons{{Label: "Undo", Action: Act("undo", entry)}}
	if it.Author != 0 {
		buttons = append(buttons, Button{Label: "Block its author for a week", Action: Act("blockauthor", it.Number), Style: Danger})
	}
	return say.With(buttons), nil
}

// sealText is an item's text, sealed; nil when there is no key for it.
func (b *Bot) sealText(ctx context.Context, tx Tx, it Item) ([]byte, error) {
	text, err := tx.ItemText(ctx, it.Board, it.ID)
	if err != nil {
		return nil, fmt.Errorf("text of an item: %w", err)
	}
	plain, err := json.Marshal(text)
	if err != nil {
		return nil, fmt.Errorf("text of an item: %w", err)
	}
	sealed, err := Seal(b.options.SecretKey, plain, sealedItem(it.ID))
	if errors.Is(err, ErrUnsealable) {
		return nil, nil
	}
	return sealed, err
}

// unhide brings a locked item back with its text and its cards.
func (b *Bot) unhide(ctx context.Context, tx Tx, c caller, it Item) (Reply, error) {
	if it.HiddenAt.IsZero() {
		return Sayf("%v isn't hidden. Nothing has changed.", title(it)), nil
	}
	h, err := tx.Hiding(ctx, it.Board, it.ID)
	if err != nil {
		return nil, fmt.Errorf("hiding: %w", err)
	}
	if h.Sealed != nil {
		plain, err := Unseal(b.options.SecretKey, h.Sealed, sealedItem(it.ID))
		if errors.Is(err, ErrUnsealable) {
			return nil, Refuse(Conflict, Sayf("#%d was sealed with another secret key, so I can't bring its text back. Nothing has changed. Whoever runs Heed may have the old key.", it.Number))
		}
		if err != nil {
			return nil, err
		}
		var text ItemText
		if err := json.Unmarshal(plain, &text); err != nil {
			return nil, fmt.Errorf("sealed text: %w", err)
		}
		if err := tx.SaveItemText(ctx, it.Board, it.ID, text); err != nil {
			return nil, err
		}
	}
	if err := tx.UnhideItem(ctx, it.Board, it.ID); err != nil {
		return nil, fmt.Errorf("unhide: %w", err)
	}
	now := b.clock.Now()
	if err := tx.TouchItem(ctx, it.Board, it.ID, now); err != nil {
		return nil, err
	}
	if _, err := tx.RestoreCards(ctx, it.Board, it.ID, now); err != nil {
		return nil, fmt.Errorf("cards: %w", err)
	}
	if it, err = tx.Item(ctx, it.Board, it.ID); err != nil {
		return nil, err
	}
	if _, _, err := wantCard(ctx, tx, it, now); err != nil {
		return nil, err
	}
	if _, err := tx.AddHistory(ctx, it.Board, Entry{Item: it.ID, Member: c.Member.ID, Act: actUnhidden, At: now}); err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	return Sayf("%v is back, with its words, votes and cards.", title(it)), nil
}

func (b *Bot) undoHide(ctx context.Context, tx Tx, c caller, e Entry) (Reply, error) {
	locked, err := tx.LockItems(ctx, c.Workspace.Board, e.Item)
	if err != nil {
		return nil, err
	}
	return b.unhide(ctx, tx, c, locked[e.Item])
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

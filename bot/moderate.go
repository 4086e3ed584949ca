package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// The history's words of moderation.
const (
	actHidden   = "hidden"
	actUnhidden = "unhidden"
)

// blockDays is for how long a member is blocked when nobody says for how long.
const blockDays = 7

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
	sealed, err := Seal(b.options.SecretKey, plain, sealedItem(it))
	if errors.Is(err, ErrUnsealable) {
		return nil, nil
	}
	return sealed, err
}

// sealedItem says where a sealed text belongs: an item keeps its id on whichever board.
func sealedItem(it Item) string { return fmt.Sprintf("item %d", it.ID) }

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
		plain, err := Unseal(b.options.SecretKey, h.Sealed, sealedItem(it))
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

// blockCommand is `/heed block @rui 7 days spam` and `/heed block @rui off`.
func (b *Bot) blockCommand(ctx context.Context, c caller, cmd Command) (Reply, error) {
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := b.may(ctx, tx, c, cmd); err != nil {
			return err
		}
		m, err := tx.MemberByAccount(ctx, c.Workspace.Board, c.Workspace.ID, cmd.Account)
		if errors.Is(err, ErrNotFound) {
			return Refuse(NotFound, Sayf("I haven't met that member yet, so there's nothing to block. Nothing has changed."))
		}
		if err != nil {
			return fmt.Errorf("member to block: %w", err)
		}
		if cmd.Switch == SwitchOff {
			was, err := tx.Unblock(ctx, m.Board, m.ID, b.clock.Now())
			if err != nil {
				return fmt.Errorf("unblock: %w", err)
			}
			reply = Sayf("%v may give feedback again.", memberSpan(m, c.Workspace.ID))
			if !was {
				reply = Sayf("%v isn't blocked. Nothing has changed.", memberSpan(m, c.Workspace.ID))
			}
			return nil
		}
		reply, err = b.block(ctx, tx, c, m, cmd.Days, Clean(cmd.Words))
		return err
	})
	return reply, err
}

// block keeps a member from giving feedback for some days. What they asked and voted
// for stays; reading stays open.
func (b *Bot) block(ctx context.Context, tx Tx, c caller, m Member, days int, reason string) (Reply, error) {
	who := memberSpan(m, c.Workspace.ID)
	if m.Person == c.Member.Person {
		return nil, Refuse(Invalid, Sayf("That's you. Nothing has changed."))
	}
	roles, err := tx.RolesOf(ctx, m.Board, m.Person)
	if err != nil {
		return nil, fmt.Errorf("roles: %w", err)
	}
	if len(roles) > 0 {
		return nil, Refuse(Conflict, Sayf("%v is %s, and those who decide can't be blocked. Nothing has changed.", who, roles[0].Label()))
	}
	if days == 0 {
		days = blockDays
	}
	now := b.clock.Now()
	until := now.Add(time.Duration(days) * 24 * time.Hour)
	if err := tx.Block(ctx, m.Board, m.ID, until, Excerpt(reason, MaxReason), c.Member.ID, now); err != nil {
		return nil, fmt.Errorf("block: %w", err)
	}
	if _, err := tx.AddHistory(ctx, m.Board, Entry{Member: c.Member.ID, Act: "blocked", Data: map[string]any{"member": m.ID, "days": days}, At: now}); err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	return Sayf("%v can't give feedback until %s. Votes and requests so far stay as they are.", who, day(now, until)).
		With(Small{Textf("`/heed block @%s off` ends it.", orElse(m.Name, "member"))}), nil
}

// blockAuthorPress is [Block its author for a week].
func (b *Bot) blockAuthorPress(ctx context.Context, c caller, args []string) (Reply, error) {
	n, ok := numberArg(args, 0)
	if !ok {
		return nil, staleButton()
	}
	var reply Reply
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := b.may(ctx, tx, c, Command{Verb: VerbBlock}); err != nil {
			return err
		}
		it, err := readable(ctx, tx, c, n)
		if err != nil {
			return err
		}
		if it.Author == 0 {
			return Refuse(Conflict, Sayf("I don't know who asked for #%d. Nothing has changed.", n))
		}
		m, err := tx.Member(ctx, it.Board, it.Author)
		if err != nil {
			return fmt.Errorf("author: %w", err)
		}
		reply, err = b.block(ctx, tx, c, m, blockDays, fmt.Sprintf("#%d", n))
		return err
	})
	return reply, err
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// The history's words of blocking.
const (
	actBlocked   = "blocked"
	actUnblocked = "unblocked"
)

// blockDays is for how long a member is blocked when nobody says for how long.
const blockDays = 7

// blockedData is what the history keeps of a block.
type blockedData struct {
	Member MemberID  `json:"member"`
	Until  time.Time `json:"until,omitzero"`
	Was    time.Time `json:"was,omitzero"`   // until when they were blocked before
	Held   []HeldID  `json:"held,omitempty"` // the words that were hidden with it
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
			was, err := b.unblock(ctx, tx, c, m)
			reply = Sayf("%v may give feedback again.", memberSpan(m, c.Workspace.ID))
			if !was {
				reply = Sayf("%v isn't blocked. Nothing has changed.", memberSpan(m, c.Workspace.ID))
			}
			return err
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
	data := blockedData{Member: m.ID, Until: now.Add(time.Duration(days) * 24 * time.Hour)}
	if data.Was, err = tx.BlockedUntil(ctx, m.Board, m.Person, now); err != nil {
		return nil, fmt.Errorf("blocked before: %w", err)
	}
	if err := tx.Block(ctx, m.Board, m.ID, data.Until, Excerpt(reason, MaxReason), c.Member.ID, now); err != nil {
		return nil, fmt.Errorf("block: %w", err)
	}
	if data.Held, err = b.hideWaiting(ctx, tx, c, m); err != nil {
		return nil, err
	}
	entry, err := tx.AddHistory(ctx, m.Board, Entry{Member: c.Member.ID, Act: actBlocked, Data: data, At: now})
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	if len(data.Held) > 0 && !m.Muted {
		if _, err := tx.WantPost(ctx, m.Board, Want{
			Key: blockedKey(entry), Kind: PostNote, Workspace: m.Workspace, Account: m.Account,
			Subject: blockedSubject{noteBlocked, entry, data.Until, data.Held}, Due: now.Add(b.options.Undo),
		}); err != nil {
			return nil, fmt.Errorf("tell who is blocked: %w", err)
		}
	}
	say := Sayf("%v can't give feedback until %s. Votes and requests so far stay as they are.", who, day(now, data.Until))
	if n := len(data.Held); n > 0 {
		say = say.With(Para{Textf("Hidden with it: %s that waited.", plural(n, "text"))})
	}
	return say.With(Small{Textf("`/heed block @%s off` ends it.", orElse(m.Name, "member"))}, Buttons{{Label: "Undo", Action: Act("undo", entry)}}), nil
}

// hideWaiting hides all of a person's words that wait for a moderator.
func (b *Bot) hideWaiting(ctx context.Context, tx Tx, c caller, m Member) ([]HeldID, error) {
	waiting, err := tx.HeldOf(ctx, m.Board, m.Person, 10*maxReviews)
	if err != nil {
		return nil, fmt.Errorf("words of who is blocked: %w", err)
	}
	var out []HeldID
	for _, h := range waiting {
		if h.Why != HeldReview {
			continue
		}
		if h, err = tx.LockHeld(ctx, h.Board, h.ID); err != nil {
			return nil, fmt.Errorf("words of who is blocked: %w", err)
		}
		if !h.SettledAt.IsZero() {
			continue
		}
		if _, err := b.hideHeld(ctx, tx, c, h); err != nil {
			return nil, err
		}
		out = append(out, h.ID)
	}
	return out, nil
}

// unblock ends a block and tells whether there was one.
func (b *Bot) unblock(ctx context.Context, tx Tx, c caller, m Member) (bool, error) {
	now := b.clock.Now()
	was, err := tx.Unblock(ctx, m.Board, m.ID, now)
	if err != nil || !was {
		return was, err
	}
	if _, err := tx.AddHistory(ctx, m.Board, Entry{Member: c.Member.ID, Act: actUnblocked, Data: blockedData{Member: m.ID}, At: now}); err != nil {
		return was, fmt.Errorf("history: %w", err)
	}
	return was, nil
}

// undoBlock ends what a block began: words that it hid wait again.
func (b *Bot) undoBlock(ctx context.Context, tx Tx, c caller, e Entry) (Reply, error) {
	data, err := entryData[blockedData](e)
	if err != nil {
		return nil, err
	}
	m, err := tx.Member(ctx, c.Workspace.Board, data.Member)
	if errors.Is(err, ErrNotFound) {
		return nil, Refuse(Conflict, Sayf("They are not on this board any more. Nothing has changed."))
	}
	if err != nil {
		return nil, fmt.Errorf("who was blocked: %w", err)
	}
	now := b.clock.Now()
	if data.Was.After(now) {
		if err := tx.Block(ctx, m.Board, m.ID, data.Was, "", c.Member.ID, now); err != nil {
			return nil, fmt.Errorf("block as before: %w", err)
		}
	} else if _, err := tx.Unblock(ctx, m.Board, m.ID, now); err != nil {
		return nil, fmt.Errorf("unblock: %w", err)
	}
	again := 0
	for _, id := range data.Held {
		ok, err := b.reopen(ctx, tx, m.Board, id)
		if err != nil {
			return nil, err
		}
		if ok {
			again++
		}
	}
	if err := b.untellBlocked(ctx, tx, m, e.ID); err != nil {
		return nil, err
	}
	say := Sayf("Taken back: %v may give feedback again.", memberSpan(m, c.Workspace.ID))
	if data.Was.After(now) {
		say = Sayf("Taken back: %v is blocked until %s, as before.", memberSpan(m, c.Workspace.ID), day(now, data.Was))
	}
	if again > 0 {
		say = say.With(Para{Textf("Waiting for a moderator again: %s.", plural(again, "text"))}, Buttons{{Label: "Look at it", Action: "review"}})
	}
	say.Replace = true
	return say, nil
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

package bot

import (
	"context"
	"errors"
	"fmt"
)

// noteWaits is the note in a post whose words wait.
const noteWaits = "waits"

type waitsSubject struct {
	Note string `json:"note"`
	Held HeldID `json:"held"`
}

// postWaits tells why a post is no request yet; "": it is one. The pause between two
// requests is for words typed to Heed: who begins a post waits for nothing.
func (b *Bot) postWaits(ctx context.Context, tx Tx, c caller, w Wish) (HeldWhy, error) {
	now := b.clock.Now()
	until, err := tx.BlockedUntil(ctx, c.Workspace.Board, c.Member.Person, now)
	if err != nil {
		return "", fmt.Errorf("blocked: %w", err)
	}
	if !until.IsZero() {
		return HeldLimited, nil
	}
	board, err := tx.Board(ctx, c.Workspace.Board)
	if err != nil {
		return "", err
	}
	asked, err := tx.AsksSince(ctx, board.ID, c.Member.Person, now.AddDate(0, 0, -1))
	if err != nil {
		return "", fmt.Errorf("asked lately: %w", err)
	}
	perDay, _ := b.bounds(board.Settings, c.audience())
	if left, day := wait(asked, perDay, 0, now); left > 0 && day {
		return HeldLimited, nil
	}
	looks, err := b.wishLooksFirst(ctx, tx, board.ID, c.Member.ID, w)
	// Who left at once, or whom the platform did not tell of, may have joined just now.
	unsure := len(c.Roles) == 0 && c.Channel.Reviews() == ReviewNewcomers && c.Member.JoinedAt.IsZero() && !(c.known() && c.Member.Active)
	if err != nil || !looks && !unsure {
		return "", err
	}
	if err := b.mayWait(ctx, tx, c, ""); RefusedWith(err) != "" {
		return HeldLimited, nil
	} else if err != nil {
		return "", err
	}
	return HeldReview, nil
}

// retellWaits makes the note in a post due, where words of one wait or were decided on.
func (b *Bot) retellWaits(ctx context.Context, tx Tx, h Held) error {
	if h.Wish.Saved == nil || !h.Wish.Saved.Post {
		return nil
	}
	p, err := tx.PostByKey(ctx, h.Board, fmt.Sprintf("waits:%d", h.ID))
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("note in a post: %w", err)
	}
	_, err = tx.WantPost(ctx, h.Board, Want{
		Key: p.Key, Kind: p.Kind, Workspace: p.Workspace, Channel: p.Channel, Thread: p.Thread, Subject: waitsSubject{noteWaits, h.ID}, Due: b.clock.Now(),
	})
	return err
}

// waitsNote tells in a post that it is no request yet. Once that is decided the note
// goes: the card stands there instead.
func (b *Bot) waitsNote(ctx context.Context, tx Tx, p Post) (Content, int64, error) {
	s, err := subject[waitsSubject](p)
	if err != nil {
		return nil, 0, err
	}
	h, err := tx.Held(ctx, p.Board, s.Held)
	if errors.Is(err, ErrNotFound) || err == nil && !h.SettledAt.IsZero() {
		return nil, 1, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("words of a post: %w", err)
	}
	if h.Why == HeldReview {
		return Note{Doc{Para{Textf("Thank you. A moderator looks at this first, usually within a day; then people can vote on it here.")}}}, 1, nil
	}
	return Note{Doc{
		Para{Textf("Thank you. That's more than I take from one person in a day, so it isn't a request yet; the words are kept.")},
		Small{Textf("Whoever wrote it finds them under `/heed mine` and can send them later.")},
	}}, 2, nil
}

package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// draftFor is how long a form that is not sent yet is kept for its writer.
const draftFor = 24 * time.Hour

// Draft is a form on its way: what a platform's own form can't carry from one page
// to the next, and what somebody typed into one that could not be sent. It is its
// writer's alone.
type Draft struct {
	Workspace WorkspaceRef
	Account   string // whose it is
	Key       string // which, of theirs: not to be guessed
	Data      []byte // JSON, the adapter's own
}

// KeepDraft keeps a draft for a day; the same key again takes its place.
func (b *Bot) KeepDraft(ctx context.Context, d Draft) error {
	if err := b.store.KeepDraft(ctx, d, b.clock.Now().Add(draftFor)); err != nil {
		return fmt.Errorf("keep draft: %w", err)
	}
	return nil
}

// DraftOf is the draft of an account by its key, in whichever workspace it was begun.
// False: there is none, or it has expired.
func (b *Bot) DraftOf(ctx context.Context, p Platform, account, key string) (Draft, bool, error) {
	d, err := b.store.DraftOf(ctx, p, account, key, b.clock.Now())
	if errors.Is(err, ErrNotFound) {
		return Draft{}, false, nil
	}
	if err != nil {
		return Draft{}, false, fmt.Errorf("draft: %w", err)
	}
	return d, true, nil
}

// DropDraft lets a draft go that was sent. One that is gone is no error.
func (b *Bot) DropDraft(ctx context.Context, d Draft) error {
	if err := b.store.DropDraft(ctx, d); err != nil {
		return fmt.Errorf("drop draft: %w", err)
	}
	return nil
}

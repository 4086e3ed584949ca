package bot

import (
	"context"
	"errors"
	"fmt"
)

// maxHomes bounds in how many workspaces somebody is looked for whom Heed does not know.
const maxHomes = 5

// HomeOf is the workspace that somebody belongs to who speaks to Heed outside of any:
// where they did something last. Whom Heed does not know yet is looked for in the
// platform's workspaces, where these are few. False: nowhere.
func (b *Bot) HomeOf(ctx context.Context, p Platform, account string) (WorkspaceRef, bool, error) {
	ref, err := b.store.SpokeLastIn(ctx, p, account)
	if err == nil {
		return ref, true, nil
	}
	if !errors.Is(err, ErrNotFound) {
		return WorkspaceRef{}, false, fmt.Errorf("home of an account: %w", err)
	}
	all, err := b.store.Workspaces(ctx, 0)
	if err != nil {
		return WorkspaceRef{}, false, fmt.Errorf("workspaces of a platform: %w", err)
	}
	var near []Workspace
	for _, w := range all {
		if w.Ref.Platform == p && !w.Gone {
			near = append(near, w)
		}
	}
	m, ok := b.messengers[p]
	if !ok || len(near) > maxHomes {
		return WorkspaceRef{}, false, nil
	}
	asking, cancel := context.WithTimeout(ctx, lookupPatience)
	defer cancel()
	for _, w := range near {
		if seen, err := m.Member(asking, w, account); err == nil && !seen.Gone {
			return w.Ref, true, nil
		}
	}
	return WorkspaceRef{}, false, nil
}

// HomeOfMessage is the workspace to which a message belongs that Heed posted, in
// whatever conversation it stands: its buttons mean that one's board. False: Heed has
// no such post.
func (b *Bot) HomeOfMessage(ctx context.Context, p Platform, channel, message string) (WorkspaceRef, bool, error) {
	ref, err := b.store.PostedFrom(ctx, p, channel, message)
	if errors.Is(err, ErrNotFound) {
		return WorkspaceRef{}, false, nil
	}
	if err != nil {
		return WorkspaceRef{}, false, fmt.Errorf("home of a message: %w", err)
	}
	return ref, true, nil
}

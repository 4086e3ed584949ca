package bot

import (
	"context"
	"fmt"
	"time"
)

const (
	// presenceBeat is how often Heed notes that it hears its workspaces.
	presenceBeat = 30 * time.Second
	// deafAfter is how long nobody may have heard a workspace before what happened
	// there is read back. Shorter than that the platforms deliver again by themselves
	// (Slack after one and five minutes: docs.slack.dev/apis/events-api#retries).
	deafAfter = 2 * time.Minute
)

// RunPresence notes until ctx ends that this process hears its platforms' workspaces,
// so that the next start knows since when nobody did.
func (b *Bot) RunPresence(ctx context.Context) error {
	return b.loop(ctx, beat{name: "presence", deaf: true}, b.PresenceOnce, func(_ int, err error, failures int) time.Duration {
		if err != nil {
			return troublePause(failures)
		}
		return presenceBeat
	})
}

// PresenceOnce notes that the workspaces of this process' platforms are heard now. It
// answers how many they are. A workspace that nobody had heard for a while, as when
// the machine slept, has a gap.
func (b *Bot) PresenceOnce(ctx context.Context) (int, error) {
	platforms := make([]Platform, 0, len(b.messengers))
	for p := range b.messengers {
		platforms = append(platforms, p)
	}
	now := b.clock.Now()
	n, err := b.store.HeardWorkspaces(ctx, platforms, now, now.Add(-deafAfter))
	if err != nil {
		return n, fmt.Errorf("presence: %w", err)
	}
	return n, b.keepHeard(ctx)
}

// hears notes that something came from a workspace. PresenceOnce keeps it: an act is not
// worth a write of its own.
func (b *Bot) hears(w WorkspaceRef) { b.heard.Store(w, b.clock.Now()) }

// keepHeard keeps what hears noted.
func (b *Bot) keepHeard(ctx context.Context) error {
	at := map[WorkspaceRef]time.Time{}
	b.heard.Range(func(w, when any) bool {
		at[w.(WorkspaceRef)] = when.(time.Time)
		return true
	})
	if len(at) == 0 {
		return nil
	}
	if err := b.store.HeardEvents(ctx, at); err != nil {
		return fmt.Errorf("presence: %w", err)
	}
	for w, when := range at {
		b.heard.CompareAndDelete(w, when)
	}
	return nil
}

package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"
)

// Attach makes a workspace known at start or at install, active again when it was
// gone, and answers it as it is kept. What waited for it goes out.
func (b *Bot) Attach(ctx context.Context, w Workspace) (Workspace, error) {
	var kept Workspace
	err := b.store.InTx(ctx, func(tx Tx) error {
		before, err := tx.Workspace(ctx, w.Ref)
		if err == nil {
			first, err := b.signalled(ctx, tx, before.Board)
			if kept = before; !first || err != nil {
				return err
			}
		} else if !errors.Is(err, ErrNotFound) {
			return err
		}
		kept, err = tx.AttachWorkspace(ctx, w, b.clock.Now())
		return err
	})
	if err != nil {
		return kept, fmt.Errorf("attach workspace: %w", err)
	}
	b.log.InfoContext(ctx, "workspace attached", "board", kept.Board, "workspace", kept.ID, "platform", kept.Ref.Platform)
	b.Wake()
	return kept, nil
}

// WorkspaceGone says that Heed was uninstalled or its tokens revoked. The token is
// wiped, the data kept; nothing is sent there until Attach.
func (b *Bot) WorkspaceGone(ctx context.Context, ref WorkspaceRef) error {
	err := b.ofWorkspace(ctx, ref, func(tx Tx) error { return tx.DropWorkspace(ctx, ref, b.clock.Now()) })
	if err != nil {
		return fmt.Errorf("workspace gone: %w", err)
	}
	b.log.WarnContext(ctx, "workspace gone", "platform", ref.Platform)
	return nil
}

// ofWorkspace runs fn, which concerns a workspace itself, unless it is not known or told
// for the second time.
func (b *Bot) ofWorkspace(ctx context.Context, ref WorkspaceRef, fn func(Tx) error) error {
	return b.store.InTx(ctx, func(tx Tx) error {
		w, err := tx.Workspace(ctx, ref)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		first, err := b.signalled(ctx, tx, w.Board)
		if !first || err != nil {
			return err
		}
		return fn(tx)
	})
}

// Gap says that events of a workspace may be missing since then: its reactions are
// read back.
func (b *Bot) Gap(ctx context.Context, ref WorkspaceRef, since time.Time) error {
	if err := b.ofWorkspace(ctx, ref, func(tx Tx) error { return tx.NoteGap(ctx, ref, since) }); err != nil {
		return fmt.Errorf("note gap: %w", err)
	}
	b.Wake()
	return nil
}

// ChannelChange is what the platform said happened to a channel. Zero fields
// were not said.
type ChannelChange struct {
	Ref    string
	Name   string
	Kind   ChannelKind
	Forum  *bool  // what is said there begins a conversation of its own
	Joined *bool  // Heed is in it from now on, or no longer
	State  string // open, archived, deleted
	NewRef string // the platform gave the channel another id
	// Audience is whom a channel that Heed meets here for the first time is for; ""
	// is the platform's default. One that is known keeps its own.
	Audience Audience
	// Saving is who may save what others say in such a channel; "" as its audience has it.
	Saving Saving
}

// ChannelChanged takes over what happened to a channel: renamed, joined, left,
// archived, deleted, or known by another id from now on.
func (b *Bot) ChannelChanged(ctx context.Context, ref WorkspaceRef, change ChannelChange) error {
	return b.signal(ctx, ref, "channel changed", func(tx Tx, w Workspace) error {
		before, err := tx.Channel(ctx, w.Board, w.ID, change.Ref)
		if errors.Is(err, ErrNotFound) {
			if change.Joined == nil || change.State == "deleted" {
				return nil // a channel that Heed has nothing to do with
			}
			before, err = tx.MeetChannel(ctx, w.Board, w.ID, ChannelSeen{Ref: change.Ref, Name: change.Name, Kind: change.Kind, Forum: change.Forum},
				cmp.Or(change.Audience, channelAudience(w.Ref.Platform)))
			if err == nil && change.Saving != "" {
				before.Saving = change.Saving
				err = tx.SaveChannel(ctx, before)
			}
		}
		if err != nil {
			return err
		}
		if first, err := b.signalled(ctx, tx, w.Board); !first || err != nil {
			return err
		}
		after, err := tx.ChangeChannel(ctx, w.Board, w.ID, change, b.clock.Now())
		if err != nil {
			return err
		}
		if after.Joined != before.Joined && after.State == "open" {
			return tx.TouchChannel(ctx, after, b.clock.Now()) // cards say whether reactions arrive
		}
		return nil
	})
}

// MemberChanged takes over what the platform says of an account: renamed, left,
// became an admin or a guest. Unknown accounts are none of Heed's business.
func (b *Bot) MemberChanged(ctx context.Context, ref WorkspaceRef, seen MemberSeen) error {
	return b.signal(ctx, ref, "member changed", func(tx Tx, w Workspace) error {
		return b.changeMember(ctx, tx, w, seen)
	})
}

// changeMember keeps what was said of a known account. The votes of one that turns
// out to be a bot leave the counts; a new name goes to the cards that show it.
func (b *Bot) changeMember(ctx context.Context, tx Tx, w Workspace, seen MemberSeen) error {
	now := b.clock.Now()
	_, err := tx.MemberByAccount(ctx, w.Board, w.ID, seen.Account)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if first, err := b.signalled(ctx, tx, w.Board); !first || err != nil {
		return err
	}
	before, after, err := tx.ChangeMember(ctx, w.Board, w.ID, seen, memberAudience(w.Ref.Platform, seen), now)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err == nil && after.Bot != before.Bot {
		err = tx.RecountMember(ctx, w.Board, after.ID, now)
	}
	if err == nil && after.Name != before.Name {
		err = tx.TouchAuthored(ctx, w.Board, after.ID, now)
	}
	return err
}

// MessageGone says that a message was deleted on the platform: a card of Heed's, or
// a captured message. Nothing is posted in its place until somebody asks.
func (b *Bot) MessageGone(ctx context.Context, ref WorkspaceRef, channel, message string) error {
	if channel == "" || message == "" {
		return nil
	}
	return b.signal(ctx, ref, "message gone", func(tx Tx, w Workspace) error {
		return tx.DropMessage(ctx, w.Board, w.ID, channel, message, b.clock.Now())
	})
}

// signal runs fn for a known workspace in one transaction; one that is not known is
// somebody else's.
func (b *Bot) signal(ctx context.Context, ref WorkspaceRef, what string, fn func(Tx, Workspace) error) error {
	b.hears(ref)
	err := ErrMoved
	for try := 0; errors.Is(err, ErrMoved) && try < mostMoves; try++ {
		err = b.store.InTx(ctx, func(tx Tx) error {
			w, err := tx.Workspace(ctx, ref)
			if errors.Is(err, ErrNotFound) {
				return nil
			}
			if err != nil {
				return err
			}
			err = tx.HoldWorkspace(ctx, w.Board, w.ID)
			if errors.Is(err, ErrNotFound) { // it changes boards this very moment
				return ErrMoved
			}
			if err != nil {
				return err
			}
			return fn(tx, w)
		})
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	b.Wake()
	return nil
}

package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// lookupPatience bounds the one question to the platform that an answer may wait
// for: who somebody is whose rights decide it.
const lookupPatience = 1200 * time.Millisecond

// meet makes the workspace, channel and member of a call known.
func (b *Bot) meet(ctx context.Context, call Call) (caller, error) {
	c := caller{Call: call, Timed: !call.At.IsZero()}
	if c.At.IsZero() {
		c.At = b.clock.Now()
	}
	spoke := c.At // of the act itself: the same request again is no later word
	if !c.Timed && !c.Sent.IsZero() {
		spoke = c.Sent
	}
	if now := b.clock.Now(); spoke.After(now) {
		spoke = now
	}
	b.hears(call.Workspace)
	err := b.store.InTx(ctx, func(tx Tx) error {
		var err error
		if c.Workspace, err = tx.Workspace(ctx, call.Workspace); errors.Is(err, ErrNotFound) {
			return ErrUnattached
		}
		if err != nil {
			return fmt.Errorf("workspace of a call: %w", err)
		}
		c.Member, err = tx.MeetMember(ctx, c.Workspace.Board, c.Workspace.ID, call.Member, memberAudience(call.Workspace.Platform, call.Member), spoke)
		if err != nil {
			return fmt.Errorf("member of a call: %w", err)
		}
		if call.Channel.Ref != "" {
			c.Channel, err = tx.MeetChannel(ctx, c.Workspace.Board, c.Workspace.ID, call.Channel, channelAudience(call.Workspace.Platform))
			if err != nil {
				return fmt.Errorf("channel of a call: %w", err)
			}
		}
		c.Roles, err = tx.RolesOf(ctx, c.Workspace.Board, c.Member.Person)
		return err
	})
	if err != nil || c.Member.LookedUp {
		return c, err
	}
	return c, b.lookUp(ctx, &c)
}

// lookUp asks the platform who the caller is, within the time an answer has. A
// platform that does not answer leaves them as they were: without rights.
func (b *Bot) lookUp(ctx context.Context, c *caller) error {
	m, ok := b.messengers[c.Call.Workspace.Platform]
	if !ok {
		return nil
	}
	asking, cancel := context.WithTimeout(ctx, lookupPatience)
	defer cancel()
	seen, err := m.Member(asking, c.Workspace, c.Member.Account)
	c.Untold = b.heardWho(c.Workspace.Ref, err)
	if err != nil {
		b.log.InfoContext(ctx, "member not looked up", "board", c.Workspace.Board, "member", c.Member.ID, "fault", FaultOf(err).Reason)
		return nil
	}
	return b.store.InTx(ctx, func(tx Tx) error {
		c.Member, err = tx.MeetMember(ctx, c.Workspace.Board, c.Workspace.ID, seen, memberAudience(c.Workspace.Ref.Platform, seen), b.clock.Now())
		if err == nil {
			c.Roles, err = tx.RolesOf(ctx, c.Workspace.Board, c.Member.Person)
		}
		return err
	})
}

// heardWho takes in how a platform answered who somebody is, and reports whether it says
// so of nobody: the scope was not granted, or it has no such call. People count then
// as what the platform's people usually are, for want of anybody who knows better.
func (b *Bot) heardWho(w WorkspaceRef, err error) (untold bool) {
	switch fault := FaultOf(err); {
	case err == nil:
		b.untold.Delete(w)
	case fault.Ungranted:
		b.untold.Store(w, true)
	}
	_, untold = b.untold.Load(w)
	return untold
}

// memberAudience is what a platform's account may read by default: a company's
// own Slack is the team, its guests and everyone elsewhere the community.
func memberAudience(p Platform, m MemberSeen) Audience {
	if p == Discord || m.Guest {
		return Community
	}
	return Team
}

// channelAudience is what a new channel is for until somebody says otherwise.
func channelAudience(p Platform) Audience {
	if p == Discord {
		return Community
	}
	return Team
}

// audience is what the caller may read: what their account may, and everything
// for those who hold a role. Whom the platform has not named yet may be a guest.
func (c caller) audience() Audience {
	if len(c.Roles) > 0 {
		return Team
	}
	if !c.known() {
		return Community
	}
	return c.Member.Audience
}

// known tells whether it is known what the caller's account may read, or as much of it
// as there is to know.
func (c caller) known() bool { return c.Member.LookedUp || c.Untold }

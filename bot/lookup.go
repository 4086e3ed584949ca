package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// Slack lets an app ask for a hundred people a minute and workspace
// (docs.slack.dev/reference/methods/users.info): twenty at once and one each 750 ms are
// never more.
const (
	lookupMost  = 20 // of one workspace in a look
	lookupPace  = 750 * time.Millisecond
	lookupLimit = 200 // in a look
	lookupPause = 5 * time.Second
)

// RunLookups asks the platforms who new members are, until ctx ends.
func (b *Bot) RunLookups(ctx context.Context) error {
	return b.loop(ctx, beat{name: "lookups", least: time.Second}, b.LookupsOnce, func(did int, err error, failures int) time.Duration {
		switch {
		case err != nil:
			return troublePause(failures)
		case did > 0:
			return time.Second
		}
		return lookupPause
	})
}

// LookupsOnce looks up members whom nobody has looked up, and answers how many it
// learned about. The votes of those who turn out to be bots are taken out of the
// counts. A workspace that limits or refuses is not asked again this time.
func (b *Bot) LookupsOnce(ctx context.Context) (int, error) {
	unknown, err := b.store.UnknownMembers(ctx, b.platforms(), lookupMost, lookupLimit)
	if err != nil {
		return 0, fmt.Errorf("unknown members: %w", err)
	}
	did := 0
	refused := map[WorkspaceID]error{}
	for _, u := range unknown {
		if refused[u.Workspace.ID] != nil || !b.mayLookUp(u.Workspace.Ref) {
			continue
		}
		if err := b.learn(ctx, u); err != nil {
			refused[u.Workspace.ID] = err
			continue
		}
		did++
	}
	if did > 0 {
		b.Wake()
	}
	return did, errors.Join(slices.Collect(maps.Values(refused))...)
}

// asked is how often each workspace's platform may still be asked who somebody is.
type asked struct {
	sync.Mutex
	buckets
}

// mayLookUp takes one of the questions that a workspace's platform allows for; false when
// there is none at the moment.
func (b *Bot) mayLookUp(w WorkspaceRef) bool {
	b.asked.Lock()
	defer b.asked.Unlock()
	left := b.asked.of(string(w.Platform)+" "+w.Ref, time.Now()) // as the platform counts, whatever time it is for Heed
	if left.left <= 0 {
		return false
	}
	left.left--
	return true
}

// learn asks who one member is, and keeps it.
func (b *Bot) learn(ctx context.Context, u Unknown) error {
	seen, err := b.askWho(ctx, u)
	b.heardWho(u.Workspace.Ref, err)
	if err != nil {
		return fmt.Errorf("look up member %d: %w", u.Member.ID, err)
	}
	err = b.store.InTx(ctx, func(tx Tx) error {
		if err := b.changeMember(ctx, tx, u.Workspace, seen); err != nil {
			return err
		}
		return b.tellFirstVote(ctx, tx, u, seen)
	})
	if err != nil {
		return fmt.Errorf("keep member %d: %w", u.Member.ID, err)
	}
	return nil
}

// tellFirstVote has somebody told whom Heed knows only by a reaction: that it counts, and
// how to hear nothing of it. Who voted by button or command was answered there. Only
// where direct messages need no asking for: not on Discord.
func (b *Bot) tellFirstVote(ctx context.Context, tx Tx, u Unknown, seen MemberSeen) error {
	if u.Workspace.Ref.Platform != Slack || seen.Bot || seen.Gone {
		return nil
	}
	items, _, err := tx.VotedFor(ctx, u.Member.Board, memberAudience(Slack, seen), u.Member.Person, Page{1, 0})
	if err != nil {
		return fmt.Errorf("first vote: %w", err)
	}
	if len(items) == 0 {
		return nil
	}
	now := b.clock.Now()
	return tx.Notify(ctx, u.Member.Board, []Notice{{Person: u.Member.Person, Item: items[0].ID, Kind: newsFirstVote, ByVote: true, Due: now}}, now)
}

// askWho is what the platform knows of an account; one that it does not know is
// somebody who left.
func (b *Bot) askWho(ctx context.Context, u Unknown) (MemberSeen, error) {
	asking, cancel := context.WithTimeout(ctx, sendPatience)
	defer cancel()
	seen, err := b.messengers[u.Workspace.Ref.Platform].Member(asking, u.Workspace, u.Member.Account)
	if err != nil && FaultOf(err).Kind == FaultGone {
		return MemberSeen{Account: u.Member.Account, Gone: true, Guest: u.Member.Audience == Community, Complete: true}, nil
	}
	seen.Account, seen.Complete = u.Member.Account, true
	return seen, err
}

// platforms are those that this process can ask, in order.
func (b *Bot) platforms() []Platform {
	out := make([]Platform, 0, len(b.messengers))
	for p := range b.messengers {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

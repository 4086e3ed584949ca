package bot

import (
	"context"
	"fmt"
	"time"
)

// recipientsAtOnce is how many people one step of the notices' loop decides on: their
// rows are locked meanwhile.
const recipientsAtOnce = 100

// RunNotices batches news for people until ctx ends.
func (b *Bot) RunNotices(ctx context.Context) error {
	return b.loop(ctx, beat{name: "notices", least: time.Second}, b.NoticesOnce, func(did int, err error, failures int) time.Duration {
		if err == nil && did > 0 {
			return 0
		}
		return b.everyMinute(did, err, failures)
	})
}

// NoticesOnce decides for people who have news due: a batch of them now, or later, or
// none. It answers how many people it decided on.
func (b *Bot) NoticesOnce(ctx context.Context) (int, error) {
	did, wanted := 0, false
	err := b.store.InTx(ctx, func(tx Tx) error {
		now := b.clock.Now()
		rs, err := tx.Recipients(ctx, now, recipientsAtOnce)
		if err != nil {
			return fmt.Errorf("recipients: %w", err)
		}
		did, wanted = len(rs), false
		for _, r := range rs {
			batched, err := b.tellOne(ctx, tx, r, now)
			if err != nil {
				return err
			}
			wanted = wanted || batched
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	if wanted {
		b.Wake()
	}
	return did, nil
}

// tellOne does what is decided for one locked person.
func (b *Bot) tellOne(ctx context.Context, tx Tx, r Recipient, now time.Time) (batched bool, err error) {
	decision, until := decideNews(r, now)
	switch decision {
	case newsLet:
		return false, tx.LetNoticesGo(ctx, r.Board, r.Person, noticeIDs(r.Due), now)
	case newsWait:
		return false, tx.PostponeNotices(ctx, r.Board, r.Person, now, until)
	case newsNone:
		return false, nil
	}
	roles, err := tx.RolesOf(ctx, r.Board, r.Person)
	if err != nil {
		return false, fmt.Errorf("roles of a recipient: %w", err)
	}
	to, take, never := accountFor(r, len(roles) > 0)
	if len(never) > 0 {
		if err := tx.LetNoticesGo(ctx, r.Board, r.Person, noticeIDs(never), now); err != nil {
			return false, err
		}
	}
	if len(take) == 0 {
		return false, nil
	}
	post, err := tx.WantPost(ctx, r.Board, Want{
		Key:  fmt.Sprintf("direct:%d:%d:%s", r.Person, to.ID, now.UTC().Format("2006-01-02T15:04:05")),
		Kind: PostDirect, Workspace: to.Workspace, Account: to.Account, Due: now,
	})
	if err != nil {
		return false, fmt.Errorf("want a batch of news: %w", err)
	}
	_, err = tx.TakeNotices(ctx, r.Board, r.Person, noticeIDs(take), post, now)
	return true, err
}

// accountFor chooses the one account that a person's batch goes to: where they spoke
// last, of those that may take all of it, else of those that may take some. What none of
// them may ever take is never told. decides: they hold a role, so that they read what
// the team reads wherever they are.
func accountFor(r Recipient, decides bool) (to Account, take, never []DueNotice) {
	taken := map[int64]bool{}
	for _, a := range r.Accounts {
		var some []DueNotice
		for _, n := range r.Due {
			if a.takes(n, decides) {
				some = append(some, n)
				taken[n.ID] = true
			}
		}
		if len(some) > 0 && (len(take) == 0 || len(some) == len(r.Due) && len(take) < len(r.Due)) {
			to, take = a, some
		}
	}
	for _, n := range r.Due {
		if !taken[n.ID] {
			never = append(never, n)
		}
	}
	return to, take, never
}

// takes tells whether a notice may be written to an account: on Discord none for a vote
// alone, as its rules want direct messages to follow a person's act; and what is the
// team's to no account of the community's.
func (a Account) takes(n DueNotice, decides bool) bool {
	return !(n.ByVote && a.Platform == Discord) && (!n.Team || decides || a.Audience == Team)
}

func noticeIDs(ns []DueNotice) []int64 {
	out := make([]int64, len(ns))
	for i, n := range ns {
		out[i] = n.ID
	}
	return out
}

// newsDecision is what becomes of a person's news.
type newsDecision int

const (
	newsSend newsDecision = iota // one batch, now
	newsWait                     // by night, or they had a batch today
	newsLet                      // they want none, or nothing reaches them
	newsNone                     // another replica was first
)

// decideNews decides on a person's news that are due, and until when they wait.
func decideNews(r Recipient, now time.Time) (newsDecision, time.Time) {
	switch {
	case len(r.Due) == 0:
		return newsNone, time.Time{}
	case r.Muted || len(r.Accounts) == 0:
		return newsLet, time.Time{}
	}
	if at := NextSendable(now, ZoneOf(r.Zone, r.Fallback), r.LastSent); at.After(now) {
		return newsWait, at
	}
	return newsSend, now
}

// stopNotes and startNotes are [Stop these notes] and its way back, and the commands,
// which may also name one item.
func (b *Bot) stopNotes(ctx context.Context, c caller, cmd Command) (Reply, error) {
	if cmd.Item != 0 {
		return b.follow(ctx, c, cmd.Item, false)
	}
	err := b.store.InTx(ctx, func(tx Tx) error { return tx.Mute(ctx, c.Workspace.Board, c.Member.ID, true, b.clock.Now()) })
	if err != nil {
		return nil, fmt.Errorf("mute: %w", err)
	}
	return Sayf("I won't write to you any more. Your requests and votes stay as they are, and `/heed mine` shows where they stand.").
		With(Buttons{{Label: "Start notes again", Action: "start"}}), nil
}

func (b *Bot) startNotes(ctx context.Context, c caller, cmd Command) (Reply, error) {
	if cmd.Item != 0 {
		return b.follow(ctx, c, cmd.Item, true)
	}
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := tx.Mute(ctx, c.Workspace.Board, c.Member.ID, false, b.clock.Now()); err != nil {
			return fmt.Errorf("unmute: %w", err)
		}
		return tx.OpenDirect(ctx, c.Workspace.Board, c.Member.ID)
	})
	if err != nil {
		return nil, fmt.Errorf("start notes: %w", err)
	}
	return Sayf("I'll write to you again when something you asked for ships or is declined: once a day at most, and never at night.").
		With(Buttons{{Label: "Stop these notes", Action: "stop"}}), nil
}

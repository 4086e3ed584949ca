package adaptertest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"heed/bot"
)

// Stage stands between an adapter and the core: it takes the database away and
// brings it back, and lays out a reply in the core's place. Chats give it to their
// adapter as the core, and its Store to the core. Safe for concurrent use.
type Stage struct {
	*bot.Bot // set before anything is heard

	mu   sync.Mutex
	away bool
	next []bot.Reply
	sent []bot.Submission
}

// errAway is what a database that is away answers.
var errAway = errors.New("the database is away")

// Away takes the database away, or brings it back.
func (s *Stage) Away(away bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.away = away
}

// Next lays out the reply to the next command, press or form in the core's place.
func (s *Stage) Next(r bot.Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next = append(s.next, r)
}

// Heard are the forms that came to the core, in order.
func (s *Stage) Heard() []bot.Submission {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sent)
}

func (s *Stage) gone() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away {
		return errAway
	}
	return nil
}

func (s *Stage) laid() (bot.Reply, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.next) == 0 {
		return nil, false
	}
	r := s.next[0]
	s.next = s.next[1:]
	return r, true
}

// Command is the core's, or what was laid out.
func (s *Stage) Command(ctx context.Context, c bot.Call, name, text string) (bot.Reply, error) {
	if r, ok := s.laid(); ok {
		return r, nil
	}
	return s.Bot.Command(ctx, c, name, text)
}

// CommandWith is the core's, or what was laid out.
func (s *Stage) CommandWith(ctx context.Context, c bot.Call, verb bot.Verb, values map[string]string) (bot.Reply, error) {
	if r, ok := s.laid(); ok {
		return r, nil
	}
	return s.Bot.CommandWith(ctx, c, verb, values)
}

// Press is the core's, or what was laid out.
func (s *Stage) Press(ctx context.Context, c bot.Call, a bot.Action) (bot.Reply, error) {
	if r, ok := s.laid(); ok {
		return r, nil
	}
	return s.Bot.Press(ctx, c, a)
}

// Submit is the core's, or what was laid out.
func (s *Stage) Submit(ctx context.Context, c bot.Call, f bot.Submission) (bot.Reply, error) {
	s.mu.Lock()
	s.sent = append(s.sent, f)
	s.mu.Unlock()
	if r, ok := s.laid(); ok {
		return r, nil
	}
	return s.Bot.Submit(ctx, c, f)
}

// Store is st, which the stage takes away.
func (s *Stage) Store(st bot.Store) bot.Store { return outage{st, s} }

// outage is a store that may be away. What people do goes through these methods.
type outage struct {
	bot.Store
	stage *Stage
}

func (o outage) InTx(ctx context.Context, fn func(bot.Tx) error) error {
	if err := o.stage.gone(); err != nil {
		return err
	}
	return o.Store.InTx(ctx, fn)
}

func (o outage) CastVotes(ctx context.Context, now time.Time, ballots []bot.Ballot) ([]bot.Cast, error) {
	if err := o.stage.gone(); err != nil {
		return nil, err
	}
	return o.Store.CastVotes(ctx, now, ballots)
}

func (o outage) Workspace(ctx context.Context, ref bot.WorkspaceRef) (bot.Workspace, error) {
	if err := o.stage.gone(); err != nil {
		return bot.Workspace{}, err
	}
	return o.Store.Workspace(ctx, ref)
}

func (o outage) KeepDraft(ctx context.Context, d bot.Draft, until time.Time) error {
	if err := o.stage.gone(); err != nil {
		return err
	}
	return o.Store.KeepDraft(ctx, d, until)
}

func (o outage) DraftOf(ctx context.Context, p bot.Platform, account, key string, now time.Time) (bot.Draft, error) {
	if err := o.stage.gone(); err != nil {
		return bot.Draft{}, err
	}
	return o.Store.DraftOf(ctx, p, account, key, now)
}

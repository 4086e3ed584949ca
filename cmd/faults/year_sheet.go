package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"heed/bot"
)

// sheet is a platform that keeps what it is sent and has no limits. Safe for concurrent use.
type sheet struct {
	mu   sync.Mutex
	n    int
	keys map[string]bot.Sent // by channel and key
	in   map[string]int
}

var (
	_ bot.Messenger = (*sheet)(nil)
	_ bot.Finder    = (*sheet)(nil)
	_ bot.Pacer     = (*sheet)(nil)
)

func newSheet() *sheet { return &sheet{keys: map[string]bot.Sent{}, in: map[string]int{}} }

// shown is how many messages stand in a channel.
func (s *sheet) shown(channel string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.in[channel]
}

func (s *sheet) Pace() bot.Pace { return bot.Pace{Burst: 1} }

func (s *sheet) Post(_ context.Context, to bot.Destination, key string, _ bot.Content) (bot.Sent, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	s.in[to.Channel]++
	sent := bot.Sent{Channel: to.Channel, Message: fmt.Sprint("m", s.n)}
	s.keys[to.Channel+" "+key] = sent
	return sent, nil
}

func (s *sheet) Find(_ context.Context, to bot.Destination, key string, _ time.Time) (bot.Sent, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sent, ok := s.keys[to.Channel+" "+key]
	return sent, ok, nil
}

func (s *sheet) Update(context.Context, bot.Destination, string, bot.Content) error { return nil }

func (s *sheet) Delete(context.Context, bot.Destination, string) error { return nil }

func (s *sheet) Mark(context.Context, bot.Destination, string, string) error { return nil }

func (s *sheet) Member(_ context.Context, _ bot.Workspace, account string) (bot.MemberSeen, error) {
	return bot.MemberSeen{Account: account, Name: account, Complete: true}, nil
}

func (s *sheet) Channel(_ context.Context, _ bot.Workspace, channel string) (bot.ChannelSeen, error) {
	return bot.ChannelSeen{Ref: channel, Name: channel, Kind: bot.PublicChannel}, nil
}

func (s *sheet) Join(context.Context, bot.Workspace, string) error { return nil }

func (s *sheet) Reactions(context.Context, bot.Workspace, string, string) ([]bot.Reacted, error) {
	return nil, nil
}

func (s *sheet) Permalink(context.Context, bot.Workspace, string, string) (string, error) {
	return "", nil
}

package playground

import (
	"context"
	"errors"
	"fmt"

	"heed/bot"
)

// errNotStarted is that the playground has no core yet.
var errNotStarted = errors.New("the playground was not started")

// SayAs puts words of an account into a channel, as talk between people, and returns
// the message's ref. Heed does not hear of it.
func (a *Adapter) SayAs(ctx context.Context, account, channel, words string) (string, error) {
	return a.reply(ctx, account, channel, "", words)
}

func (a *Adapter) reply(ctx context.Context, account, channel, thread, words string) (string, error) {
	if _, ok := a.person(account); !ok {
		return "", fmt.Errorf("speak as %s: %w", account, bot.ErrNotFound)
	}
	if _, ok := a.chat.room(channel); !ok {
		return "", fmt.Errorf("speak in %s: %w", channel, bot.ErrNotFound)
	}
	m, err := a.chat.add(ctx, message{Channel: channel, Thread: thread, Author: account, At: a.times.now(), Words: words})
	return m.Ref, err
}

// ReactAs puts an account's emoji on a message and tells the core, as a click would.
func (a *Adapter) ReactAs(ctx context.Context, account, message, emoji string) error {
	core := a.started()
	if core == nil {
		return errNotStarted
	}
	p, ok := a.person(account)
	if !ok {
		return fmt.Errorf("react as %s: %w", account, bot.ErrNotFound)
	}
	if _, ok := emojiChar(emoji); !ok {
		return fmt.Errorf("react with %s: %w", emoji, bot.ErrNotFound)
	}
	_, err := a.react(ctx, core, p, message, emoji, true)
	return err
}

// Call is an act of an account in a channel, for a program that acts through the core
// as the account would: to ask, to vote, to give a role.
func (a *Adapter) Call(account, channel, key string) (bot.Call, error) {
	p, ok := a.person(account)
	if !ok {
		return bot.Call{}, fmt.Errorf("act as %s: %w", account, bot.ErrNotFound)
	}
	return a.call(place{Key: key, As: account, Channel: channel}, p), nil
}

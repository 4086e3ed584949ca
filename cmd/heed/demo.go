package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"heed/bot"
)

// demo runs Heed with the playground and a board that has a life behind it, in a
// data folder of its own.
func (p program) demo(ctx context.Context, args []string) error {
	if err := p.parse(p.flags("demo", "demo"), args); err != nil {
		return err
	}
	environ := append([]string{"HEED_LOG_LEVEL=warn"}, p.environ...) // unless asked for, the log would bury the invitation
	c, err := readConfig(append(environ, "HEED_PLAYGROUND=on"))
	if err != nil {
		return err
	}
	if c.chatOn() {
		fmt.Fprintln(p.err, "heed: demo is for trying Heed alone; unset SLACK_ and DISCORD_ variables, or run heed serve.")
		return errUse
	}
	c.DataDir, c.toy = filepath.Join(c.DataDir, "demo"), true
	s, err := newSystem(ctx, c, newLog(c, p.err), p.clock, p.patience, true)
	if err != nil {
		return err
	}
	defer s.close()
	return s.run(ctx, func(ctx context.Context) error {
		if err := s.fill(ctx); err != nil {
			return fmt.Errorf("fill the demo's board: %w", err)
		}
		fmt.Fprintf(p.out, `
  Heed is up:  %s

  You are Rui, a customer in #support, and a command is typed for you: press Enter.
  The hints above the message box take you through a week in a minute. Nothing leaves this machine.
  Ctrl-C stops it; the board is kept for next time.

`, s.url())
		return nil
	})
}

// fill gives an empty board its past. One whose filling was cut short is filled anew: its
// clock stands in the past, where people can't put it.
func (s *system) fill(ctx context.Context) error {
	lived, err := s.store.AnyItem(ctx)
	if err != nil {
		return err
	}
	offset, err := s.store.ClockOffset(ctx)
	switch {
	case err != nil:
		return err
	case offset < 0:
		return s.StartOver(ctx)
	case !lived:
		return s.live(ctx)
	}
	return nil
}

// StartOver brings the demo back to how it was at first.
func (s *system) StartOver(ctx context.Context) error {
	if err := s.store.Wipe(ctx); err != nil {
		return err
	}
	s.moved.set(0)
	if err := s.playground.Start(ctx, s.bot); err != nil {
		return err
	}
	return s.live(ctx)
}

// demoWorkspace is the playground's own.
var demoWorkspace = bot.WorkspaceRef{Platform: bot.Playground, Ref: "acme"}

// demoDays is the length of the demo's past in days.
const demoDays = 84

// at is an instant of the demo's past.
func at(now time.Time, daysAgo, hour, minute int) time.Time {
	d := now.AddDate(0, 0, -daysAgo)
	return time.Date(d.Year(), d.Month(), d.Day(), hour, minute, 0, 0, time.UTC)
}

package main

import (
	"context"
	"fmt"
)

// serve runs Heed until it is told to stop.
func (p program) serve(ctx context.Context, args []string) error {
	if err := p.parse(p.flags("serve", "[serve]"), args); err != nil {
		return err
	}
	c, err := readConfig(p.environ)
	if err != nil {
		return err
	}
	s, err := newSystem(ctx, c, newLog(c, p.err), p.clock, p.patience, false)
	if err != nil {
		return err
	}
	defer s.close()
	return s.run(ctx, func(context.Context) error {
		if c.playgroundOn() {
			fmt.Fprintf(p.out, "Heed is up: %s\n", s.url())
		}
		if !c.chatOn() {
			fmt.Fprintf(p.out, "No chat is connected yet: %s/connect says how to connect Slack or Discord. The page itself is a chat to try Heed in.\n", s.url())
		}
		return nil
	})
}

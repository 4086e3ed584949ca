package main

import (
	"context"
	"fmt"

	"heed/adapters/slack"
)

// slack is `heed slack manifest`: the app manifest, to paste into Slack.
func (p program) slack(_ context.Context, args []string) error {
	fs := p.flags("slack manifest", "slack manifest [--prefix acme-] [--socket] [--history]")
	var m slack.Manifest
	fs.StringVar(&m.Prefix, "prefix", "", "put this before each command's name, where another app has the same")
	fs.BoolVar(&m.Socket, "socket", false, "Socket Mode: no public address needed")
	fs.BoolVar(&m.History, "history", false, "also ask to read channels, so that a crash never posts twice")
	if len(args) > 0 && args[0] == "manifest" {
		args = args[1:]
	} else if len(args) == 0 || args[0][0] != '-' {
		fs.Usage()
		return errUse
	}
	if err := p.parse(fs, args); err != nil {
		return err
	}
	c, err := readConfig(p.environ)
	if err != nil {
		return err
	}
	m.PublicURL = c.PublicURL
	if m.PublicURL == "" && !m.Socket {
		fmt.Fprintln(p.err, "heed: set HEED_PUBLIC_URL to the address where Slack reaches Heed, or use --socket, which needs none.")
		return errUse
	}
	manifest, err := m.JSON()
	if err != nil {
		return err
	}
	fmt.Fprintln(p.out, string(manifest))
	return nil
}

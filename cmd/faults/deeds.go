package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"heed/adapters/slack/slackfake"
)

// newSteps is a world of one workspace and one Heed, which sees its database and its
// platform through proxies that count.
func newSteps(ctx context.Context, bin string) (*world, *stepper, error) {
	s := newStepper()
	w, err := newWorld(ctx, plan{
		Replicas: 1, Workspaces: 1, Members: 6, Bin: bin, Patient: true, Env: []string{"HEED_UNDO=50ms"},
		Retries: []time.Duration{0, 300 * time.Millisecond, time.Second},
		DSN: func(p *server) string {
			return dsnAt(s.through(ctx, net.JoinHostPort("127.0.0.1", strconv.Itoa(p.port))), heedRole, heedRole)
		},
		API: func(url string) string {
			host := strings.TrimSuffix(strings.TrimPrefix(url, "http://"), "/api/")
			return "http://" + s.through(ctx, host) + "/api/"
		},
	})
	if err = errors.Join(err, s.failed); err != nil {
		return nil, nil, err
	}
	s.at, s.r, w.wellKept = w, w.replicas[0], true
	w.front.patience = 2 * time.Second
	if err := w.seed(ctx, w.newLoad(1), 3); err != nil {
		w.close()
		return nil, nil, err
	}
	return w, s, nil
}

// deeds are acts of each kind. Random words come from one load.
func deeds(w *world) []deed {
	l := w.newLoad(1000)
	t := w.teams[0]
	turn := 0
	who := func() *slackfake.User { turn++; return t.members[turn%len(t.members)] }
	card := func(n int) slackfake.Message { return w.cards(t)[n] }
	// asking asks for something and waits for its card.
	asking := func(ctx context.Context) error {
		before := len(w.cards(t))
		if err := w.lapse(ctx); err != nil {
			return err
		}
		if err := who().Slash(t.support, "/feedback", l.wish()); err != nil {
			return err
		}
		if err := w.lapse(ctx); err != nil {
			return err
		}
		return w.slack.WaitFor(ctx, func() bool { return len(w.cards(t)) > before })
	}
	// shipping asks for something, has it voted for, and opens the form to ship it.
	shipping := func(ctx context.Context) error {
		before := len(w.cards(t))
		if err := asking(ctx); err != nil {
			return err
		}
		if err := who().React(card(before), "+1"); err != nil {
			return err
		}
		if err := t.ben.Slash(t.inside, "/ship", strconv.Itoa(cardNumber(card(before).String()))); err != nil {
			return err
		}
		if !l.form(t.ben) {
			return errors.New("no form to ship")
		}
		return nil
	}
	ship := func() error {
		_, err := t.ben.SubmitView(w.view(t.ben), map[string]any{"how": fmt.Sprintf("how%06d", w.serial.Add(1))})
		return err
	}
	var saver *slackfake.User
	return []deed{
		{name: "a reaction", do: func() error {
			u := who()
			if u.React(card(0), "+1") == nil {
				return nil
			}
			return u.Unreact(card(0), "+1")
		}},
		{name: "a press", do: func() error { return who().PressLabel(card(1), "👍 Vote") }},
		{name: "a command with words", do: func() error { return who().Slash(t.support, "/feedback", l.wish()) }},
		{name: "words in a direct message", do: func() error {
			u := who()
			_, err := u.Say(u.DM(), l.wish())
			return err
		}},
		{name: "a message that is saved", before: func(context.Context) error {
			saver = who()
			said, err := who().Say(t.support, l.wish())
			if err != nil {
				return err
			}
			if err := saver.MessageShortcut(said, "save"); err != nil {
				return err
			}
			if !l.form(saver) {
				return errors.New("no form to save")
			}
			return nil
		}, do: func() error {
			_, err := saver.SubmitView(w.view(saver), nil)
			return err
		}},
		{name: "a status", do: func() error {
			turn++
			return t.ana.Slash(t.inside, "/heed", fmt.Sprintf("status 1 %s", []string{"planned", "started"}[turn%2]))
		}},
		{name: "a title", do: func() error {
			return t.ana.Slash(t.inside, "/heed", "retitle 2 "+strings.TrimSuffix(strings.SplitN(l.wish(), ".", 2)[0], "."))
		}},
		{name: "a ship", before: shipping, do: ship},
		{name: "the news of a ship", before: func(ctx context.Context) error {
			if err := errors.Join(shipping(ctx), ship()); err != nil {
				return err
			}
			w.replicas[0].kill()
			return errors.Join(w.lapse(ctx), w.server.admin(ctx, heedRole, "update notices set due_at = now() where post_id is null"))
		}},
		{name: "words that waited", before: func(ctx context.Context) error {
			_, title, _ := strings.Cut(firstLine(card(1).String()), " ")
			title, _, _ = strings.Cut(title, "*")
			if err := who().Slash(t.support, "/feedback", fmt.Sprintf("%s tok%06d", title, w.serial.Add(1))); err != nil {
				return err
			}
			w.replicas[0].kill()
			return w.server.admin(ctx, heedRole, "update held set until_at = now() where settled_at is null")
		}},
		{name: "a digest", before: func(ctx context.Context) error {
			if err := asking(ctx); err != nil { // else there is nothing to tell
				return err
			}
			w.replicas[0].kill()
			return w.due.make(ctx, w.db)
		}},
	}
}

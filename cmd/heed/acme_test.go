package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"heed/adapters/slack/slackfake"
	"heed/store/storetest"
)

// tuesday is when the stories begin: a working day in Berlin, where Acme is.
var tuesday = time.Date(2026, 11, 17, 10, 0, 0, 0, time.UTC)

// acme is a company on Slack, and the Postgres that its Heed has.
type acme struct {
	*testing.T
	clock *movedClock // of Slack, and of a heed in this process
	slack *slackfake.Server
	team  *slackfake.Team
	db    *sqlx.DB
	env   []string // a heed's whole configuration
	child *running // the heed that runs as a program of its own, if one does

	rui, mira, lena, omar          *slackfake.User // who ask and vote
	ana, ben, zoe                  *slackfake.User // PM, PO, admin
	support, requests, inside, all *slackfake.Channel
}

// newAcme is Acme with the app installed, over HTTP or else Socket Mode. No heed runs.
func newAcme(t *testing.T, socket bool) *acme {
	t.Helper()
	dsn := storetest.DSN(t)
	a := &acme{T: t, db: storetest.Open(t, dsn), clock: newMovedClock(time.Until(tuesday), nil)}
	a.slack = slackfake.New(slackfake.Config{Clock: a.clock, AckTimeout: chatPatience})
	t.Cleanup(a.slack.Close)
	a.team = a.slack.AddTeam("acme")
	token := a.team.Install(append(slices.Clone(slackfake.DefaultScopes), "channels:history")...)
	for name, u := range map[string]**slackfake.User{
		"rui": &a.rui, "mira": &a.mira, "lena": &a.lena, "omar": &a.omar, "ana": &a.ana, "ben": &a.ben, "zoe": &a.zoe,
	} {
		*u = a.team.AddUser(name)
	}
	a.zoe.WithRole(slackfake.Admin)
	everybody := []*slackfake.User{a.rui, a.mira, a.lena, a.omar, a.ana, a.ben, a.zoe, a.team.Bot()}
	for name, ch := range map[string]**slackfake.Channel{"support": &a.support, "requests": &a.requests, "inside": &a.inside, "all-acme": &a.all} {
		*ch = a.team.AddChannel(name, everybody...)
	}
	a.env = []string{
		"DATABASE_URL=" + dsn, "SLACK_BOT_TOKEN=" + token, "SLACK_API_URL=" + a.slack.APIURL(), "HEED_LISTEN=127.0.0.1:0",
		"HEED_SECRET_KEY=not a real key, for tests only",
	}
	if socket {
		a.env = append(a.env, "SLACK_APP_TOKEN="+a.slack.AppToken())
	} else {
		a.env = append(a.env, "SLACK_SIGNING_SECRET="+a.slack.SigningSecret())
	}
	return a
}

// here starts Acme's heed in this process, on Acme's clock.
func (a *acme) here() *running {
	a.Helper()
	r := serveHere(a.T, program{in: strings.NewReader(""), environ: a.env, clock: a.clock}, "serve")
	a.slack.DeliverTo(r.url)
	return r
}

// apart starts it as a program of its own, on Acme's clock as it is now.
func (a *acme) apart() {
	a.Helper()
	a.child = serveApart(a.T, a.env, time.Until(a.clock.Now()), "serve")
	a.slack.DeliverTo(a.child.url)
}

// setUp is what Zoe and Ana do on the first day: cards live in #requests, what ships is
// announced in #all-acme, the digest comes to #inside on Mondays at nine.
func (a *acme) setUp() {
	a.Helper()
	a.command(a.zoe, a.requests, "/heed channel intake on")
	a.command(a.zoe, a.all, "/heed channel announce on")
	a.command(a.zoe, a.inside, "/heed role @ana pm")
	a.command(a.zoe, a.inside, "/heed role @ben po")
	a.told(a.zoe, "a product owner now")
	a.command(a.ana, a.inside, "/heed digest here")
	a.told(a.ana, "Monday")
}

func (a *acme) ok(err error) {
	a.Helper()
	if err != nil {
		a.Fatal(err)
	}
}

// command types a line in a channel.
func (a *acme) command(who *slackfake.User, in *slackfake.Channel, line string) {
	a.Helper()
	name, text, _ := strings.Cut(line, " ")
	a.ok(who.Slash(in, name, text))
}

// wait waits until something holds in Slack.
func (a *acme) wait(what string, holds func() bool) {
	a.Helper()
	ctx, cancel := context.WithTimeout(a.Context(), patience)
	defer cancel()
	if err := a.slack.WaitFor(ctx, holds); err != nil {
		a.Fatalf("waited in vain for %s\n%s", what, a.picture())
	}
}

// told waits for a private answer to a person that holds words, and is it.
func (a *acme) told(who *slackfake.User, words string) (m slackfake.Message) {
	a.Helper()
	a.wait("an answer to "+who.Name()+": "+words, func() (ok bool) {
		m, ok = a.slack.FindEphemeral(who, words)
		return ok
	})
	return m
}

// form waits for the form that opens before a person.
func (a *acme) form(who *slackfake.User) (v slackfake.View) {
	a.Helper()
	a.wait("a form before "+who.Name(), func() (ok bool) {
		v, ok = a.slack.View(who)
		return ok
	})
	return v
}

// submit fills in the form before a person and sends it.
func (a *acme) submit(who *slackfake.User, values map[string]any) {
	a.Helper()
	got, err := who.SubmitView(a.form(who), values)
	a.ok(err)
	if len(got.Errors) > 0 {
		a.Fatalf("the form says %v", got.Errors)
	}
}

// message waits for Heed's message in a channel that holds all the words, and is it.
func (a *acme) message(in *slackfake.Channel, words ...string) (m slackfake.Message) {
	a.Helper()
	a.wait("a message in #"+in.Name()+": "+strings.Join(words, ", "), func() (ok bool) {
		m, ok = a.slack.Find(in, words[0])
		return ok && holds(m, words)
	})
	return m
}

// shows waits until a message holds all the words, and is it.
func (a *acme) shows(m slackfake.Message, words ...string) slackfake.Message {
	a.Helper()
	a.wait("a message with "+strings.Join(words, ", "), func() (ok bool) {
		m, ok = a.slack.Message(m)
		return ok && holds(m, words)
	})
	return m
}

func holds(m slackfake.Message, words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(m.String(), w) })
}

// replies are those of Heed in a thread that hold words.
func (a *acme) replies(root slackfake.Message, words string) []slackfake.Message {
	return having(a.slack.Thread(root), words)
}

// having are Heed's messages among these that hold words.
func having(all []slackfake.Message, words string) []slackfake.Message {
	return slices.DeleteFunc(all, func(m slackfake.Message) bool { return !m.ByApp || !strings.Contains(m.String(), words) })
}

// once checks that Heed said words exactly once among these messages.
func (a *acme) once(where string, all []slackfake.Message, words string) {
	a.Helper()
	if n := len(having(all, words)); n != 1 {
		a.Errorf("%s: said %d times, want once: %q\n%s", where, n, words, a.picture())
	}
}

// pass lets time pass for Slack and for a heed in this process.
func (a *acme) pass(to time.Time) {
	a.Helper()
	a.clock.set(time.Until(to))
}

// quiet waits until a heed has nothing left to do.
func (a *acme) quiet() {
	a.Helper()
	idle(a.T, a.db, a.clock, a.picture)
}

// picture is what stands in Slack, for a test that fails.
func (a *acme) picture() string {
	var out strings.Builder
	for _, ch := range []*slackfake.Channel{a.support, a.requests, a.inside, a.all} {
		for _, m := range a.slack.Messages(ch) {
			out.WriteString("#" + ch.Name() + ": " + m.String() + "\n")
			for _, r := range a.slack.Thread(m) {
				out.WriteString("    ↳ " + r.String() + "\n")
			}
		}
	}
	for _, u := range []*slackfake.User{a.rui, a.mira, a.lena, a.omar, a.ana, a.ben, a.zoe} {
		for _, m := range append(a.slack.DMs(u), a.slack.Ephemerals(u)...) {
			out.WriteString("to " + u.Name() + ": " + m.String() + "\n")
		}
	}
	for _, d := range a.slack.Deliveries() {
		if !d.OK() {
			fmt.Fprintf(&out, "not acknowledged: %s, attempt %d, status %d, %v\n", d.Type, d.Attempt, d.Status, d.Err)
		}
	}
	return out.String()
}

// now is a message as it stands.
func (a *acme) now(m slackfake.Message) slackfake.Message {
	a.Helper()
	m, ok := a.slack.Message(m)
	if !ok {
		a.Fatal("the message is gone")
	}
	return m
}

// idle waits until a heed has nothing left to do: no post or note is due, nobody is to be
// looked up, and no claim is held.
func idle(t *testing.T, db *sqlx.DB, clock *movedClock, picture func() string) {
	t.Helper()
	every := time.NewTicker(20 * time.Millisecond)
	defer every.Stop()
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		var busy int
		err := db.GetContext(t.Context(), &busy, `
			select (select count(*) from posts where gone_at is null and (due_at <= $1 or due_at = 'infinity' or lease_until > clock_timestamp()))
			     + (select count(*) from notices where post_id is null and dropped_at is null and due_at <= $1)
			     + (select count(*) from members where looked_up_at is null)
			     + (select count(*) from held where settled_at is null and until_at <= $1)
			     + (select count(*) from schedules where next_at <= $1)`, clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		if busy == 0 {
			return
		}
		select {
		case <-every.C:
		case <-late.C:
			t.Fatalf("heed has still %d things to do\n%s", busy, picture())
		}
	}
}

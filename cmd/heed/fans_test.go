package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"heed/adapters/discord/discordfake"
	"heed/store/storetest"
)

// fans is the community of Acme on Discord, and the Postgres that its Heed has.
type fans struct {
	*testing.T
	clock   *movedClock // of Discord, and of a heed in this process
	discord *discordfake.Server
	guild   *discordfake.Guild
	db      *sqlx.DB
	env     []string // a heed's whole configuration
	child   *running // the heed that runs as a program of its own, if one does

	rui, mira, lena, omar         *discordfake.User // who ask and vote
	ana, ben, zoe                 *discordfake.User // PM, PO, admin
	general, requests, mods, news *discordfake.Channel
}

// newFans is the guild with the bot invited. No heed runs.
func newFans(t *testing.T) *fans {
	t.Helper()
	dsn := storetest.DSN(t)
	f := &fans{T: t, db: storetest.Open(t, dsn), clock: newMovedClock(time.Until(tuesday), nil)}
	f.found()
	f.env = append(f.env, "DATABASE_URL="+dsn, "HEED_LISTEN=127.0.0.1:0", "HEED_SECRET_KEY=not a real key, for tests only")
	return f
}

// found makes the guild and its people, on the clock that is set already.
func (f *fans) found() {
	f.Helper()
	f.discord = discordfake.New(discordfake.Config{Clock: f.clock, Unchecked: true, AnswerTimeout: chatPatience})
	f.Cleanup(f.discord.Close)
	f.guild = f.discord.AddGuild("Acme fans")
	for name, u := range map[string]**discordfake.User{
		"rui": &f.rui, "mira": &f.mira, "lena": &f.lena, "omar": &f.omar, "ana": &f.ana, "ben": &f.ben, "zoe": &f.zoe,
	} {
		*u = f.guild.AddUser(name)
	}
	f.guild.AddRole("keepers", discordfake.ManageGuild).Give(f.zoe)
	for name, ch := range map[string]**discordfake.Channel{"general": &f.general, "requests": &f.requests, "news": &f.news} {
		*ch = f.guild.AddChannel(name)
	}
	f.mods = f.guild.AddPrivateChannel("mods", f.ana, f.ben, f.zoe, f.discord.Bot())
	f.env = append(f.env, "DISCORD_TOKEN="+f.discord.Token(), "DISCORD_API_URL="+f.discord.APIURL())
}

// here starts the fans' heed in this process, on their clock, and waits until it hears.
func (f *fans) here() *running {
	f.Helper()
	r := serveHere(f.T, program{in: strings.NewReader(""), environ: f.env, clock: f.clock}, "serve")
	f.heard()
	return r
}

// apart starts it as a program of its own, on the clock as it is now.
func (f *fans) apart() {
	f.Helper()
	f.child = serveApart(f.T, f.env, time.Until(f.clock.Now()), "serve")
	f.heard()
}

// heard waits until a heed hears Discord and Discord knows its commands.
func (f *fans) heard() {
	f.Helper()
	ctx, cancel := context.WithTimeout(f.Context(), patience)
	defer cancel()
	f.ok(f.discord.WaitReady(ctx, 1))
	f.wait("Heed's commands", func() bool { return len(f.discord.Commands(nil)) > 0 })
}

// setUp is what Zoe and Ana do on the first day: cards live in #requests, what ships is
// announced in #news, the moderators' channel is the team's and gets the digest.
func (f *fans) setUp() {
	f.Helper()
	f.line(f.zoe, f.requests, "/heed channel intake on")
	f.line(f.zoe, f.news, "/heed channel announce on")
	f.line(f.zoe, f.mods, "/heed role @ana pm")
	f.line(f.zoe, f.mods, "/heed role @ben po")
	f.told(f.zoe, "a product owner now")
	f.line(f.ana, f.mods, "/heed manage audience audience:team")
	f.line(f.ana, f.mods, "/heed digest what:here zone:Berlin")
	f.told(f.ana, "Monday")
}

func (f *fans) ok(err error) {
	f.Helper()
	if err != nil {
		f.Fatalf("%v\n%s", err, f.picture())
	}
}

// line types a command in a channel.
func (f *fans) line(who *discordfake.User, in *discordfake.Channel, line string) {
	f.Helper()
	f.ok(who.Line(in, line))
}

// wait waits until something holds in Discord.
func (f *fans) wait(what string, holds func() bool) {
	f.Helper()
	ctx, cancel := context.WithTimeout(f.Context(), patience)
	defer cancel()
	if err := f.discord.WaitFor(ctx, holds); err != nil {
		f.Fatalf("waited in vain for %s\n%s", what, f.picture())
	}
}

// told waits for a private answer to a person that holds words, and is it.
func (f *fans) told(who *discordfake.User, words string) (m discordfake.Message) {
	f.Helper()
	f.wait("an answer to "+who.Name()+": "+words, func() (ok bool) {
		m, ok = f.discord.FindEphemeral(who, words)
		return ok
	})
	return m
}

// presses presses a button by its label.
func (f *fans) presses(who *discordfake.User, m discordfake.Message, label string) {
	f.Helper()
	f.ok(who.PressLabel(m, label))
}

// form waits for the form that opens before a person.
func (f *fans) form(who *discordfake.User) (m discordfake.Modal) {
	f.Helper()
	f.wait("a form before "+who.Name(), func() (ok bool) {
		m, ok = f.discord.Modal(who)
		return ok
	})
	return m
}

// submit fills in the form before a person, page by page, and sends it.
func (f *fans) submit(who *discordfake.User, values map[string]any) {
	f.Helper()
	for {
		here := map[string]any{}
		for name := range f.form(who).Values() {
			if v, ok := values[name]; ok {
				here[name] = v
			}
		}
		f.ok(who.Submit(here))
		next, more := f.discord.FindEphemeral(who, "[Continue]")
		if !more {
			return
		}
		f.presses(who, next, "Continue")
	}
}

// message waits for Heed's message in a channel that holds all the words, and is it.
func (f *fans) message(in *discordfake.Channel, words ...string) (m discordfake.Message) {
	f.Helper()
	f.wait("a message in #"+in.Name()+": "+strings.Join(words, ", "), func() (ok bool) {
		m, ok = f.discord.Find(in, words[0])
		return ok && says(m, words)
	})
	return m
}

// shows waits until a message holds all the words, and is it.
func (f *fans) shows(m discordfake.Message, words ...string) discordfake.Message {
	f.Helper()
	f.wait("a message with "+strings.Join(words, ", "), func() (ok bool) {
		m, ok = f.discord.Message(m)
		return ok && says(m, words)
	})
	return m
}

func says(m discordfake.Message, words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(m.String(), w) })
}

// thread is what answers a message: replies to it, and its thread.
func (f *fans) thread(root discordfake.Message) []discordfake.Message {
	_, all := f.discord.Thread(root)
	for _, m := range f.discord.Messages(root.Channel) {
		if m.ReplyTo == root.ID {
			all = append(all, m)
		}
	}
	return all
}

// once checks that Heed said words exactly once among these messages.
func (f *fans) once(where string, all []discordfake.Message, words string) {
	f.Helper()
	if n := len(byHeed(all, words)); n != 1 {
		f.Errorf("%s: said %d times, want once: %q\n%s", where, n, words, f.picture())
	}
}

// byHeed are Heed's messages among these that hold words.
func byHeed(all []discordfake.Message, words string) []discordfake.Message {
	return slices.DeleteFunc(all, func(m discordfake.Message) bool { return !m.ByApp || !strings.Contains(m.String(), words) })
}

// pass lets time pass for Discord and for a heed in this process.
func (f *fans) pass(to time.Time) {
	f.Helper()
	f.clock.set(time.Until(to))
}

// quiet waits until a heed has nothing left to do.
func (f *fans) quiet() {
	f.Helper()
	idle(f.T, f.db, f.clock, f.picture)
}

// picture is what stands in Discord, for a test that fails.
func (f *fans) picture() string {
	var out strings.Builder
	for _, ch := range []*discordfake.Channel{f.general, f.requests, f.mods, f.news} {
		for _, m := range f.discord.Messages(ch) {
			out.WriteString("#" + ch.Name() + ": " + m.String() + "\n")
			for _, r := range f.thread(m) {
				out.WriteString("    ↳ " + r.String() + "\n")
			}
		}
	}
	for _, u := range []*discordfake.User{f.rui, f.mira, f.lena, f.omar, f.ana, f.ben, f.zoe} {
		for _, m := range append(f.discord.DMs(u), f.discord.Ephemerals(u)...) {
			out.WriteString("to " + u.Name() + ": " + m.String() + "\n")
		}
		if form, ok := f.discord.Modal(u); ok {
			out.WriteString("open before " + u.Name() + ": " + form.String() + "\n")
		}
	}
	for _, r := range f.discord.Requests("") {
		if !r.OK() {
			fmt.Fprintf(&out, "refused with %d (%d): %s %s %s\n", r.Status, r.Code, r.Method, r.Path, r.Body)
		}
	}
	return out.String()
}

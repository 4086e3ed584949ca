package discord

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"heed/bot"
)

// nowhere is a network that reaches nothing.
type nowhere struct{}

func (nowhere) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("no network here")
}

// loud fails a test where something panicked.
type loud struct {
	slog.Handler
	t *testing.T
}

func (l loud) Enabled(context.Context, slog.Level) bool { return true }
func (l loud) Handle(_ context.Context, r slog.Record) error {
	if strings.Contains(r.Message, "panic") {
		l.t.Error(r.Message)
	}
	return nil
}
func (l loud) WithAttrs([]slog.Attr) slog.Handler { return l }
func (l loud) WithGroup(string) slog.Handler      { return l }

// FuzzReacted: nothing is told of a reaction, a message or a server that the event does
// not name.
func FuzzReacted(f *testing.F) {
	const whole = `{"user_id":"2","channel_id":"600","message_id":"900","guild_id":"500","emoji":{"id":null,"name":"👍"},"burst":false,"type":0}`
	for _, s := range []string{whole, `{}`, `null`, `[]`, `"x"`, `{"guild_id":5}`, `{"id":"900","ids":["900","901"],"channel_id":"600","guild_id":"500"}`,
		strings.Replace(whole, `"👍"`, `7`, 1), strings.Replace(whole, `"👍"`, `"\u0000"`, 1), strings.Replace(whole, `"type":0`, `"type":"one"`, 1)} {
		for kind := range reactedKinds {
			f.Add(uint8(kind), []byte(s))
		}
	}
	f.Fuzz(func(t *testing.T, kind uint8, data []byte) {
		ear := newEar()
		o := Options{Token: "no-real-token", HTTP: &http.Client{Transport: nowhere{}}, Log: slog.New(loud{t: t})}
		a := New(o, NewMessenger(o), ear)
		a.heard(reactedKinds[int(kind)%len(reactedKinds)], data, time.Unix(1_795_165_200, 0))
		a.queue.wait()
		var parsed any
		if err := json.Unmarshal(data, &parsed); err != nil && len(ear.all()) > 0 {
			t.Fatalf("of no JSON at all it told %q", ear.all())
		}
		for _, told := range ear.all() {
			for _, word := range strings.Fields(told) {
				if strings.Trim(word, "0123456789") == "" && !strings.Contains(string(data), word) && !strings.Contains(string(data), `\u`) {
					t.Fatalf("it told %q, which is not in %q", told, data)
				}
			}
		}
	})
}

var reactedKinds = []string{"MESSAGE_REACTION_ADD", "MESSAGE_REACTION_REMOVE", "MESSAGE_REACTION_REMOVE_ALL", "MESSAGE_REACTION_REMOVE_EMOJI", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK"}

// FuzzPayloads: what comes of any event is read, or left, and what is of a wrong kind
// loses only itself.
func FuzzPayloads(f *testing.F) {
	for _, s := range []string{`{"op":0,"t":"MESSAGE_CREATE","s":1,"d":{}}`, `{"id":"500","name":"Acme","channels":[{"id":7}],"threads":"x","roles":[[]]}`, `{"id":"600","parent_id":"601","thread_metadata":{"archived":"yes"}}`,
		`{"content":{"a":1},"author":{"id":"2"},"mentions":[1],"id":"900"}`, `{"user":{"id":"2"},"roles":[1,"2"],"joined_at":"never"}`, `"\u0000"`, `{"name":"a\u0000b"}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		clean := bot.LegibleJSON(data)
		if json.Valid(data) && !json.Valid(clean) {
			t.Fatalf("%q was made unreadable: %q", data, clean)
		}
		raw[packet](clean)
		lenient[wireGuild](clean)
		lenient[wireChannel](clean)
		lenient[wireThread](clean)
		lenient[wireThreadSync](clean)
		lenient[wireGuildRole](clean)
		lenient[wireGuildMember](clean)
		m, ok := lenient[wireMessage](clean)
		if ok && strings.Contains(m.Content, "\x00") {
			t.Fatalf("%q keeps a NUL, which no text in Postgres may hold", data)
		}
		if _, err := unmarshalDraft(clean); err == nil && !json.Valid(clean) {
			t.Fatalf("%q is a draft", data)
		}
	})
}

// FuzzBits: a permission set grants what it says as a number, and what is none grants
// nothing.
func FuzzBits(f *testing.F) {
	for _, s := range []string{"0", "8", "32", "-1", "9223372036854775807", "9223372036854775808", "18446744073709551615", "0x8", "1e3", " 8", "8 ", "٨", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := bits(s)
		if got < 0 {
			t.Fatalf("%q grants everything", s)
		}
		if got > 0 && strings.TrimLeft(s, "0") != strconv.FormatInt(got, 10) {
			t.Fatalf("%q grants %d", s, got)
		}
	})
}

// FuzzFrame: a frame of the gateway ends the connection with a reason, or it is taken or
// left; its number is what a session goes on from.
func FuzzFrame(f *testing.F) {
	for _, s := range []string{
		`{"op":0,"t":"GUILD_CREATE","s":2,"d":{"id":"1","name":"Acme","channels":[{"id":"2","type":15}]}}`, `{"op":7}`, `{"op":9,"d":true}`, `{"op":9,"d":"x"}`, `{"op":11}`, `{"op":10,"d":{"heartbeat_interval":-1}}`,
		`{"op":0,"t":"READY","s":1,"d":{"user":{"id":"9"},"session_id":"a","guilds":[{"id":"1","unavailable":true}],"resume_gateway_url":"wss://x"}}`, `{"op":0,"t":"RESUMED","s":-5,"d":null}`,
		`{"op":0,"t":"INTERACTION_CREATE","s":9223372036854775807,"d":{"id":"1","token":"t","type":2}}`, `{"op":"0"}`, `{"op":0,"t":"THREAD_CREATE","d":{"id":"5","parent_id":"2","guild_id":"1"}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, ok := raw[packet](data)
		if !ok {
			return
		}
		if u, err := gatewayAddress(string(data)); err == nil && !strings.HasPrefix(u, "ws") {
			t.Fatalf("%q is the gateway at %q", data, u)
		}
		var invalid bool
		_ = json.Unmarshal(p.Data, &invalid)
		lenient[wireReady](bot.LegibleJSON(p.Data))
		i, ok := decodeInteraction(bot.LegibleJSON(p.Data))
		if ok {
			i.call(guildRef("1"))
			i.action()
			i.command()
			i.answers()
			i.installed()
		}
	})
}

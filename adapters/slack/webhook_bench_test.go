package slack

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strconv"
	"testing"
	"time"

	"heed/bot"
)

// deafCore takes reactions in without a word.
type deafCore struct{ Core }

func (deafCore) React(context.Context, []bot.Ballot) error { return nil }

// noWriter takes an answer and keeps nothing of it.
type noWriter struct{ header http.Header }

func (w noWriter) Header() http.Header         { return w.header }
func (w noWriter) Write(b []byte) (int, error) { return len(b), nil }
func (w noWriter) WriteHeader(int)             {}

// reaction is a reaction as Slack sends it.
const reactionAdded = `{"token":"x","team_id":"TACME","context_team_id":"TACME","context_enterprise_id":null,"api_app_id":"AHEED",` +
	`"event":{"type":"reaction_added","user":"URUI","reaction":"+1","item":{"type":"message","channel":"CFEEDBACK","ts":"1763985600.000100"},` +
	`"item_user":"UHEED","event_ts":"1763985660.000200"},"type":"event_callback","event_id":"Ev0HEED","event_time":1763985660,` +
	`"authorizations":[{"enterprise_id":null,"team_id":"TACME","user_id":"UHEED","is_bot":true,"is_enterprise_install":false}],` +
	`"is_ext_shared_channel":false,"event_context":"4-eyJldCI6InJlYWN0aW9uX2FkZGVkIn0"}`

// BenchmarkSignedReaction is what a reaction costs from a request that is read to its
// acknowledgement, without the network and without the core.
func BenchmarkSignedReaction(b *testing.B) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	o := Options{Tokens: OneToken(""), SigningSecret: "not-a-real-secret", Clock: stoppedClock{at: now}}
	handler := New(o, NewMessenger(o), deafCore{}).Handler()
	stamp := strconv.FormatInt(now.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(o.SigningSecret))
	mac.Write([]byte("v0:" + stamp + ":" + reactionAdded))
	head := http.Header{"X-Slack-Request-Timestamp": {stamp}, "X-Slack-Signature": {"v0=" + hex.EncodeToString(mac.Sum(nil))}}
	w, body := noWriter{http.Header{}}, bytes.NewReader(nil)
	b.ReportAllocs()
	for b.Loop() {
		body.Reset([]byte(reactionAdded))
		r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, "/slack/events", io.NopCloser(body))
		if err != nil {
			b.Fatal(err)
		}
		r.Header, r.ContentLength = head, int64(len(reactionAdded))
		handler.ServeHTTP(w, r)
	}
}

// BenchmarkReactionRead is the reading of a reaction alone: JSON to a ballot.
func BenchmarkReactionRead(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		env, ok := raw[envelope]([]byte(reactionAdded))
		e, readable := raw[event](env.Event)
		if x, is := e.ballot(env.team()); !ok || !readable || !is || x.Account != "URUI" {
			b.Fatal("not read")
		}
	}
}

package slack

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"heed/bot"
)

// FuzzSigned: a request reaches the core only if Slack's secret signed it just now,
// whatever it says and wherever it goes; and what is signed breaks nothing.
func FuzzSigned(f *testing.F) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	stamp := strconv.FormatInt(now.Unix(), 10)
	sign := func(stamp string, body []byte) string {
		mac := hmac.New(sha256.New, []byte("not-a-real-secret"))
		mac.Write([]byte("v0:" + stamp + ":"))
		mac.Write(body)
		return "v0=" + hex.EncodeToString(mac.Sum(nil))
	}
	event := []byte(`{"type":"event_callback","team_id":"T1","event":{"type":"reaction_added","user":"U1","item":{"type":"message","channel":"C1","ts":"1.2"},"reaction":"+1","event_ts":"1.3"}}`)
	f.Add("events", stamp, sign(stamp, event), event)
	f.Add("events", stamp, strings.ToUpper(sign(stamp, event)), event)
	f.Add("commands", stamp, "v0=", []byte("command=/feedback&text=x&team_id=T1&user_id=U1"))
	f.Add("commands", " "+stamp, sign(" "+stamp, nil), []byte{})
	f.Add("interactions", "+"+stamp, sign("+"+stamp, []byte("payload={")), []byte("payload={"))
	f.Add("interactions", "99999999999999999999", "", []byte("ssl_check=1&payload={}"))
	f.Fuzz(func(t *testing.T, path, stamp, signature string, body []byte) {
		if path != "commands" && path != "interactions" {
			path = "events"
		}
		core := &scriptedCore{}
		o := Options{Tokens: OneToken(""), SigningSecret: "not-a-real-secret", Clock: stoppedClock{at: now}}
		a := New(o, NewMessenger(o), core)
		for _, signed := range []string{signature, sign(stamp, body)} {
			r := httptest.NewRequest(http.MethodPost, "/slack/"+path, strings.NewReader(string(body)))
			r.Header["X-Slack-Request-Timestamp"], r.Header["X-Slack-Signature"] = []string{stamp}, []string{signed}
			w := httptest.NewRecorder()
			a.Handler().ServeHTTP(w, r)
			a.Wait()
			at, err := strconv.ParseInt(stamp, 10, 64)
			trusted := signed == sign(stamp, body) && err == nil && at >= now.Unix()-300 && at <= now.Unix()+300
			core.mu.Lock()
			heard := len(core.calls)
			core.mu.Unlock()
			if !trusted && (heard > 0 || w.Code != http.StatusUnauthorized && w.Code != http.StatusRequestEntityTooLarge && !isSSLCheck(r, body)) {
				t.Fatalf("answered %d to what nobody signed, and the core heard %d", w.Code, heard)
			}
			if w.Code >= 500 && w.Code != http.StatusServiceUnavailable {
				t.Fatalf("answered %d", w.Code)
			}
		}
	})
}

// FuzzState: an install's way back is taken only with a state that Heed itself gave to this
// browser, and that is not over.
func FuzzState(f *testing.F) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	a := New(Options{OAuth: OAuth{ClientID: "1", ClientSecret: "not-a-real-secret"}, Clock: stoppedClock{at: now}}, NewMessenger(Options{}), &scriptedCore{})
	good := a.state("00ff", now.Unix()+60)
	f.Add(good, good)
	f.Add(good, "")
	f.Add(a.state("00ff", now.Unix()-1), a.state("00ff", now.Unix()-1))
	f.Add("..", "..")
	f.Add("00ff.9999999999.", "00ff.9999999999.")
	f.Add(good+".", good+".")
	f.Add("00ff.+1795424460."+good[strings.LastIndex(good, ".")+1:], "x")
	f.Fuzz(func(t *testing.T, state, cookie string) {
		r := httptest.NewRequest(http.MethodGet, "/slack/oauth/callback?"+url.Values{"state": {state}}.Encode(), nil)
		r.Header.Set("Cookie", stateCookie+"="+cookie)
		if !a.stateGood(r) {
			return
		}
		nonce, rest, _ := strings.Cut(state, ".")
		expires, _, _ := strings.Cut(rest, ".")
		until, err := strconv.ParseInt(expires, 10, 64)
		if err != nil || until < now.Unix() || a.state(nonce, until) != state {
			t.Fatalf("%q was taken", state)
		}
	})
}

// FuzzSocket: what comes over the socket is taken or left, and an act that was asked for is
// acknowledged once at most.
func FuzzSocket(f *testing.F) {
	for _, s := range []string{
		`{"type":"events_api","envelope_id":"1","payload":{"type":"event_callback","team_id":"T1","event":{"type":"message","channel_type":"im","channel":"D1","user":"U1","text":"hi","ts":"1.2"}}}`,
		`{"type":"slash_commands","envelope_id":"2","accepts_response_payload":true,"payload":{"command":"/heed","text":"top","team_id":"T1","user_id":"U1","trigger_id":"1"}}`,
		`{"type":"interactive","payload":{"type":"block_actions","actions":[{"value":"vote 1"}],"user":{"id":"U1"},"team":{"id":"T1"}}}`,
		`{"type":"interactive","payload":{"type":"view_submission","view":{"private_metadata":"{\"a\":[]}","state":{"values":{"a":{"b":null}}}}}}`,
		`{"type":"disconnect","reason":{"a":1}}`, `{"type":1,"payload":"x","envelope_id":{},"retry_attempt":-1}`, `[]`, `{"payload":{"type":"view_submission","view":null}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, ok := raw[delivery](data)
		if !ok {
			return
		}
		core := &scriptedCore{}
		o := Options{Tokens: OneToken(""), Clock: stoppedClock{at: time.Now()}, APIURL: "http://127.0.0.1:1/"}
		a := New(o, NewMessenger(o), core)
		switch d.Type {
		case "slash_commands":
			if cmd, ok := raw[slash](d.Payload); ok {
				a.command(t.Context(), cmd)
			}
		case "interactive":
			if i, ok := decodeInteraction(d.Payload); ok {
				a.interaction(t.Context(), i)
			}
		}
		a.Wait()
		core.mu.Lock()
		defer core.mu.Unlock()
		if len(core.calls) > 1 {
			t.Fatalf("the core heard %d", len(core.calls))
		}
	})
}

// FuzzLiteral: what people write opens no markup, and reads as they wrote it.
func FuzzLiteral(f *testing.F) {
	for _, s := range []string{"<!channel> *bold* `code`", "&lt;@U1&gt; &amp;amp;", "> a\n>b", ":+1: @here @Everyone", "_a_b_", "\xff", "a\u200b*b*", "<https://a|b>", "~~~"} {
		f.Add(s)
	}
	plain := strings.NewReplacer(zeroWidth, "", "∗", "*", "ˍ", "_", "∼", "~", "ˋ", "`")
	f.Fuzz(func(t *testing.T, s string) {
		for name, got := range map[string]string{"literal": literal(s), "code": literalCode(s), "fallback": fallback(s), "a section": mrkdwn(bot.Literal(s), maxSectionText)} {
			if strings.ContainsAny(got, "<>") || !utf8.ValidString(got) || name == "code" && strings.Contains(got, "`") {
				t.Fatalf("%s of %q is %q", name, s, got)
			}
			if low := strings.ToLower(got); strings.Contains(low, "@channel") || strings.Contains(low, "@here") || strings.Contains(low, "@everyone") {
				t.Fatalf("%s of %q shouts: %q", name, s, got)
			}
		}
		if strings.Contains(s, "&") {
			return // an entity that somebody typed is told apart by Slack, not by html
		}
		if read, wrote := plain.Replace(html.UnescapeString(literal(s))), plain.Replace(strings.ToValidUTF8(s, "�")); read != wrote {
			t.Fatalf("%q reads %q", wrote, read)
		}
	})
}

// FuzzWords: Slack's own markup comes in as what a reader saw, whatever it is.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"<@U1> in <#C1|support>", "<!date^1^{date}|18 Feb>", "<!subteam^S1|@pms>", "<|>", "<@>", "&lt;@U1&gt;", "<<@U1>>", ":+1::skin-tone-3: :", "<https://acme.example|x>", "<mailto:a|a>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := words(s, func(string) string { return "" })
		if utf8.ValidString(s) && !utf8.ValidString(got) {
			t.Fatalf("%q becomes no UTF-8", s)
		}
		if !strings.ContainsAny(s, "<&:") && got != s {
			t.Fatalf("%q becomes %q", s, got)
		}
		_ = commandText(s)
	})
}

// stoppedClock stands still.
type stoppedClock struct {
	bot.SystemClock
	at time.Time
}

func (c stoppedClock) Now() time.Time { return c.at }

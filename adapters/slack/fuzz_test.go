package slack

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"html"
	"net/http"
	"net/http/httptest"
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

package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"heed/adapters/discord/discordfake"
)

// words are marked texts, one of its own for each way in: what holds a mark can be told
// from everything else, and where it came from.
type marked struct {
	prefix string
	mu     sync.Mutex
	marks  map[string]string // what was marked, by the mark
}

// text is words that nobody but the people asked should ever read.
func (m *marked) text(what string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	mark := fmt.Sprintf("%s%dcanary", m.prefix, len(m.marks)+100)
	m.marks[mark] = what
	return "A " + mark + " for the " + mark
}

// secret is something that gives rights to who has it.
func (m *marked) secret(what, secret string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(secret) < 6 {
		panic("too short to be looked for: " + what)
	}
	m.marks[secret] = what
}

// in names what of it stands in a text.
func (m *marked) in(text string) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []string
	for mark, what := range m.marks {
		if strings.Contains(text, mark) {
			at := max(strings.Index(text, mark)-200, 0)
			out = append(out, what+": …"+text[at:min(at+500, len(text))])
		}
	}
	slices.Sort(out)
	return out
}

// parrot is a platform's front that can be told to answer every call with the call itself:
// as a page of an error, as an error's code, or as what is no JSON.
type parrot struct {
	*httptest.Server
	mood atomic.Int32 // 0: it hands on
}

func newParrot(t *testing.T, platform string) *parrot {
	t.Helper()
	to, err := url.Parse(platform)
	if err != nil {
		t.Fatal(err)
	}
	p := &parrot{}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(&url.URL{Scheme: to.Scheme, Host: to.Host}) }}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		heard, _ := httputil.DumpRequest(r, true)
		switch p.mood.Load() {
		case 0:
			r.Body = io.NopCloser(strings.NewReader(string(heard[strings.Index(string(heard), "\r\n\r\n")+4:])))
			proxy.ServeHTTP(w, r)
		case 1:
			w.WriteHeader(http.StatusBadGateway)
			_, _ = w.Write(heard)
		case 2:
			w.Header().Set("Content-Type", "application/json")
			_, _ = fmt.Fprintf(w, `{"ok":false,"error":%q,"needed":%q,"message":%q,"code":50000,"response_metadata":{"messages":[%q]}}`, heard, heard, heard, heard)
		case 3:
			w.WriteHeader(http.StatusBadRequest)
			_, _ = fmt.Fprintf(w, `{"message":%q,"code":50035,"errors":{"content":{"_errors":[{"code":%q,"message":%q}]}}}`, heard, heard, heard)
		}
	}))
	t.Cleanup(p.Close)
	return p
}

// TestNothingReachesTheLog runs the whole program on Slack and Discord at once, at its most
// talkative, with marked words and secrets in every way in: while all is well, while the
// database refuses in the middle of an act and says why in those words, while the platforms
// answer with what they were asked, and with requests that make no sense. No mark stands in
// the log, the figures, the probes, the doctor's report or an error; no secret in a table.
func TestNothingReachesTheLog(t *testing.T) {
	t.Parallel()
	m := &marked{marks: map[string]string{}}
	words, names := &marked{prefix: "qzx", marks: map[string]string{}}, &marked{prefix: "zqx", marks: map[string]string{}} // the doctor names channels
	a := newAcme(t, false)
	f := &fans{T: t, db: a.db, clock: a.clock}
	f.found()
	between := newRecorder(t)
	slackFront, discordFront := newParrot(t, a.slack.APIURL()), newParrot(t, f.discord.APIURL())
	for _, kv := range slices.Concat(a.env, f.env) {
		name, value, _ := strings.Cut(kv, "=")
		if slices.Contains([]string{"SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "DISCORD_TOKEN", "HEED_SECRET_KEY"}, name) {
			m.secret(name, value)
		}
	}
	m.secret("SLACK_CLIENT_SECRET", a.slack.ClientSecret())
	m.secret("the database's password", "sesame-of-postgres")
	a.env = slices.Concat(a.env, f.env, []string{
		"DATABASE_URL=" + withPassword(t, a.env[0], "sesame-of-postgres"), "SLACK_API_URL=" + slackFront.URL + "/api/", "DISCORD_API_URL=" + discordFront.URL + "/api",
		"SLACK_CLIENT_ID=" + a.slack.ClientID(), "SLACK_CLIENT_SECRET=" + a.slack.ClientSecret(), "HEED_PUBLIC_URL=" + between.URL, "HEED_LOG_LEVEL=debug",
	})
	heed := a.here()
	between.to(t, heed.url)
	a.slack.DeliverTo(between.URL)
	f.heard()
	a.setUp()
	f.setUp()
	s := &talk{acme: a, fans: f, words: words, names: names}
	s.round("well")
	m.secret("a link code", s.linkCode())
	a.quiet()

	// The database gives way in the middle, and its errors hold what was to be written.
	for _, tables := range [][]string{{"items", "held", "drafts"}, {"evidence", "history", "stories", "announcements", "posts", "notices"}, {"members"}} {
		for _, table := range tables {
			a.sql(`create function refuse_` + table + `() returns trigger language plpgsql as $$ begin raise exception 'no: %', to_jsonb(new)::text using detail = to_jsonb(new)::text; end $$`)
			a.sql(`create trigger refuse before insert or update on ` + table + ` for each row execute function refuse_` + table + `()`)
		}
		s.tries("refused " + tables[0])
		for _, table := range tables {
			a.sql(`drop trigger refuse on ` + table)
		}
	}
	a.sql(`alter table items rename to items_away`)
	s.tries("broken")
	a.sql(`alter table items_away rename to items`)

	// The platforms say back what they were told.
	for mood := range int32(3) {
		slackFront.mood.Store(mood + 1)
		discordFront.mood.Store(mood + 1)
		s.tries(fmt.Sprintf("echo%d", mood))
		s.nonsense(heed.url)
	}
	out, said, _ := heed2(t, a.env, "doctor")
	outJSON, saidJSON, _ := heed2(t, a.env, "doctor", "--json")
	slackFront.mood.Store(0)
	discordFront.mood.Store(0)
	s.install(between.URL)

	for _, k := range between.taken() { // what answers are sent to gives rights for half an hour
		for _, hook := range regexp.MustCompile(`response_url(?:=|":")([^&"]+)`).FindAllSubmatch(k.body, -1) {
			address, err := url.QueryUnescape(string(hook[1]))
			if err != nil {
				t.Fatal(err)
			}
			m.secret("a response_url", address[strings.LastIndex(address, "/")+1:])
		}
		if code := regexp.MustCompile(`callback\?code=([^&]+)`).FindStringSubmatch(k.uri); code != nil {
			m.secret("an OAuth code", code[1])
		}
	}
	for _, r := range f.discord.Requests("") {
		if token := regexp.MustCompile(`/(?:webhooks|interactions)/\d+/([^/?]+)`).FindStringSubmatch(r.Path); token != nil && len(token[1]) > 12 {
			m.secret("an interaction's token", token[1])
		}
	}
	if len(m.marks) < 12 || len(words.marks) < 60 {
		t.Errorf("only %d secrets and %d words were marked", len(m.marks), len(words.marks))
	}
	texts := map[string]string{"doctor": out + said, "doctor --json": outJSON + saidJSON}
	for _, path := range []string{"/metrics", "/readyz", "/healthz", "/nowhere", "/slack/oauth/callback?code=x"} {
		texts[path] = a.get(heed.url + path)
	}
	for _, args := range [][]string{{"digest", "--workspace", "slack:T404"}, {"export", "items", "--board", "nobody's"}, {"rotate-key"}, {"restore", "/nowhere"}, {"migrate"}} {
		out, said, _ := heed2(t, a.env, args...)
		texts["heed "+strings.Join(args, " ")] = out + said
	}
	texts["the log"] = heed.log.text()
	for _, where := range []string{"the log", "/metrics", "/readyz"} {
		for _, leak := range names.in(texts[where]) {
			t.Errorf("%s holds %s", where, leak)
		}
	}
	for where, text := range texts {
		for _, leak := range slices.Concat(m.in(text), words.in(text)) {
			t.Errorf("%s holds %s", where, leak)
		}
	}
	for row := range rowsOf(t, a.db) {
		for _, leak := range m.in(row) {
			t.Errorf("the database holds %s", leak)
		}
	}
	if !strings.Contains(texts["the log"], "DEBUG") {
		t.Error("the log is not at its most talkative")
	}
}

// talk is what people say and do on both chats, all of it marked.
type talk struct {
	*acme
	fans  *fans
	words *marked
	names *marked
}

// round does each thing once, where all is well.
func (s *talk) round(when string) {
	s.Helper()
	a, w := s.acme, func(what string) string { return s.words.text(when + ": " + what) }
	a.command(a.rui, a.support, "/feedback "+w("feedback"))
	a.told(a.rui, "Saved as #1")
	said := a.saves(a.lena, a.mira, w("a saved message"))
	_ = said
	a.told(a.lena, "Saved as #2")
	s.tries(when)
	a.ok(a.rui.GlobalShortcut("give"))
	a.submit(a.rui, map[string]any{"words": w("the form"), "title": w("the form's title")})
	a.command(a.ben, a.inside, "/promote 1")
	a.submit(a.ben, map[string]any{"i_want": w("a story"), "as_a": w("as a"), "so_that": w("so that"), "criteria": w("criteria")})
	a.told(a.ben, "S1")
	a.command(a.ana, a.inside, "/heed status 2 declined "+w("a reason"))
	a.command(a.ben, a.inside, "/ship 1")
	a.submit(a.ben, map[string]any{"note": w("a release note"), "how": w("how to try it")})
}

// tries does what may fail: nobody waits for more than the answer.
func (s *talk) tries(when string) {
	s.Helper()
	a, w := s.acme, func(what string) string { return s.words.text(when + ": " + what) }
	var all sync.WaitGroup
	for _, line := range []string{
		"/feedback " + w("feedback"), "/feedback staus 1 " + w("unclear words"), "/heed search " + w("a search"), "/heed retitle 1 " + w("a title"),
		"/heed status 1 needs info " + w("a question"), "/heed " + w("no command"), "/heed digest here " + w("a schedule"), "/heed link " + w("a wrong code"), "/heed tag 1 " + w("a tag"),
		"/heed block @rui " + w("a reason of a block"), "/heed hide 2 " + w("a reason to hide"), "/heed settings", "/heed doctor", "/heed mine", "/heed my-data", "/promote 1", "/heed edit 1", "/backlog", "/heed top",
	} {
		all.Go(func() {
			name, text, _ := strings.Cut(line, " ")
			_ = a.zoe.Slash(a.support, name, text)
		})
	}
	all.Go(func() { _, _ = a.omar.Say(a.omar.DM(), w("a direct message")) })
	all.Go(func() { _, _ = a.omar.Say(a.support, "<@"+a.team.Bot().ID+"> "+w("a mention")) })
	if m, err := a.mira.SayWithFiles(a.support, w("a message with a file"), strings.ReplaceAll(w("a file's name"), " ", "_")+".png"); err == nil {
		all.Go(func() { _ = a.lena.MessageShortcut(m, "save") })
	}
	a.mira.Rename(w("a name"), "mira")
	a.support.Rename(strings.ReplaceAll(strings.ToLower(s.names.text(when+": a channel's name")), " ", "-"))
	f := s.fans
	all.Go(func() { _ = f.rui.Slash(f.general, "feedback", discordfake.Options{"text": w("feedback on Discord")}) })
	all.Go(func() {
		_ = f.zoe.Line(f.mods, "/heed search words:"+strings.ReplaceAll(w("a search on Discord"), " ", "_"))
	})
	all.Go(func() { _, _ = f.rui.Autocomplete(f.general, "feedback", "text", w("half a word"), nil) })
	_, _ = f.omar.Tell(w("a direct message on Discord"))
	f.guild.SetNick(f.lena, w("a nick")[:30])
	if m, err := f.mira.Say(f.general, w("a message on Discord")); err == nil {
		all.Go(func() { _ = f.lena.MessageCommand(m, "Save as feedback") })
	}
	f.general.Rename(strings.ReplaceAll(strings.ToLower(s.names.text(when+": a channel on Discord")), " ", "-"))
	all.Wait()
	a.slack.Settle()
	ctx, cancel := context.WithTimeout(s.acme.Context(), patience)
	defer cancel()
	_ = f.discord.WaitHeard(ctx)
}

// nonsense are requests that mean nothing, signed and not.
func (s *talk) nonsense(address string) {
	s.Helper()
	w := func(what string) string { return s.words.text("nonsense: " + what) }
	for _, body := range []string{
		`{"type":"` + w("a type") + `"}`, `{"type":"event_callback","team_id":"` + w("a team") + `","event":{"type":"` + w("an event") + `"}}`, w("no JSON"), `{"type":` + w("half of it"),
		`{"type":"event_callback","team_id":"` + s.team.ID + `","event_id":"` + w("an id") + `","event":{"type":"message","channel_type":"im","channel":"` + w("a channel") + `","user":"` + w("an account") + `","text":"` + w("a text") + "\\u0000" + `","ts":"` + w("a time") + `"}}`,
		`{"type":"event_callback","team_id":"` + s.team.ID + `","event":{"type":"reaction_added","reaction":"` + w("an emoji") + `","user":"U1","event_ts":"` + w("a time") + `","item":{"type":"message","channel":"C1","ts":"` + w("a message") + `"}}}`,
	} {
		s.slack.Post("/slack/events", "application/json", []byte(body), nil)
		s.slack.Post("/slack/interactions", "application/x-www-form-urlencoded", []byte(url.Values{"payload": {body}}.Encode()), nil)
		s.slack.Post("/slack/commands", "application/x-www-form-urlencoded", []byte("text="+url.QueryEscape(w("a command"))+"&%zz="+url.QueryEscape(body)), nil)
		s.slack.Post("/slack/events", "application/json", []byte(body), func(h http.Header) { h.Set("X-Slack-Signature", w("a signature")) })
		s.slack.Post("/slack/events", "application/json", []byte(body), func(h http.Header) { h.Set("X-Slack-Request-Timestamp", w("a stamp")) })
	}
	s.get(address + "/slack/oauth/callback?error=" + url.QueryEscape(w("an error")) + "&state=" + url.QueryEscape(w("a state")))
	s.get(address + "/" + url.PathEscape(w("a path")))
}

// linkCode has Zoe ask for a code, and is it.
func (s *talk) linkCode() string {
	s.Helper()
	s.command(s.zoe, s.inside, "/heed link")
	var code string
	s.wait("a link code", func() bool {
		for _, m := range s.slack.Ephemerals(s.zoe) {
			if found := regexp.MustCompile(`\b[A-Z0-9]{3}-[A-Z0-9]{3}\b`).FindString(m.String()); found != "" {
				code = found
			}
		}
		return code != ""
	})
	return code
}

// install adds Heed to Slack by the page, with a code of its own.
func (s *talk) install(address string) {
	s.Helper()
	s.installs(address)
}

func (a *acme) sql(query string) {
	a.Helper()
	if _, err := a.db.Exec(query); err != nil {
		a.Fatal(err)
	}
}

func (a *acme) get(address string) string {
	a.Helper()
	r, err := http.DefaultTransport.RoundTrip(a.request(address))
	a.ok(err)
	defer func() { _ = r.Body.Close() }()
	page, err := io.ReadAll(r.Body)
	a.ok(err)
	return fmt.Sprint(r.Header) + string(page)
}

// heed2 is heed beside one that serves.
func heed2(t *testing.T, environ []string, args ...string) (out, said string, code int) {
	t.Helper()
	return heed(t, append(slices.Clone(environ), "HEED_LISTEN=127.0.0.1:0"), args...)
}

// withPassword is a database's address with a password, which this server asks nobody for.
func withPassword(t *testing.T, variable, password string) string {
	t.Helper()
	_, dsn, _ := strings.Cut(variable, "=")
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(u.User.Username(), password)
	return u.String()
}

package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"
)

// recorder is somebody between a platform and Heed who keeps every request. It is the
// address that the platform knows. Safe for concurrent use.
type recorder struct {
	*httptest.Server
	mu   sync.Mutex
	heed *url.URL
	kept []keptRequest
}

type keptRequest struct {
	method, uri string
	header      http.Header
	body        []byte
}

func newRecorder(t *testing.T) *recorder {
	t.Helper()
	r := &recorder{}
	proxy := &httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) {
		r.mu.Lock()
		defer r.mu.Unlock()
		p.SetURL(r.heed)
	}}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		q.Body = io.NopCloser(bytes.NewReader(body))
		r.mu.Lock()
		r.kept = append(r.kept, keptRequest{q.Method, q.URL.RequestURI(), q.Header.Clone(), body})
		r.mu.Unlock()
		proxy.ServeHTTP(w, q)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *recorder) to(t *testing.T, heed string) {
	t.Helper()
	u, err := url.Parse(heed)
	if err != nil {
		t.Fatal(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.heed = u
}

// taken are the requests kept so far.
func (r *recorder) taken() []keptRequest {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.kept)
}

// again sends one to Heed, as it was.
func (k keptRequest) again(t *testing.T, heed string) {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), k.method, heed+k.uri, bytes.NewReader(k.body))
	if err != nil {
		t.Fatal(err)
	}
	q.Header = k.header.Clone()
	answer, err := http.DefaultTransport.RoundTrip(q)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	_, _ = io.Copy(io.Discard, answer.Body)
	if answer.StatusCode == http.StatusUnauthorized {
		t.Errorf("%s came too late to be taken for Slack's", k.kind())
	}
}

// kind is what Slack calls it: the type of an event or an interaction, a command's name,
// else the path.
func (k keptRequest) kind() string {
	body := k.body
	if form, err := url.ParseQuery(string(body)); err == nil && form.Get("command") != "" {
		return form.Get("command")
	} else if err == nil && form.Get("payload") != "" {
		body = []byte(form.Get("payload"))
	}
	var said struct {
		Type  string
		Event struct{ Type string }
	}
	path, _, _ := strings.Cut(k.uri, "?")
	_ = json.Unmarshal(body, &said)
	return cmp.Or(said.Event.Type, said.Type, path)
}

// slackEvents and interactionTypes are what the adapter takes, as its source says.
var (
	slackEvents      = casesOf("events.go")
	interactionTypes = []string{"block_actions", "message_action", "view_submission", "shortcut"}
)

// casesOf are the words that a file of the Slack adapter has cases for.
func casesOf(file string) []string {
	source, err := os.ReadFile(filepath.Join("..", "..", "adapters", "slack", file)) // #nosec G304 -- our own source
	if err != nil {
		panic(err)
	}
	var out []string
	for _, line := range regexp.MustCompile(`(?m)^\tcase (".*"):$`).FindAllStringSubmatch(string(source), -1) {
		for _, word := range strings.Split(line[1], ", ") {
			out = append(out, strings.Trim(word, `"`))
		}
	}
	return out
}

// rowsOf is everything that a database holds, a line a row with its table in front, but
// for who listens when, when a platform was heard last and the pace of sending, which move
// by themselves.
func rowsOf(t *testing.T, db *sqlx.DB) map[string]int {
	t.Helper()
	var tables, parts, rows []string
	if err := db.Select(&tables, `
		select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname not in ('lanes', 'gateway_leases') order by 1`); err != nil {
		t.Fatal(err)
	}
	for _, name := range tables {
		parts = append(parts, fmt.Sprintf("select '%[1]s ' || (to_jsonb(t) - 'heard_at' - 'event_at')::text from %[1]s t", name))
	}
	if err := db.Select(&rows, strings.Join(parts, " union all ")); err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, r := range rows {
		out[r]++
	}
	return out
}

// TestReplayedRequests has somebody keep every request that Slack signs on a busy day,
// and send each of them once more while its signature is still good. Nothing changes in
// any table. What of Slack's the adapter knows and this day has not is named.
func TestReplayedRequests(t *testing.T) {
	t.Parallel()
	a := newAcme(t, false)
	between := newRecorder(t)
	a.env = slices.DeleteFunc(a.env, func(kv string) bool { return strings.HasPrefix(kv, "SLACK_BOT_TOKEN=") })
	a.env = append(a.env, "SLACK_CLIENT_ID="+a.slack.ClientID(), "SLACK_CLIENT_SECRET="+a.slack.ClientSecret(), "HEED_PUBLIC_URL="+between.URL)
	heed := a.here()
	between.to(t, heed.url)
	a.slack.DeliverTo(between.URL)
	a.installs(between.URL)
	a.busyDay(between.URL)
	a.quiet()
	before := rowsOf(t, a.db)
	seen := map[string]bool{}
	for _, k := range between.taken() {
		seen[k.kind()] = true
		k.again(t, heed.url)
		a.quiet()
		after := rowsOf(t, a.db)
		for row, n := range after {
			if before[row] != n {
				t.Errorf("%s, sent again, left %s", k.kind(), row)
			}
		}
		for row := range before {
			if after[row] == 0 {
				t.Errorf("%s, sent again, took %s", k.kind(), row)
			}
		}
		before = after
	}
	for _, kind := range slices.Concat(slackEvents, interactionTypes, []string{"/feedback", "/heed", "/promote", "/ship", "/slack/oauth/callback", "/slack/install"}) {
		if !seen[kind] && !leftOut[kind] {
			t.Errorf("no %s was sent again", kind)
		}
	}
}

// leftOut are events with another's meaning, by another name: of private channels.
var leftOut = map[string]bool{
	"group_left": true, "group_rename": true, "group_archive": true, "group_unarchive": true, "group_deleted": true, "team_join": true,
}

// busyDay is one of each thing that Slack tells Heed, most of them taken back by another.
func (a *acme) busyDay(address string) {
	a.Helper()
	a.setUp()
	a.command(a.rui, a.support, "/feedback Dark mode, please. My eyes hurt after 9 pm.")
	dark := a.message(a.requests, "#1 Dark mode")
	said := a.saves(a.lena, a.mira, "CSV export of the monthly report. I type it off the screen, and it takes a day.")
	export := a.message(a.requests, "#2 CSV export")
	_, err := a.omar.Say(a.omar.DM(), "Let me undo a delete. I lost a whole list on Friday.")
	a.ok(err)
	a.message(a.requests, "#3 Let me undo a delete")
	_, err = a.mira.Say(a.support, "<@"+a.team.Bot().ID+"> Invoices as PDF, please")
	a.ok(err)
	a.message(a.requests, "#4 Invoices as PDF")

	a.ok(a.omar.React(dark, "+1"))
	a.ok(a.omar.Unreact(dark, "+1"))
	a.ok(a.lena.React(export, "+1"))
	a.ok(a.rui.PressLabel(export, "👍 Vote"))
	a.ok(a.rui.PressLabel(a.shows(export, "👍 3 people"), "👍 Vote"))
	a.ok(a.ana.React(said, "+1"))
	a.ok(a.rui.GlobalShortcut("give"))
	a.submit(a.rui, map[string]any{"words": "Bulk edit of names"})
	bulk := a.message(a.requests, "#5 Bulk edit")
	a.ok(a.zoe.OpenHome())

	a.command(a.ana, a.inside, "/heed status 1 planned")
	a.command(a.ana, a.inside, "/heed status 1 started")
	a.command(a.zoe, a.inside, "/heed role @lena pm")
	a.command(a.zoe, a.inside, "/heed role @lena pm off")
	a.command(a.ben, a.inside, "/promote 2")
	a.submit(a.ben, map[string]any{"criteria": "Given a monthly report When I press Export Then I get a CSV file"})
	a.told(a.ben, "S1")
	a.command(a.ben, a.inside, "/ship 2 It is in the menu of every report.")
	a.form(a.ben)
	a.submit(a.ben, map[string]any{"how": "Reports → Export → CSV"})
	a.told(a.ben, "Shipped: ")
	a.command(a.zoe, a.requests, "/heed channel announce on")
	a.command(a.zoe, a.requests, "/heed channel announce off")

	a.support.Rename("help")
	a.support.Rename("support")
	a.all.Archive(a.zoe)
	a.all.Unarchive(a.zoe)
	a.all.Remove(a.team.Bot(), a.zoe)
	a.all.Invite(a.team.Bot(), a.zoe)
	a.all.Remove(a.omar, a.zoe)
	a.mira.Rename("Mira M.", "mira")
	a.mira.Rename("Mira", "mira")
	a.omar.Deactivate()
	a.omar.Reactivate()
	a.team.Rename("Acme before")
	a.team.Rename("Acme")
	a.team.RateLimitEvents()
	a.ok(a.zoe.Delete(bulk))
	spare := a.team.AddChannel("spare", a.zoe, a.team.Bot())
	a.command(a.zoe, spare, "/heed channel announce on")
	spare.ChangeID()
	spare.Delete(a.zoe)
	a.slack.Settle()

	a.team.RevokeToken()
	a.team.Uninstall()
	a.slack.Settle()
	a.installs(address)
	a.command(a.ana, a.inside, "/heed status 1 under review")
	a.told(a.ana, "Under review")
	a.slack.Settle()
}

// installs is Zoe adding Heed to Slack, through the page that asks for it.
func (a *acme) installs(address string) {
	a.Helper()
	asked, err := http.DefaultTransport.RoundTrip(a.request(address + "/slack/install"))
	a.ok(err)
	_ = asked.Body.Close()
	to, err := asked.Location()
	a.ok(err)
	back := a.request(address + "/slack/oauth/callback?" + url.Values{"code": {a.zoe.IssueCode()}, "state": {to.Query().Get("state")}}.Encode())
	for _, c := range asked.Cookies() {
		back.AddCookie(c)
	}
	done, err := http.DefaultTransport.RoundTrip(back)
	a.ok(err)
	page, _ := io.ReadAll(done.Body)
	_ = done.Body.Close()
	if done.StatusCode != http.StatusOK || !strings.Contains(string(page), "Heed is in") {
		a.Fatalf("the install ended with %d: %s", done.StatusCode, page)
	}
}

func (a *acme) request(address string) *http.Request {
	a.Helper()
	q, err := http.NewRequestWithContext(a.Context(), http.MethodGet, address, nil)
	a.ok(err)
	return q
}

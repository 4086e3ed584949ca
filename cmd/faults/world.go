package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/jmoiron/sqlx"

	"heed/adapters/slack/slackfake"
)

// world is one line's Heed: replicas of the real program before a Slack that remembers,
// a balancer between, and a Postgres of their own.
type world struct {
	dir      string
	remove   func()  // it
	disk     string  // where the server's own small disk is, "" where it has none
	server   *server // nil where the line brings its own database
	broken   breaker
	wellKept bool         // nobody touches the database
	due      dues         // digests
	serial   atomic.Int64 // of the tokens in what people write
	db       *sqlx.DB
	slack    *slackfake.Server
	front    *front
	record   *record
	replicas []*replica
	teams    []*team
	socket   bool // what passes is in Slack's own record
	lossy    bool // answers to people may be lost
	stop     context.CancelFunc
	retried  chan struct{} // closed when the retries' loop has ended
}

// plan is how a line wants its world.
type plan struct {
	Replicas   int
	Workspaces int
	Members    int // of each workspace
	// SmallDisk gives the world's own server a disk that can be filled, where this
	// program may mount one.
	SmallDisk bool
	// Settings are Postgres' of the world's own server.
	Settings []string
	// Bin is the program, built before; "" builds it.
	Bin string
	// DSN is the address that replicas are given; it may lead through what stands
	// between. nil: the world's own server, directly.
	DSN func(*server) string
	// External is the address of a database that the line brings, for the harness's own
	// reading; then no server is made and DSN must be set.
	External string
	Socket   bool // Slack delivers over Socket Mode
	// API is the address of Slack's API that replicas are given, for the one that it has;
	// nil: that.
	API     func(string) string
	Retries []time.Duration // of Slack; nil: retries
	Patient bool            // Slack has no limits of rate
	Env     []string        // of the replicas, besides what they need
}

// Retries are Slack's, thirty times faster: at once, after a minute, after five.
var retries = []time.Duration{0, 2 * time.Second, 10 * time.Second}

// newWorld makes a world in which everything is well: replicas serve, workspaces have
// installed Heed, and channels are set up.
func newWorld(ctx context.Context, p plan) (w *world, err error) {
	ctx, stop := context.WithCancel(ctx)
	w = &world{record: &record{}, stop: stop, retried: make(chan struct{})}
	defer func() {
		if err != nil {
			w.close()
			w = nil
		}
	}()
	if w.dir, w.remove, err = openFolder(); err != nil {
		return w, err
	}
	if p.Bin == "" {
		if p.Bin, err = buildHeed(ctx, w.dir); err != nil {
			return w, err
		}
	}
	reading, given := p.External, p.External
	if p.External == "" {
		at := diskIn(w.dir)
		if err = os.Mkdir(at, 0o755); err != nil { // #nosec G301 -- Postgres' own user passes through
			return w, err
		}
		if p.SmallDisk && mountDisk(at) {
			w.disk = at
		}
		if w.server, err = newServer(ctx, at, p.Settings...); err != nil {
			return w, err
		}
		reading, given = w.server.address(rootRole, heedRole), w.server.dsn()
	}
	if p.DSN != nil {
		given = p.DSN(w.server)
	}
	if w.db, err = open(reading); err != nil {
		return w, err
	}
	if p.Retries == nil {
		p.Retries = retries
	}
	w.slack = slackfake.New(slackfake.Config{RetryDelays: p.Retries})
	w.slack.LimitRates(!p.Patient)
	api := w.slack.APIURL()
	if p.API != nil {
		api = p.API(api)
	}
	w.front = newFront(ctx, w.record)
	w.slack.DeliverTo(w.front.url())
	if p.Socket {
		w.slack.DeliverTo("")
		w.socket = true
	}
	go w.retry(ctx)
	env := append([]string{
		"DATABASE_URL=" + given, "SLACK_API_URL=" + api, "SLACK_SIGNING_SECRET=" + w.slack.SigningSecret(),
		"SLACK_CLIENT_ID=" + w.slack.ClientID(), "SLACK_CLIENT_SECRET=" + w.slack.ClientSecret(),
		"HEED_PUBLIC_URL=" + w.front.url(), "HEED_SECRET_KEY=not a real key, for faults only", "HEED_UNDO=2s",
	}, p.Env...)
	if p.Socket {
		env = append(env, "SLACK_APP_TOKEN="+w.slack.AppToken())
	}
	for i := range p.Replicas {
		w.replicas = append(w.replicas, &replica{name: fmt.Sprintf("replica %d", i+1), bin: p.Bin, env: env})
	}
	for _, r := range w.replicas {
		if err = r.start(ctx); err != nil {
			return w, err
		}
	}
	w.front.serveTo(w.replicas...)
	if p.Socket {
		if err = w.slack.WaitForSockets(ctx, p.Replicas); err != nil {
			return w, err
		}
	}
	for i := range p.Workspaces {
		var t *team
		if t, err = w.addTeam(ctx, i, p.Members); err != nil {
			return w, err
		}
		w.teams = append(w.teams, t)
	}
	return w, nil
}

// retry makes Slack's retries when they are due, until ctx ends.
func (w *world) retry(ctx context.Context) {
	defer close(w.retried)
	for {
		if w.slack != nil {
			w.slack.DeliverRetries()
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// close ends all that the world started.
func (w *world) close() {
	w.stop()
	for _, r := range w.replicas {
		r.kill()
	}
	if w.slack != nil && w.front != nil {
		<-w.retried
	}
	if w.front != nil {
		w.front.close()
	}
	if w.slack != nil {
		w.slack.Close()
	}
	if w.db != nil {
		_ = w.db.Close()
	}
	_ = w.broken.end()
	if w.server != nil {
		_ = w.server.stop(syscall.SIGQUIT)
	}
	if w.disk != "" {
		unmount(w.disk)
	}
	w.remove()
}

// team is one workspace: its people and channels.
type team struct {
	*slackfake.Team
	members           []*slackfake.User
	zoe, ana, ben     *slackfake.User // admin, PM, PO
	support, requests *slackfake.Channel
	inside, all       *slackfake.Channel // digests, announcements
}

// noonZone is a zone in which it is about noon, so that nobody's quiet hours hold up what
// they are written.
func noonZone(now time.Time) string {
	switch off := 12 - now.UTC().Hour(); {
	case off > 0:
		return fmt.Sprintf("Etc/GMT-%d", off) // the signs of these names are the other way round
	case off < 0:
		return fmt.Sprintf("Etc/GMT+%d", -off)
	}
	return "Etc/GMT"
}

// historyScopes are asked for besides Heed's usual ones: with them it looks up what a
// replica that was killed may have sent.
var historyScopes = []string{"channels:history", "groups:history"}

// addTeam makes a workspace, installs Heed there as an admin does in the browser, and sets
// its channels up.
func (w *world) addTeam(ctx context.Context, n, members int) (*team, error) {
	t := &team{Team: w.slack.AddTeam(fmt.Sprintf("acme%d", n+1))}
	zone := noonZone(time.Now())
	for name, u := range map[string]**slackfake.User{"zoe": &t.zoe, "ana": &t.ana, "ben": &t.ben} {
		*u = t.AddUser(name).WithZone(zone)
	}
	t.zoe.WithRole(slackfake.Admin)
	for i := range members {
		t.members = append(t.members, t.AddUser(fmt.Sprintf("member%03d", i+1)).WithZone(zone))
	}
	if err := w.install(ctx, t); err != nil {
		return nil, fmt.Errorf("install in %s: %w", t.Domain, err)
	}
	everybody := append([]*slackfake.User{t.zoe, t.ana, t.ben, t.Bot()}, t.members...)
	for name, ch := range map[string]**slackfake.Channel{"support": &t.support, "requests": &t.requests, "inside": &t.inside, "all-acme": &t.all} {
		*ch = t.AddChannel(name, everybody...)
	}
	for _, c := range []struct {
		who  *slackfake.User
		in   *slackfake.Channel
		line string
	}{
		{t.zoe, t.requests, "/heed channel intake on"},
		{t.zoe, t.all, "/heed channel announce on"},
		{t.zoe, t.inside, "/heed role @ana pm"},
		{t.zoe, t.inside, "/heed role @ben po"},
		{t.ana, t.inside, "/heed digest here 0 9 * * 1"},
	} {
		name, text, _ := strings.Cut(c.line, " ")
		if err := c.who.Slash(c.in, name, text); err != nil {
			return nil, fmt.Errorf("%s: %w", c.line, err)
		}
	}
	var set int
	if err := w.db.GetContext(ctx, &set, `select count(*) from schedules s join workspaces w using (board_id, workspace_id) where w.ref = $1`, t.ID); err != nil {
		return nil, err
	}
	if set != 1 {
		return nil, errors.New("the digest is not set up")
	}
	return t, nil
}

// install follows the browser of who installs Heed from Heed to Slack and back.
func (w *world) install(ctx context.Context, t *team) error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	browser := &http.Client{Jar: jar, Timeout: 30 * time.Second, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasSuffix(r.URL.Path, "/oauth/v2/authorize") { // whoever installs chooses the workspace
			q := r.URL.Query()
			q.Set("team", t.ID)
			q.Set("scope", q.Get("scope")+","+strings.Join(historyScopes, ","))
			r.URL.RawQuery = q.Encode()
		}
		return nil
	}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.front.url()+"/slack/install", nil)
	if err != nil {
		return err
	}
	res, err := browser.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the callback answered %d", res.StatusCode)
	}
	if u, err := url.Parse(w.front.url()); err != nil || res.Request.URL.Host != u.Host {
		return errors.New("the browser did not come back to Heed")
	}
	return nil
}

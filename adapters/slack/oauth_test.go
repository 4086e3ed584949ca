package slack

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"heed/adapters/slack/slackfake"
	"heed/bot"
)

// kept remembers an install.
type kept struct {
	w         bot.Workspace
	token, by string
	err       error
}

func (k *kept) Installed(_ context.Context, w bot.Workspace, token, installer string) error {
	if k.err != nil {
		return k.err
	}
	k.w, k.token, k.by = w, token, installer
	return nil
}

func TestInstall(t *testing.T) {
	t.Parallel()
	type scene struct {
		*acme
		kept   *kept
		url    string
		client *http.Client
	}
	begin := func(t *testing.T) scene {
		k := &kept{}
		server := httptest.NewUnstartedServer(nil)
		server.Start()
		t.Cleanup(server.Close)
		x := &acme{T: t, slack: slackfake.New(slackfake.Config{}), core: &scriptedCore{}}
		t.Cleanup(x.slack.Close)
		x.team = x.slack.AddTeam("acme")
		x.zoe = x.team.AddUser("zoe").WithRole(slackfake.Admin)
		o := Options{APIURL: x.slack.APIURL(), OAuth: OAuth{
			ClientID: x.slack.ClientID(), ClientSecret: x.slack.ClientSecret(), PublicURL: server.URL, Store: k,
		}}
		x.adapter = New(o, NewMessenger(o), x.core)
		server.Config.Handler = x.adapter.Handler()
		jar, _ := cookiejar.New(nil)
		return scene{x, k, server.URL, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	}
	visit := func(x scene, address string) (int, string, *url.URL) {
		x.Helper()
		resp, err := x.client.Get(address)
		x.ok(err)
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		next, _ := resp.Location()
		return resp.StatusCode, string(body), next
	}
	t.Run("from the link to the token", func(t *testing.T) {
		t.Parallel()
		x := begin(t)
		status, _, ask := visit(x, x.url+"/slack/install")
		if status != http.StatusFound || !strings.HasPrefix(ask.String(), x.slack.AuthorizeURL()) || ask.Query().Get("scope") == "" {
			t.Fatalf("sent to %v (%d)", ask, status)
		}
		back := x.url + "/slack/oauth/callback?" + url.Values{"code": {x.zoe.IssueCode(splitScopes(ask.Query().Get("scope"))...)}, "state": {ask.Query().Get("state")}}.Encode()
		status, page, _ := visit(x, back)
		if status != http.StatusOK || !strings.Contains(page, "Heed is in") {
			t.Fatalf("answered %d: %s", status, page)
		}
		if x.kept.w.Ref != slackRef(x.team.ID) || x.kept.w.Name == "" || x.kept.w.BotAccount == "" || len(x.kept.w.Scopes) < 10 || x.kept.token == "" || x.kept.by != x.zoe.ID {
			t.Errorf("kept %+v", x.kept)
		}
		if strings.Contains(page, x.kept.token) {
			t.Error("the page holds the token")
		}
	})
	t.Run("a callback of another browser is refused", func(t *testing.T) {
		t.Parallel()
		x := begin(t)
		_, _, ask := visit(x, x.url+"/slack/install")
		x.client.Jar, _ = cookiejar.New(nil)
		status, _, _ := visit(x, x.url+"/slack/oauth/callback?code="+x.zoe.IssueCode()+"&state="+url.QueryEscape(ask.Query().Get("state")))
		if status != http.StatusBadRequest || x.kept.token != "" {
			t.Errorf("answered %d, kept %+v", status, x.kept)
		}
	})
	t.Run("a state that we did not make is refused", func(t *testing.T) {
		t.Parallel()
		x := begin(t)
		home, _ := url.Parse(x.url)
		x.client.Jar.SetCookies(home, []*http.Cookie{{Name: stateCookie, Value: "aa.9999999999.bb", Path: "/slack/"}})
		status, _, _ := visit(x, x.url+"/slack/oauth/callback?code="+x.zoe.IssueCode()+"&state=aa.9999999999.bb")
		if status != http.StatusBadRequest || x.kept.token != "" {
			t.Errorf("answered %d, kept %+v", status, x.kept)
		}
	})
	for name, tt := range map[string]struct {
		query string
		err   error
		want  int
	}{
		"no is an answer":          {"error=access_denied", nil, http.StatusOK},
		"a code that Slack denies": {"code=wrong", nil, http.StatusBadGateway},
		"a store that is away":     {"", errors.New("away"), http.StatusServiceUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := begin(t)
			x.kept.err = tt.err
			_, _, ask := visit(x, x.url+"/slack/install")
			q := tt.query
			if q == "" {
				q = "code=" + x.zoe.IssueCode()
			}
			status, page, _ := visit(x, x.url+"/slack/oauth/callback?"+q+"&state="+url.QueryEscape(ask.Query().Get("state")))
			if status != tt.want || x.kept.token != "" || !strings.Contains(page, "/slack/install") {
				t.Errorf("answered %d, kept %+v", status, x.kept)
			}
		})
	}
}

func TestAttach(t *testing.T) {
	t.Parallel()
	x := newAcme(t, slackfake.Config{})
	w, err := x.adapter.Attach(t.Context())
	x.ok(err)
	if w.Ref != slackRef(x.team.ID) || w.BotAccount != x.team.Bot().ID || len(w.Scopes) == 0 || w.Name == "" {
		t.Errorf("attached %+v", w)
	}
	x.team.Uninstall()
	if _, err = x.adapter.Attach(t.Context()); bot.FaultOf(err).Kind != bot.FaultRevoked {
		t.Errorf("with a revoked token: %v", err)
	}
}

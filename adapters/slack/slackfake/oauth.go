package slackfake

import (
	"net/http"
	"net/url"
	"strings"
)

type oauthCode struct {
	team     *Team
	user     *User
	scopes   []string
	redirect string
	used     bool
}

// IssueCode is a person agreeing to install the app: it returns the code that
// oauth.v2.access exchanges, once. With no scopes the [DefaultScopes] are
// granted.
func (u *User) IssueCode(scopes ...string) string {
	u.team.s.mu.Lock()
	defer u.team.s.mu.Unlock()
	return u.team.s.issueCode(u.team, u, scopes, "")
}

func (s *Server) issueCode(t *Team, u *User, scopes []string, redirect string) string {
	code := s.id("code")
	s.codes[code] = &oauthCode{team: t, user: u, scopes: scopes, redirect: redirect}
	return code
}

// serveAuthorize agrees at once, in the name of the first person of the
// workspace, and sends the browser back with code and state. With a wrong
// client_id it answers 400; with the query parameter deny=1 it comes back with
// error=access_denied.
func (s *Server) serveAuthorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	s.mu.Lock()
	t := s.team(q.Get("team"))
	if t == nil && len(s.teams) > 0 {
		t = s.teams[0]
	}
	answer := url.Values{"state": {q.Get("state")}}
	bad := err != nil || t == nil || q.Get("client_id") != s.config.ClientID
	switch {
	case bad:
	case q.Get("deny") != "":
		answer.Set("error", "access_denied")
	default:
		var by *User
		if len(t.users) > 0 {
			by = t.users[0]
		}
		var scopes []string
		if q.Get("scope") != "" {
			scopes = strings.Split(q.Get("scope"), ",")
		}
		answer.Set("code", s.issueCode(t, by, scopes, q.Get("redirect_uri")))
	}
	s.mu.Unlock()
	if bad {
		http.Error(w, "invalid client_id, team or redirect_uri", http.StatusBadRequest)
		return
	}
	kept := back.Query()
	for name := range answer {
		kept.Set(name, answer.Get(name))
	}
	back.RawQuery = kept.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

func oauthAccess(c *call) (object, *refusal) {
	code := c.s.codes[c.args["code"]]
	id, secret := c.args["client_id"], c.args["client_secret"]
	for _, name := range []string{"client_secret", "code"} {
		delete(c.args, name) // never in the record of calls
	}
	switch {
	case id != c.s.config.ClientID:
		return nil, refuse("invalid_client_id")
	case secret != c.s.config.ClientSecret:
		return nil, refuse("bad_client_secret")
	case code == nil:
		return nil, refuse("invalid_code")
	case code.used:
		return nil, refuse("code_already_used")
	case code.redirect != "" && c.args["redirect_uri"] != code.redirect:
		return nil, refuse("bad_redirect_uri")
	}
	code.used = true
	t := code.team
	access := t.install(code.scopes)
	answer := object{
		"access_token": access, "token_type": "bot", "scope": strings.Join(t.scopes(), ","),
		"bot_user_id": t.bot.ID, "app_id": c.s.appID, "team": object{"id": t.ID, "name": t.name},
		"enterprise": nil, "is_enterprise_install": false, "authed_user": object{},
	}
	if code.user != nil {
		t.installer = code.user
		answer["authed_user"] = object{"id": code.user.ID}
	}
	return answer, nil
}

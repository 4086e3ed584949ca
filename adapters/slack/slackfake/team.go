package slackfake

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// tokenKind tells a bot's token from an app's.
type tokenKind int

const (
	botToken tokenKind = iota
	appLevel
)

type token struct {
	kind   tokenKind
	team   *Team
	scopes []string
	dead   string // the error it answers with, once it is revoked
}

// Team is a workspace. Its id never changes.
type Team struct {
	ID     string
	Domain string

	s         *Server
	name      string
	users     []*User
	channels  []*Channel
	views     []*view
	bot       *User
	secret    string // the bot's token, the last one issued
	installed bool
	installer *User
}

// AddTeam makes a workspace with this domain, and the same name. The app is not
// installed in it yet.
func (s *Server) AddTeam(domain string) *Team {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := &Team{ID: s.id("T"), Domain: domain, name: domain, s: s}
	s.teams = append(s.teams, t)
	return t
}

// Install installs the app with these scopes, [DefaultScopes] when none are
// given, and returns the bot's token. Installing again issues a new token and
// keeps the bot's account; the old token stays as it was.
func (t *Team) Install(scopes ...string) string {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	return t.install(scopes)
}

func (t *Team) install(scopes []string) string {
	if len(scopes) == 0 {
		scopes = DefaultScopes
	}
	if t.bot == nil {
		t.bot = t.addUser("heed")
		t.bot.isBot, t.bot.botID, t.bot.realName, t.bot.zone = true, t.s.id("B"), "Heed", "America/Los_Angeles"
	}
	sum := sha256.Sum256([]byte(t.s.id("xoxb") + t.ID))
	t.secret = "xoxb-fake-" + hex.EncodeToString(sum[:8])
	t.installed = true
	t.s.tokens[t.secret] = &token{team: t, scopes: slices.Clone(scopes)}
	return t.secret
}

// Token is the bot's token that was issued last, valid or not; "" before the
// first install.
func (t *Team) Token() string {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	return t.secret
}

// SetScopes replaces the scopes of the bot's token.
func (t *Team) SetScopes(scopes ...string) {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	if tok := t.s.tokens[t.secret]; tok != nil {
		tok.scopes = slices.Clone(scopes)
	}
}

// Bot is the app's account in the workspace, nil before the first install.
func (t *Team) Bot() *User {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	return t.bot
}

// Name is the workspace's name as people see it.
func (t *Team) Name() string {
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	return t.name
}

// scopes of the living token, nil when there is none. Called with mu held.
func (t *Team) scopes() []string {
	if tok := t.s.tokens[t.secret]; tok != nil && tok.dead == "" {
		return tok.scopes
	}
	return nil
}

func (s *Server) team(id string) *Team {
	for _, t := range s.teams {
		if t.ID == id {
			return t
		}
	}
	return nil
}

func authTest(c *call) (object, *refusal) {
	if c.token.kind == appLevel {
		return object{"app_name": "Heed", "app_id": c.s.appID}, nil
	}
	t := c.team
	return object{
		"url": "https://" + t.Domain + ".slack.com/", "team": t.name, "user": t.bot.name,
		"team_id": t.ID, "user_id": t.bot.ID, "bot_id": t.bot.botID, "is_enterprise_install": false,
	}, nil
}

func authRevoke(c *call) (object, *refusal) {
	if c.args.bool("test") {
		return object{"revoked": false}, nil
	}
	c.token.dead = "token_revoked"
	c.then(c.team.tokensRevoked())
	return object{"revoked": true}, nil
}

func teamInfo(c *call) (object, *refusal) {
	t := c.team
	if id := c.args["team"]; id != "" && id != t.ID {
		if t = c.s.team(id); t == nil {
			return nil, refuse("team_not_found")
		}
	}
	return object{"team": object{
		"id": t.ID, "name": t.name, "url": "https://" + t.Domain + ".slack.com/", "domain": t.Domain,
		"email_domain": "", "icon": object{"image_default": true}, "is_verified": false,
		"avatar_base_url": "https://ca.slack-edge.example/", "lob_sales_home_enabled": false,
	}}, nil
}

func botsInfo(c *call) (object, *refusal) {
	for _, u := range c.team.users {
		if u.isBot && u.botID == c.args["bot"] {
			app := ""
			if u == c.team.bot {
				app = c.s.appID
			}
			return object{"bot": object{
				"id": u.botID, "deleted": u.deleted, "name": u.name, "updated": c.s.Now().Unix(),
				"app_id": app, "user_id": u.ID, "icons": object{},
			}}, nil
		}
	}
	return nil, refuse("bot_not_found")
}

package discordfake

import (
	"net/http"
	"slices"
	"strings"
)

func getGateway(c *call) (answer, *apiError) { return ok(object{"url": c.s.GatewayURL()}), nil }

// Source: https://docs.discord.com/developers/events/gateway#get-gateway-bot
func getGatewayBot(c *call) (answer, *apiError) {
	c.s.refillIdentifies()
	g := &c.s.gateway
	return ok(object{"url": c.s.GatewayURL(), "shards": c.s.config.Shards, "session_start_limit": object{
		"total": IdentifiesPerDay, "remaining": max(g.remaining, 0), "max_concurrency": MaxConcurrency,
		"reset_after": g.resetAt.Sub(c.s.Now()).Milliseconds(),
	}}), nil
}

// appFlags say which privileged intents a small app may use.
// Source: https://docs.discord.com/developers/resources/application#application-object-application-flags
func (s *Server) appFlags() int {
	flags := 0
	for intent, flag := range map[Intents]int{IntentGuildPresences: 1 << 13, IntentGuildMembers: 1 << 15, IntentMessageContent: 1 << 19} {
		if s.config.Privileged&intent != 0 {
			flags |= flag
		}
	}
	return flags
}

func getApplication(c *call) (answer, *apiError) {
	n := 0
	for _, g := range c.s.guilds {
		if g.botIn() {
			n++
		}
	}
	return ok(object{
		"id": c.s.appID, "name": "Heed", "icon": nil, "description": "", "summary": "", "type": nil, "bot": c.s.bot.wire(),
		"bot_public": true, "bot_require_code_grant": false, "verify_key": strings.Repeat("0", 64), "flags": c.s.appFlags(),
		"owner": object{"id": "100000000000000001", "username": "zoe", "discriminator": "0", "global_name": "Zoe", "avatar": nil},
		"team":  nil, "approximate_guild_count": n, "interactions_endpoint_url": nil, "event_webhooks_status": 1, "redirect_uris": []string{},
	}), nil
}

func getMe(c *call) (answer, *apiError) {
	out := c.s.bot.wire()
	out["verified"], out["mfa_enabled"], out["email"], out["flags"], out["locale"] = true, false, nil, 0, "en-US"
	return ok(out), nil
}

func getUser(c *call) (answer, *apiError) {
	if c.id("user") == "@me" {
		return getMe(c)
	}
	u := c.s.users[c.id("user")]
	if u == nil {
		return answer{}, unknownUser
	}
	return ok(u.wire()), nil
}

func getMyGuilds(c *call) (answer, *apiError) {
	limit, refused := c.limit(200, 200)
	if refused != nil {
		return answer{}, refused
	}
	out := []object{}
	for _, g := range c.s.guilds {
		if after := c.query.Get("after"); !g.botIn() || after != "" && !before(after, g.ID) || len(out) == limit {
			continue
		}
		out = append(out, object{
			"id": g.ID, "name": g.name, "icon": nil, "banner": nil, "owner": false,
			"permissions": text(g.base(g.members[c.s.bot.ID])), "features": []string{},
		})
		if c.query.Get("with_counts") == "true" {
			out[len(out)-1]["approximate_member_count"], out[len(out)-1]["approximate_presence_count"] = len(g.members), 1
		}
	}
	return ok(out), nil
}

func leaveGuild(c *call) (answer, *apiError) {
	g, refused := c.guild()
	if refused != nil {
		return answer{}, refused
	}
	g.s.dispatch(event{name: "GUILD_DELETE", guild: g, intents: IntentGuilds, data: func() object { return object{"id": g.ID} }})
	g.leave(c.s.bot)
	return noContent, nil
}

// openDM opens a direct message; whether the person takes any shows at the first
// message. Source: https://docs.discord.com/developers/resources/user#create-dm
func openDM(c *call) (answer, *apiError) {
	u := c.s.users[plain(c.body["recipient_id"])]
	if u == nil || u.isBot {
		return answer{}, invalid("recipient_id", "USER_INVALID", "The user is invalid.")
	}
	return ok(c.s.openDM(u).wire()), nil
}

// reachable says whether the bot may write to the person: they take direct messages and
// share a guild. Called with mu held.
func (s *Server) reachable(u *User) bool {
	return !u.closed && slices.ContainsFunc(s.guilds, func(g *Guild) bool { return g.botIn() && g.members[u.ID] != nil })
}

// guild finds the guild of the path; one that the bot is not in is unknown.
func (c *call) guild() (*Guild, *apiError) {
	for _, g := range c.s.guilds {
		if g.ID != c.id("guild") {
			continue
		}
		if !g.botIn() {
			break
		}
		if g.outage {
			return nil, &apiError{status: http.StatusServiceUnavailable, message: "503: Service Unavailable"}
		}
		return g, nil
	}
	return nil, unknownGuild
}

func getGuild(c *call) (answer, *apiError) {
	g, refused := c.guild()
	if refused != nil {
		return answer{}, refused
	}
	out := g.wire()
	if c.query.Get("with_counts") == "true" {
		out["approximate_member_count"], out["approximate_presence_count"] = len(g.members), 1
	}
	return ok(out), nil
}

func getGuildChannels(c *call) (answer, *apiError) {
	g, refused := c.guild()
	if refused != nil {
		return answer{}, refused
	}
	out := []object{}
	for _, ch := range g.channels {
		out = append(out, ch.wire())
	}
	return ok(out), nil
}

func postGuildChannel(c *call) (answer, *apiError) {
	g, refused := c.guild()
	if refused != nil {
		return answer{}, refused
	}
	if !g.base(g.members[c.s.bot.ID]).has(ManageChannels) {
		return answer{}, missingPermission
	}
	if refused := checkChannel(c.raw, ChannelKind(num(c.body, "type")) == ForumChannel); refused != nil {
		return answer{}, refused
	}
	ch := &Channel{
		s: c.s, ID: c.s.nextID(), guild: g, kind: ChannelKind(num(c.body, "type")), name: str(c.body, "name"),
		topic: str(c.body, "topic"), autoArchive: 1440,
	}
	g.channels = append(g.channels, ch)
	c.s.channels[ch.ID] = ch
	ch.changed("CHANNEL_CREATE")
	return created(ch.wire()), nil
}

func getRoles(c *call) (answer, *apiError) {
	g, refused := c.guild()
	if refused != nil {
		return answer{}, refused
	}
	return ok(g.wireRoles()), nil
}

func getEmojis(c *call) (answer, *apiError) {
	g, refused := c.guild()
	if refused != nil {
		return answer{}, refused
	}
	return ok(g.wireEmojis()), nil
}

func getMember(c *call) (answer, *apiError) {
	g, refused := c.guild()
	if refused != nil {
		return answer{}, refused
	}
	id := c.id("user")
	if c.s.users[id] == nil {
		return answer{}, unknownUser
	}
	m := g.members[id]
	if m == nil {
		return answer{}, unknownMember
	}
	return ok(m.wire()), nil
}

// getMembers needs the privileged intent.
// Source: https://docs.discord.com/developers/resources/guild#list-guild-members
func getMembers(c *call) (answer, *apiError) {
	g, refused := c.guild()
	if refused != nil {
		return answer{}, refused
	}
	if c.s.config.Privileged&IntentGuildMembers == 0 {
		return answer{}, missingAccess
	}
	limit, refused := c.limit(1, 1000)
	if refused != nil {
		return answer{}, refused
	}
	out := []object{}
	for _, m := range g.byID() {
		if before(c.query.Get("after"), m.user.ID) && len(out) < limit {
			out = append(out, m.wire())
		}
	}
	return ok(out), nil
}

func searchMembers(c *call) (answer, *apiError) {
	g, refused := c.guild()
	if refused != nil {
		return answer{}, refused
	}
	limit, refused := c.limit(1, 1000)
	if refused != nil {
		return answer{}, refused
	}
	out := []object{}
	for _, m := range g.byID() {
		prefix := strings.ToLower(c.query.Get("query"))
		if len(out) < limit && (strings.HasPrefix(strings.ToLower(m.user.name), prefix) || m.nick != "" && strings.HasPrefix(strings.ToLower(m.nick), prefix)) {
			out = append(out, m.wire())
		}
	}
	return ok(out), nil
}

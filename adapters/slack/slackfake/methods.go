package slackfake

// method is one method of the Web API.
type method struct {
	answer   func(*call) (object, *refusal) // runs with mu held
	scopes   []string                       // any one of them; the first is named in missing_scope
	tier     int                            // calls a minute a workspace; 0: not limited by this
	open     bool                           // needs no token
	appLevel bool                           // takes an app-level token
}

// Calls a minute of Slack's tiers.
// Source: https://docs.slack.dev/apis/web-api/rate-limits#tiers
const (
	tier2 = 20
	tier3 = 50
	tier4 = 100
)

var (
	readChannels  = []string{"channels:read", "groups:read", "im:read", "mpim:read"}
	readHistory   = []string{"channels:history", "groups:history", "im:history", "mpim:history"}
	manageScopes  = []string{"channels:manage", "groups:write", "im:write", "mpim:write"}
	createScopes  = []string{"channels:manage", "groups:write"}
	openScopes    = []string{"im:write", "mpim:write", "channels:manage", "groups:write"}
	topicScopes   = []string{"channels:manage", "groups:write", "im:write", "mpim:write", "channels:write.topic"}
	writeScopes   = []string{"chat:write"}
	usersScopes   = []string{"users:read"}
	addReaction   = []string{"reactions:write"}
	readReactions = []string{"reactions:read"}
)

// methods are those that the fake knows; any other answers unknown_method.
// Scopes and tiers: https://docs.slack.dev/reference/methods
var methods = map[string]method{
	"api.test":              {answer: apiTest, open: true},
	"auth.test":             {answer: authTest},
	"auth.revoke":           {answer: authRevoke},
	"oauth.v2.access":       {answer: oauthAccess, open: true},
	"apps.connections.open": {answer: connectionsOpen, appLevel: true, scopes: []string{"connections:write"}},
	"team.info":             {answer: teamInfo, scopes: []string{"team:read"}, tier: tier3},
	"bots.info":             {answer: botsInfo, scopes: usersScopes, tier: tier3},

	"users.info":          {answer: usersInfo, scopes: usersScopes, tier: tier4},
	"users.list":          {answer: usersList, scopes: usersScopes, tier: tier2},
	"users.conversations": {answer: usersConversations, scopes: readChannels, tier: tier3},

	"conversations.info":     {answer: conversationsInfo, scopes: readChannels, tier: tier3},
	"conversations.list":     {answer: conversationsList, scopes: readChannels, tier: tier2},
	"conversations.members":  {answer: conversationsMembers, scopes: readChannels, tier: tier4},
	"conversations.join":     {answer: conversationsJoin, scopes: []string{"channels:join"}, tier: tier3},
	"conversations.leave":    {answer: conversationsLeave, scopes: manageScopes, tier: tier3},
	"conversations.create":   {answer: conversationsCreate, scopes: createScopes, tier: tier2},
	"conversations.open":     {answer: conversationsOpen, scopes: openScopes, tier: tier3},
	"conversations.setTopic": {answer: conversationsSetTopic, scopes: topicScopes, tier: tier2},
	"conversations.history":  {answer: conversationsHistory, scopes: readHistory, tier: tier3},
	"conversations.replies":  {answer: conversationsReplies, scopes: readHistory, tier: tier3},

	"chat.postMessage":   {answer: chatPostMessage, scopes: writeScopes},
	"chat.postEphemeral": {answer: chatPostEphemeral, scopes: writeScopes, tier: tier4},
	"chat.update":        {answer: chatUpdate, scopes: writeScopes, tier: tier3},
	"chat.delete":        {answer: chatDelete, scopes: writeScopes, tier: tier3},
	"chat.getPermalink":  {answer: chatGetPermalink},

	"pins.add": {answer: pinsAdd, scopes: []string{"pins:write"}, tier: tier2},

	"reactions.add":    {answer: reactionsAdd, scopes: addReaction, tier: tier3},
	"reactions.remove": {answer: reactionsRemove, scopes: addReaction, tier: tier2},
	"reactions.get":    {answer: reactionsGet, scopes: readReactions, tier: tier3},

	"views.open":    {answer: viewsOpen, tier: tier4},
	"views.push":    {answer: viewsPush, tier: tier4},
	"views.update":  {answer: viewsUpdate, tier: tier4},
	"views.publish": {answer: viewsPublish, tier: tier4},
}

// DefaultScopes are those that [Team.Install] grants when none are named: what
// a bot needs that posts, reads reactions, joins public channels and answers
// direct messages. No history of channels.
var DefaultScopes = []string{
	"app_mentions:read", "channels:join", "channels:manage", "channels:read", "chat:write", "commands",
	"groups:read", "groups:write", "im:history", "im:read", "im:write", "mpim:read",
	"reactions:read", "reactions:write", "team:read", "users:read",
}

// DefaultEvents are the bot events that the app subscribes to unless the
// configuration names others: everything the fake can raise but for the
// messages of channels.
var DefaultEvents = []string{
	"app_home_opened", "app_mention", "app_rate_limited", "app_uninstalled", "tokens_revoked",
	"channel_archive", "channel_deleted", "channel_id_changed", "channel_left", "channel_rename", "channel_unarchive",
	"group_archive", "group_deleted", "group_left", "group_rename", "group_unarchive",
	"member_joined_channel", "member_left_channel", "message.im",
	"reaction_added", "reaction_removed", "team_join", "team_rename", "user_change",
}

func apiTest(c *call) (object, *refusal) {
	echo := object{}
	for name, value := range c.args {
		echo[name] = value
	}
	if code := c.args["error"]; code != "" {
		return nil, &refusal{code: code, extra: object{"args": echo}}
	}
	return object{"args": echo}, nil
}

package discordfake

import (
	"net/url"
	"strings"
)

// route is one of the API's: a method and a path as the documentation writes it.
type route struct {
	method, path string
	open         bool // no token is asked for: the path holds one
	answer       func(*call) (answer, *apiError)
}

// routes are all that the fake knows.
var routes = []route{
	{"GET", "/gateway", true, getGateway},
	{"GET", "/gateway/bot", false, getGatewayBot},
	{"GET", "/oauth2/applications/@me", false, getApplication},
	{"GET", "/applications/@me", false, getApplication},
	{"PATCH", "/applications/@me", false, getApplication},

	{"GET", "/users/@me", false, getMe},
	{"GET", "/users/@me/guilds", false, getMyGuilds},
	{"DELETE", "/users/@me/guilds/{guild}", false, leaveGuild},
	{"POST", "/users/@me/channels", false, openDM},
	{"GET", "/users/{user}", false, getUser},

	{"GET", "/guilds/{guild}", false, getGuild},
	{"GET", "/guilds/{guild}/channels", false, getGuildChannels},
	{"POST", "/guilds/{guild}/channels", false, postGuildChannel},
	{"GET", "/guilds/{guild}/roles", false, getRoles},
	{"GET", "/guilds/{guild}/emojis", false, getEmojis},
	{"GET", "/guilds/{guild}/members", false, getMembers},
	{"GET", "/guilds/{guild}/members/search", false, searchMembers},
	{"GET", "/guilds/{guild}/members/{user}", false, getMember},
	{"GET", "/guilds/{guild}/threads/active", false, getActiveThreads},

	{"GET", "/channels/{channel}", false, getChannel},
	{"PATCH", "/channels/{channel}", false, patchChannel},
	{"DELETE", "/channels/{channel}", false, deleteChannel},
	{"POST", "/channels/{channel}/typing", false, postTyping},

	{"GET", "/channels/{channel}/messages", false, getMessages},
	{"POST", "/channels/{channel}/messages", false, postMessage},
	{"POST", "/channels/{channel}/messages/bulk-delete", false, bulkDelete},
	{"GET", "/channels/{channel}/messages/{message}", false, getMessage},
	{"PATCH", "/channels/{channel}/messages/{message}", false, patchMessage},
	{"DELETE", "/channels/{channel}/messages/{message}", false, deleteMessage},

	{"PUT", "/channels/{channel}/messages/{message}/reactions/{emoji}/@me", false, putReaction},
	{"DELETE", "/channels/{channel}/messages/{message}/reactions/{emoji}/@me", false, deleteMyReaction},
	{"DELETE", "/channels/{channel}/messages/{message}/reactions/{emoji}/{user}", false, deleteReaction},
	{"GET", "/channels/{channel}/messages/{message}/reactions/{emoji}", false, getReactions},
	{"DELETE", "/channels/{channel}/messages/{message}/reactions/{emoji}", false, deleteEmojiReactions},
	{"DELETE", "/channels/{channel}/messages/{message}/reactions", false, deleteReactions},

	{"GET", "/channels/{channel}/pins", false, getOldPins},
	{"PUT", "/channels/{channel}/pins/{message}", false, putPin},
	{"DELETE", "/channels/{channel}/pins/{message}", false, deletePin},
	{"GET", "/channels/{channel}/messages/pins", false, getPins},
	{"PUT", "/channels/{channel}/messages/pins/{message}", false, putPin},
	{"DELETE", "/channels/{channel}/messages/pins/{message}", false, deletePin},

	{"POST", "/channels/{channel}/messages/{message}/threads", false, postThreadFromMessage},
	{"POST", "/channels/{channel}/threads", false, postThread},
	{"GET", "/channels/{channel}/threads/archived/public", false, getArchivedThreads},
	{"PUT", "/channels/{channel}/thread-members/@me", false, joinThread},
	{"DELETE", "/channels/{channel}/thread-members/@me", false, leaveThread},
	{"PUT", "/channels/{channel}/thread-members/{user}", false, addThreadMember},

	{"GET", "/applications/{app}/commands", false, getCommands},
	{"PUT", "/applications/{app}/commands", false, putCommands},
	{"POST", "/applications/{app}/commands", false, postCommand},
	{"GET", "/applications/{app}/commands/{command}", false, getCommand},
	{"PATCH", "/applications/{app}/commands/{command}", false, patchCommand},
	{"DELETE", "/applications/{app}/commands/{command}", false, deleteCommand},
	{"GET", "/applications/{app}/guilds/{guild}/commands", false, getCommands},
	{"PUT", "/applications/{app}/guilds/{guild}/commands", false, putCommands},
	{"POST", "/applications/{app}/guilds/{guild}/commands", false, postCommand},
	{"GET", "/applications/{app}/guilds/{guild}/commands/{command}", false, getCommand},
	{"PATCH", "/applications/{app}/guilds/{guild}/commands/{command}", false, patchCommand},
	{"DELETE", "/applications/{app}/guilds/{guild}/commands/{command}", false, deleteCommand},

	{"POST", "/interactions/{interaction}/{token}/callback", true, postCallback},
	{"POST", "/webhooks/{app}/{token}", true, postFollowup},
	{"GET", "/webhooks/{app}/{token}/messages/{message}", true, getFollowup},
	{"PATCH", "/webhooks/{app}/{token}/messages/{message}", true, patchFollowup},
	{"DELETE", "/webhooks/{app}/{token}/messages/{message}", true, deleteFollowup},
}

// find is the route of a request and what stands in its path. Of two that fit, the one
// that names more of the path is meant.
func find(method, path string) (route, map[string]string, *apiError) {
	best, found, refused := route{}, map[string]string(nil), notFound
	for _, x := range routes {
		values, fits := match(x.path, path)
		switch {
		case !fits:
		case x.method != method:
			if found == nil {
				refused = methodNotAllowed
			}
		case found == nil || len(values) < len(found):
			best, found, refused = x, values, nil
		}
	}
	return best, found, refused
}

// match is what stands at the names of a pattern.
func match(pattern, path string) (map[string]string, bool) {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return nil, false
	}
	values := map[string]string{}
	for i := range want {
		name, isName := strings.CutPrefix(want[i], "{")
		switch value, err := url.PathUnescape(got[i]); {
		case !isName && want[i] != got[i], err != nil, isName && value == "":
			return nil, false
		case isName:
			values[strings.TrimSuffix(name, "}")] = value
		}
	}
	return values, true
}

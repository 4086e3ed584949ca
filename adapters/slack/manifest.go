package slack

import (
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"strings"

	"heed/bot"
)

// Manifest says which app to describe.
type Manifest struct {
	PublicURL string // how Slack reaches Heed; not needed with Socket
	Socket    bool   // Socket Mode
	Prefix    string // before each command's name, e.g. "acme-", where names clash
	History   bool   // also ask to read channels, to find an own post again after a crash
}

// Scope is what the bot's token may do, why Heed wants it, and what people miss without
// it. Must: the main job needs it.
type Scope struct {
	Name, Reason, Cost string
	Must               bool
}

// Scopes are what Heed asks a workspace for, each with its reason.
func (m Manifest) Scopes() []Scope {
	out := []Scope{
		{"commands", "/feedback, /heed and the shortcuts", "Nobody can use /feedback and /heed.", true},
		{"chat:write", "cards, answers, the digest and announcements", "No card, answer or digest can be sent.", true},
		{"app_mentions:read", "an @mention of Heed is feedback", "Mentioning Heed does nothing.", false},
		{"im:history", "a direct message to Heed is feedback; Heed finds its own direct messages again", "What people write to Heed in a direct message is not heard, and after a crash one of Heed's may come twice.", false},
		{"im:write", "tells people in private what became of their request", "Nobody is told in private what became of their request.", false},
		{"reactions:read", "👍 on a card is a vote; after downtime votes are read back", "A 👍 on a card doesn't count; only the button does.", true},
		{"reactions:write", "marks a saved message, so that people see where a 👍 counts", "A saved message has no mark, so nobody sees that a 👍 counts there.", false},
		{"users:read", "names, time zones, who is an admin, a guest or a bot", "Nobody's name or time zone is known, nor who is an admin, a guest or a bot.", false},
		{"channels:read", "names of public channels, and whether Heed is in them", "Heed doesn't know the names of channels, nor whether it is in them.", false},
		{"groups:read", "the same for private channels that Heed was invited to", "The same of private channels.", false},
		{"channels:join", "joins a public channel where somebody asked for its cards", "Heed has to be invited to each public channel.", false},
		{"channels:manage", "makes #feedback when an admin presses that button", "The button that makes #feedback doesn't work.", false},
		{"team:read", "the workspace's name", "The workspace's name may be old.", false},
	}
	if m.History {
		out = append(out,
			Scope{"channels:history", "finds its own post again after a crash, so that none is doubled", "If Heed dies amid sending, a card in a public channel may come twice.", false},
			Scope{"groups:history", "the same in private channels", "If Heed dies amid sending, a card in a private channel may come twice.", false})
	}
	return out
}

func scopeNames(m Manifest) []string {
	var names []string
	for _, s := range m.Scopes() {
		names = append(names, s.Name)
	}
	return names
}

// botEvents are the events that Heed takes.
// https://docs.slack.dev/reference/events
var botEvents = []string{
	"app_home_opened", "app_mention", "app_uninstalled", "channel_archive", "channel_deleted", "channel_id_changed",
	"channel_left", "channel_rename", "channel_unarchive", "group_archive", "group_deleted", "group_left", "group_rename",
	"group_unarchive", "member_joined_channel", "member_left_channel", "message.im", "reaction_added",
	"reaction_removed", "team_join", "team_rename", "tokens_revoked", "user_change",
}

// The ids of the shortcuts.
const (
	shortcutSave = "save"
	shortcutGive = "give"
)

var prefixForm = regexp.MustCompile(`^[a-z0-9_-]{0,20}$`)

// Limits of a manifest: https://docs.slack.dev/reference/app-manifest
const (
	maxCommandDescription = 2000
	maxUsageHint          = 1000
	maxShortcutName       = 24
	maxShortcutText       = 150
)

// JSON is the manifest, indented, for "Create an app from a manifest".
// https://docs.slack.dev/reference/app-manifest
func (m Manifest) JSON() ([]byte, error) {
	base := strings.TrimSuffix(m.PublicURL, "/")
	if !m.Socket {
		u, err := url.Parse(base)
		if err != nil || u.Scheme != "https" || u.Host == "" {
			return nil, errors.New("the manifest needs HEED_PUBLIC_URL, an https address that Slack can reach; without one use Socket Mode (--socket)")
		}
	}
	if !prefixForm.MatchString(m.Prefix) {
		return nil, errors.New("a prefix has at most 20 lower-case letters, digits, dashes and underscores")
	}
	type object = map[string]any
	events := object{"bot_events": botEvents}
	interactivity := object{"is_enabled": true}
	oauth := object{"scopes": object{"bot": scopeNames(m)}}
	if !m.Socket {
		events["request_url"] = base + "/slack/events"
		interactivity["request_url"] = base + "/slack/interactions"
		oauth["redirect_urls"] = []string{base + "/slack/oauth/callback"}
	}
	var slashes []object
	for _, c := range m.commands() {
		s := object{"command": c.name, "description": c.text, "usage_hint": c.hint, "should_escape": true}
		if c.hint == "" {
			delete(s, "usage_hint")
		}
		if !m.Socket {
			s["url"] = base + "/slack/commands"
		}
		slashes = append(slashes, s)
	}
	var shortcuts []object
	for _, s := range bot.Shortcuts() {
		o := object{"name": cut(s.Name, maxShortcutName), "type": "global", "callback_id": shortcutGive, "description": cut(s.Summary, maxShortcutText)}
		if s.OnMessage {
			o["type"], o["callback_id"] = "message", shortcutSave
		}
		shortcuts = append(shortcuts, o)
	}
	manifest := object{
		"display_information": object{
			"name":             "Heed",
			"description":      "Turns what people say into requests and votes, and tells them when it ships",
			"background_color": "#3b2e5a",
		},
		"features": object{
			"app_home":       object{"home_tab_enabled": true, "messages_tab_enabled": true, "messages_tab_read_only_enabled": false},
			"bot_user":       object{"display_name": "Heed", "always_online": true},
			"shortcuts":      shortcuts,
			"slash_commands": slashes,
		},
		"oauth_config": oauth,
		"settings": object{
			"event_subscriptions":    events,
			"interactivity":          interactivity,
			"org_deploy_enabled":     false,
			"socket_mode_enabled":    m.Socket,
			"token_rotation_enabled": false,
		},
	}
	return json.MarshalIndent(manifest, "", "  ")
}

// slashCommand is a command as Slack's menu shows it.
type slashCommand struct{ name, text, hint string }

// commands come from the table of commands.
func (m Manifest) commands() []slashCommand {
	out := []slashCommand{{
		name: "/" + m.Prefix + "heed", text: "Requests, votes, roadmap and settings",
		hint: "top | mine | search WORDS | show 42 | help",
	}}
	for _, u := range bot.Usages() {
		if u.Slash {
			out = append(out, slashCommand{
				name: "/" + m.Prefix + string(u.Verb), text: cut(u.Summary, maxCommandDescription), hint: cut(u.Synopsis(), maxUsageHint),
			})
		}
	}
	return out
}

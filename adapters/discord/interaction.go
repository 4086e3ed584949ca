package discord

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bwmarrin/discordgo"

	"heed/bot"
)

// The kinds of interaction.
// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-interaction-type
const (
	interactionPing         = 1
	interactionCommand      = 2
	interactionComponent    = 3
	interactionAutocomplete = 4
	interactionModal        = 5
)

// The kinds of command, and of their options.
// https://docs.discord.com/developers/interactions/application-commands#application-command-object
const (
	commandChat    = 1
	commandMessage = 3
	commandEntry   = 4

	optionSub        = 1
	optionGroup      = 2
	optionString     = 3
	optionInteger    = 4
	optionBoolean    = 5
	optionUser       = 6
	optionChannel    = 7
	optionAttachment = 11
)

// interaction has the fields of every kind of interaction that Heed takes.
// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object
type interaction struct {
	ID          string          `json:"id"`
	Application string          `json:"application_id"`
	Type        int             `json:"type"`
	Token       string          `json:"token"`
	GuildID     string          `json:"guild_id"`
	ChannelID   string          `json:"channel_id"`
	Channel     wireChannel     `json:"channel"`
	Member      *wireMember     `json:"member"` // in a guild
	User        *wireUser       `json:"user"`   // outside of guilds
	Message     *pressedMessage `json:"message"`
	Data        interactionData `json:"data"`
	// Owners are for whom Heed is installed here: "0" the guild, "1" the person alone.
	Owners map[string]string `json:"authorizing_integration_owners"`
}

// pressedMessage is the message whose button was pressed.
type pressedMessage struct {
	ID    string `json:"id"`
	Flags int    `json:"flags"`
	Cause struct {
		ID string `json:"id"`
	} `json:"interaction_metadata"` // the act that it answered
}

type interactionData struct {
	Name       string            `json:"name"`
	Type       int               `json:"type"`
	Options    []commandOption   `json:"options"`
	Target     string            `json:"target_id"`
	CustomID   string            `json:"custom_id"`
	Values     []string          `json:"values"`
	Components []json.RawMessage `json:"components"`
	Resolved   struct {
		Users       map[string]wireUser       `json:"users"`
		Members     map[string]wireMember     `json:"members"`
		Messages    map[string]targetMessage  `json:"messages"`
		Attachments map[string]wireAttachment `json:"attachments"`
	} `json:"resolved"`
}

// commandOption is an argument, or a subcommand with its own.
type commandOption struct {
	Name    string          `json:"name"`
	Type    int             `json:"type"`
	Value   json.RawMessage `json:"value"`
	Focused bool            `json:"focused"`
	Options []commandOption `json:"options"`
}

// text is an option's value as it would be typed.
func (o commandOption) text() string {
	var s string
	if json.Unmarshal(o.Value, &s) == nil {
		return s
	}
	switch raw := strings.TrimSpace(string(o.Value)); raw {
	case "true":
		return string(bot.SwitchOn)
	case "false":
		return string(bot.SwitchOff)
	case "null":
		return ""
	default:
		if n, err := strconv.ParseFloat(raw, 64); err == nil && n == float64(int64(n)) {
			return strconv.FormatInt(int64(n), 10)
		}
		return raw
	}
}

// wireAttachment is a file.
// https://docs.discord.com/developers/resources/message#attachment-object
type wireAttachment struct {
	Filename    string `json:"filename"`
	ContentType string `json:"content_type"`
	URL         string `json:"url"`
	Size        int    `json:"size"`
}

// picture tells whether a file is one.
func (f wireAttachment) picture() bool {
	if f.ContentType != "" {
		return strings.HasPrefix(f.ContentType, "image/")
	}
	return pictureName.MatchString(f.Filename)
}

var pictureName = regexp.MustCompile(`(?i)\.(png|jpe?g|gif|webp|avif|bmp|heic)$`)

// targetMessage is the message that a message command is used on. What was forwarded,
// and what only an embed says, counts as its words.
type targetMessage struct {
	wireMessage
	Embeds []struct {
		Title       string `json:"title"`
		Description string `json:"description"`
	} `json:"embeds"`
	Snapshots []struct {
		Message struct {
			Content     string           `json:"content"`
			Attachments []wireAttachment `json:"attachments"`
		} `json:"message"`
	} `json:"message_snapshots"`
}

// words is what the message says.
func (m targetMessage) words() string {
	parts := []string{m.Content}
	for _, s := range m.Snapshots {
		parts = append(parts, s.Message.Content)
	}
	parts = slices.DeleteFunc(parts, func(s string) bool { return strings.TrimSpace(s) == "" })
	if len(parts) == 0 {
		for _, e := range m.Embeds {
			parts = append(parts, strings.TrimSpace(e.Title+"\n"+e.Description))
		}
	}
	return asRead(strings.TrimSpace(strings.Join(parts, "\n")), m.Mentions)
}

func (m targetMessage) pictures() int {
	n := 0
	for _, f := range m.Attachments {
		if (wireAttachment{Filename: f.Filename, ContentType: f.ContentType}).picture() {
			n++
		}
	}
	for _, s := range m.Snapshots {
		for _, f := range s.Message.Attachments {
			if f.picture() {
				n++
			}
		}
	}
	return n
}

// decodeInteraction reads an interaction; false where it is none that can be answered.
// A field of another kind than expected is left out: it must not lose the rest.
func decodeInteraction(data json.RawMessage) (interaction, bool) {
	i, ok := lenient[interaction](data)
	return i, ok && i.ID != "" && i.Token != "" && i.account().ID != ""
}

// account is who acts.
func (i interaction) account() wireUser {
	switch {
	case i.Member != nil:
		return i.Member.User
	case i.User != nil:
		return *i.User
	}
	return wireUser{}
}

// who is the actor as the interaction names them. In a guild that is all there is to
// know; the permissions are those in this channel, which hold the guild's own.
func (i interaction) who() bot.MemberSeen {
	if i.Member == nil {
		u := i.account()
		return bot.MemberSeen{Account: u.ID, Name: cmp.Or(u.GlobalName, u.Username)}
	}
	may := bits(i.Member.Permissions)
	return memberSeen(*i.Member, may&(discordgo.PermissionAdministrator|discordgo.PermissionManageGuild) != 0)
}

// action is what a press means: the button's own, or what was picked from a menu.
func (i interaction) action() bot.Action {
	if len(i.Data.Values) > 0 {
		return bot.Action(i.Data.Values[0])
	}
	return actionOf(i.Data.CustomID)
}

// installed tells whether Heed is in the interaction's guild, and not only brought along by
// the person.
func (i interaction) installed() bool {
	_, guild := i.Owners["0"]
	return i.GuildID != "" && (guild || len(i.Owners) == 0)
}

// private tells whether the message that was pressed is one that only this person
// sees, and which an answer may take the place of.
func (i interaction) private() bool { return i.Message != nil && i.Message.Flags&flagEphemeral != 0 }

// place is the channel that an act counts for, and the thread in it, if any. A private
// thread is a channel of its own: what is said there is not for all of its channel.
func (i interaction) place() (channel, thread string) {
	here := cmp.Or(i.ChannelID, i.Channel.ID)
	if i.Channel.isThread() && i.Channel.Type != threadPrivate && i.Channel.ParentID != "" {
		return i.Channel.ParentID, here
	}
	return here, ""
}

// seenChannel is the channel as the interaction names it. Whether everybody may see it is
// not said, so its kind is left open but for conversations and private threads.
func (i interaction) seenChannel() bot.ChannelSeen {
	ref, thread := i.place()
	seen := bot.ChannelSeen{Ref: ref}
	switch {
	case i.GuildID == "" || i.Channel.Type == channelDM || i.Channel.Type == channelGroupDM:
		seen.Kind = bot.DirectChannel
	case i.Channel.Type == threadPrivate:
		seen.Kind = bot.PrivateChannel
	case thread == "":
		seen.Name = i.Channel.Name
	}
	return seen
}

// call is the interaction as an act in a workspace.
func (i interaction) call(w bot.WorkspaceRef) bot.Call {
	_, thread := i.place()
	c := bot.Call{Key: i.ID, At: snowflakeTime(i.ID), Workspace: w, Channel: i.seenChannel(), Thread: thread, Member: i.who()}
	if i.Type == interactionComponent && i.Message != nil && !i.private() {
		c.Message = i.Message.ID
	}
	if i.Data.Type == commandMessage {
		c.Message = i.Data.Target
	}
	return c
}

// command is the command's verb with its arguments by name; of an autocompletion also
// the option that is being typed.
func (i interaction) command() (verb bot.Verb, values map[string]string, focused commandOption) {
	verb, options := bot.Verb(i.Data.Name), i.Data.Options
	for len(options) == 1 && (options[0].Type == optionSub || options[0].Type == optionGroup) {
		verb, options = bot.Verb(options[0].Name), options[0].Options
	}
	values = map[string]string{}
	for _, o := range options {
		values[o.Name] = o.text()
		if o.Focused {
			focused = o
		}
	}
	return verb, values, focused
}

// answers are a submitted form's values by the names of its fields.
func (i interaction) answers() map[string]string {
	out := map[string]string{}
	for _, c := range i.Data.Components {
		collect(c, out)
	}
	return out
}

// collect reads one component of a submitted form, whatever it stands in.
func collect(data json.RawMessage, out map[string]string) {
	c, ok := lenient[struct {
		Type       int               `json:"type"`
		CustomID   string            `json:"custom_id"`
		Value      json.RawMessage   `json:"value"`
		Values     []string          `json:"values"`
		Component  json.RawMessage   `json:"component"`
		Components []json.RawMessage `json:"components"`
	}](data)
	if !ok {
		return
	}
	if c.CustomID != "" {
		switch {
		case len(c.Values) > 0:
			out[c.CustomID] = chosen(c.Values[0])
		case string(c.Value) == "false":
			out[c.CustomID] = ""
		default:
			out[c.CustomID] = commandOption{Value: c.Value}.answer()
		}
	}
	if len(c.Component) > 0 {
		collect(c.Component, out)
	}
	for _, inner := range c.Components {
		collect(inner, out)
	}
}

// answer is text, but for nothing at all, which is no answer.
func (o commandOption) answer() string {
	if len(o.Value) == 0 {
		return ""
	}
	return o.text()
}

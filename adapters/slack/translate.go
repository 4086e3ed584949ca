package slack

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"

	"heed/bot"
)

// place is where an act came from, and so where its answer goes.
type place struct {
	workspace bot.WorkspaceRef
	account   string
	channel   string
	thread    string
	message   string
	answer    string // response_url, where there is one
	trigger   string // opens a form, for three seconds
	private   bool   // the act was on a private answer of Heed's
	conversed bool   // channel is the person's conversation with Heed
	view      string // modal or home, where the act was in one
}

func slackRef(team string) bot.WorkspaceRef {
	return bot.WorkspaceRef{Platform: bot.Slack, Ref: team}
}

// origin is p as a form carries it.
func (p place) origin() origin {
	return origin{Channel: p.channel, Thread: p.thread, Message: p.message, Answer: p.answer, Private: p.private, Conversed: p.conversed}
}

// from is p as it was where the form was opened.
func (p place) from(o origin) place {
	p.channel, p.thread, p.message, p.answer, p.private, p.conversed = o.Channel, o.Thread, o.Message, o.Answer, o.Private, o.Conversed
	return p
}

// channelNamed is a channel as commands and interactions name it; private ones
// and conversations come under a name that is none.
// https://docs.slack.dev/interactivity/implementing-slash-commands/#app_command_handling
func channelNamed(id, name string) bot.ChannelSeen {
	seen := bot.ChannelSeen{Ref: id}
	switch {
	case id == "":
	case strings.HasPrefix(id, "D") || name == "directmessage":
		seen.Kind = bot.DirectChannel
	case strings.HasPrefix(name, "mpdm-"):
		seen.Kind = bot.DirectChannel
	case name == "privategroup":
		seen.Kind = bot.PrivateChannel
	case name != "":
		seen.Kind, seen.Name = bot.PublicChannel, name
	}
	return seen
}

// channelTyped is a channel as events name it.
func channelTyped(id, kind string) bot.ChannelSeen {
	seen := bot.ChannelSeen{Ref: id}
	switch {
	case id == "":
	case kind == "im" || kind == "mpim" || strings.HasPrefix(id, "D"):
		seen.Kind = bot.DirectChannel
	case kind == "group" || kind == "G":
		seen.Kind = bot.PrivateChannel
	case kind == "channel" || kind == "C":
		seen.Kind = bot.PublicChannel
	}
	return seen
}

// who is an account as an act names it. The handle that comes with it is no name
// to show, so none is given; one of another company is known as such at once.
func who(account, home, team string) bot.MemberSeen {
	return bot.MemberSeen{Account: account, Guest: home != "" && team != "" && home != team}
}

// slashOf reads a command's form; a field given twice counts once.
func slashOf(form url.Values) slash {
	for _, values := range form {
		for i, v := range values {
			values[i] = bot.Legible(v)
		}
	}
	return slash{
		Team: form.Get("team_id"), Channel: form.Get("channel_id"), ChannelName: form.Get("channel_name"),
		User: form.Get("user_id"), Command: form.Get("command"), Text: form.Get("text"),
		Trigger: form.Get("trigger_id"), Answer: form.Get("response_url"),
	}
}

// call is a slash command as an act. It carries no time of its own.
func (s slash) call() bot.Call {
	return bot.Call{
		Key:       s.Trigger,
		Sent:      s.Sent,
		Workspace: slackRef(s.Team),
		Channel:   channelNamed(s.Channel, s.ChannelName),
		Member:    bot.MemberSeen{Account: s.User},
	}
}

func (s slash) place() place {
	return place{
		workspace: slackRef(s.Team), account: s.User, channel: s.Channel, answer: s.Answer, trigger: s.Trigger,
	}
}

// commands are the names that the core knows.
func commands() []string {
	names := []string{"/heed"}
	for _, u := range bot.Usages() {
		if u.Slash {
			names = append(names, "/"+string(u.Verb))
		}
	}
	return names
}

// name is the command without the prefix that an installation may have put before
// it ("/acme-heed"); one that is not known stays as it is.
func (s slash) name() string {
	for _, known := range commands() {
		if s.Command == known || strings.HasSuffix(s.Command, known[1:]) {
			return known
		}
	}
	return s.Command
}

// ballot is a reaction as a fact; false where it is on no message.
func (e event) ballot(team string) (bot.Ballot, bool) {
	if e.Item.Type != "message" || e.Item.Channel == "" || e.Item.TS == "" || e.User.ID == "" || e.Reaction == "" {
		return bot.Ballot{}, false
	}
	b := bot.Ballot{
		Workspace: slackRef(team), Account: e.User.ID, Channel: e.Item.Channel, Message: e.Item.TS,
		Emoji: e.Reaction, Act: bot.Support, At: timeOf(e.EventTS),
	}
	if e.Type == "reaction_removed" {
		b.Act = bot.Retract
	}
	return b, true
}

// spoken tells whether a message event is a person speaking to Heed: not a bot,
// not an edit, not one of Slack's own notices.
func (e event) spoken() bool {
	if e.BotID != "" || e.User.ID == "" || e.User.ID == slackbot || e.TS == "" {
		return false
	}
	switch e.Subtype {
	case "", "file_share", "thread_broadcast", "me_message":
		return e.Type == "app_mention" || e.ChannelType == "im" || strings.HasPrefix(e.Channel.ID, "D")
	}
	return false
}

// call is a message to Heed as an act. The same message may come as a mention and
// as a direct message: its place is its key.
func (e event) call(team string) bot.Call {
	return bot.Call{
		Key: e.Channel.ID + ":" + e.TS, At: timeOf(e.TS), Workspace: slackRef(team),
		Channel: channelTyped(e.Channel.ID, e.ChannelType), Thread: e.thread(), Message: e.TS,
		Member: who(e.User.ID, e.UserTeam, team),
	}
}

// thread is the first message of the thread that the message answers, "" for a
// message outside of threads or itself the first.
func (e event) thread() string {
	if e.ThreadTS == e.TS {
		return ""
	}
	return e.ThreadTS
}

func (e event) place(team string) place {
	return place{
		workspace: slackRef(team), account: e.User.ID, channel: e.Channel.ID, thread: e.thread(), message: e.TS,
		conversed: e.ChannelType == "im" || strings.HasPrefix(e.Channel.ID, "D"),
	}
}

// team is the workspace in which Heed is installed. In a channel shared between
// companies the one that is named first may be the other's, so what names the
// installation goes before it.
func (i interaction) team() string {
	switch {
	case i.View.Installed != "":
		return i.View.Installed
	case i.Message.AppID != "" && i.Message.AppID == i.AppID && i.Message.Team != "":
		return i.Message.Team
	case i.Team.ID != "":
		return i.Team.ID
	}
	return i.User.TeamID
}

// call is an interaction as an act.
func (i interaction) call() bot.Call {
	c := bot.Call{
		Key: i.Trigger, At: timeOf(i.ActionTS), Sent: i.Sent, Workspace: slackRef(i.team()),
		Channel: channelNamed(i.Channel.ID, i.Channel.Name), Thread: i.thread(),
		Member: who(i.User.ID, i.User.TeamID, i.team()),
	}
	if len(i.Actions) > 0 {
		c.At = timeOf(i.Actions[0].TS)
	}
	if !i.Container.Ephemeral {
		c.Message = i.Container.Message
	}
	if i.Type == "message_action" {
		c.Message = i.Message.TS
	}
	if o := originOf(i.View.Metadata); i.View.Type == "modal" {
		c.Channel, c.Thread, c.Message = channelNamed(o.Channel, ""), o.Thread, o.Message
		if o.Conversed {
			c.Channel.Kind = bot.DirectChannel
		}
	}
	return c
}

func (i interaction) thread() string {
	switch {
	case i.Container.Thread != "" && i.Container.Thread != i.Container.Message:
		return i.Container.Thread
	case i.Message.ThreadTS != "" && i.Message.ThreadTS != i.Message.TS:
		return i.Message.ThreadTS
	}
	return ""
}

func (i interaction) place() place {
	p := place{
		workspace: slackRef(i.team()), account: i.User.ID, channel: i.Channel.ID, thread: i.thread(),
		message: i.Container.Message, answer: i.Answer, trigger: i.Trigger, view: i.View.Type,
		conversed: strings.HasPrefix(i.Channel.ID, "D"),
	}
	if len(i.Actions) > 0 {
		p.private = i.Container.Ephemeral || strings.HasPrefix(i.Actions[0].ID, onReply.actions+".")
	}
	if p.view == "modal" {
		p = p.from(originOf(i.View.Metadata))
	}
	return p
}

// action is what a press means; "" for a button that only opened a link.
func (i interaction) action() bot.Action {
	if len(i.Actions) == 0 || strings.HasPrefix(i.Actions[0].ID, linkAction+".") {
		return ""
	}
	return bot.Action(i.Actions[0].Value)
}

// submission is a form as it was sent.
func (i interaction) submission() bot.Submission {
	s := bot.Submission{Form: i.View.CallbackID, State: originOf(i.View.Metadata).State, Values: map[string]string{}}
	for name, block := range i.View.State.Values {
		for _, v := range block {
			s.Values[name] = v.answered()
		}
	}
	return s
}

// key names a submission: sent twice it is the same, the next form in the same
// window is another.
func (v view) key() string {
	sum := sha256.Sum256([]byte(v.CallbackID + "\x00" + originOf(v.Metadata).State))
	return v.ID + ":" + hex.EncodeToString(sum[:8])
}

// inputs are the names of a view's fields, from top to bottom.
func (v view) inputs() []string {
	var names []string
	for _, b := range v.Blocks {
		if b.Type == "input" && b.ID != "" {
			names = append(names, b.ID)
		}
	}
	return names
}

// heard is the message that is being saved, but for what has to be asked for.
func (i interaction) heard() bot.Heard {
	m := i.Message
	h := bot.Heard{
		Message: m.TS, Thread: i.thread(), Words: m.text(), Pictures: len(m.Files), At: timeOf(m.TS),
		Author: who(m.User, m.UserTeam, i.team()),
	}
	if m.BotID != "" || m.Subtype == "bot_message" || m.User == "" || m.User == slackbot {
		h.Author.Bot = true
		h.Author.Name = m.Username
	}
	for _, r := range m.Reactions {
		for _, account := range r.Users {
			h.Votes = append(h.Votes, bot.Reacted{Account: account, Emoji: r.Name})
		}
	}
	return h
}

// unread tells whether the message has reactions whose people it does not name.
func (m message) unread() bool {
	for _, r := range m.Reactions {
		if len(r.Users) < r.Count {
			return true
		}
	}
	return false
}

// decodeInteraction reads an interaction; false where it is none.
func decodeInteraction(data []byte) (interaction, bool) {
	i, ok := raw[interaction](data)
	return i, ok && i.Type != ""
}

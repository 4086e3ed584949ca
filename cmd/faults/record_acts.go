package main

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// verdict is what Heed promised about an act.
type verdict int

const (
	unknown verdict = iota // no promise: cut, refused, or said to be uncertain
	kept                   // acknowledged: it must be there
	refused                // Heed said that it did not take it: it must not be there
)

// act is one thing that somebody did in the chat, over all its deliveries.
type act struct {
	Key     string // event id or trigger id: what a repeat has too
	Kind    actKind
	Team    string
	User    string
	Channel string
	Message string // what was reacted to or pressed, its ts
	Emoji   string
	Words   string // what was typed
	At      time.Time
	Adds    bool // a reaction that was put, not removed
	Verdict verdict
	Reply   string // what the person was answered, if that is known
	Answers []string
	// Silent is an acknowledgement with no word of what came of it, that came before Heed
	// gives up waiting for its database: where that is well, the act is kept.
	Silent bool
}

// soon is well below what Heed waits for its database before it acknowledges all the same.
const soon = 1500 * time.Millisecond

type actKind string

// What people of the load do.
const (
	reacted actKind = "reaction"
	pressed actKind = "press"   // [👍 Vote] on a card
	asked   actKind = "asked"   // /feedback words
	wrote   actKind = "wrote"   // words to Heed in a direct message
	saved   actKind = "saved"   // a message, by the form
	shipped actKind = "shipped" // an item, by the form
	ordered actKind = "ordered" // any other command
	other   actKind = "other"
)

// acts reads the deliveries as Slack's documentation tells them, and joins the attempts
// of one act. replies are the answers by response_url, by its last part.
func acts(all []delivery, replies map[string][]string) []act {
	byKey := map[string]int{}
	var out []act
	for _, d := range all {
		a, hook, ok := readAct(d)
		if !ok {
			continue
		}
		i, known := byKey[a.Key]
		if !known {
			i = len(out)
			byKey[a.Key] = i
			a.Answers = append(a.Answers, replies[hook]...)
			out = append(out, a)
		}
		out[i].judge(d)
	}
	return out
}

// judge takes one attempt's answer into the act's verdict.
func (a *act) judge(d delivery) {
	switch d.Path {
	case "/slack/events":
		if d.Status == 200 {
			a.Verdict = kept
		}
		return
	case "/slack/commands":
		if said := saidIn(d.Answer); said != "" {
			a.Answers = append([]string{said}, a.Answers...)
		}
	}
	if d.Status != 200 {
		return
	}
	if a.Kind == saved || a.Kind == shipped { // a form that can't be kept stays open, with errors
		if !strings.Contains(string(d.Answer), `"errors"`) && !slices.ContainsFunc(a.Answers, uncertain) {
			a.Verdict = kept
		}
		if slices.ContainsFunc(a.Answers, func(said string) bool { return holdsAny(said, "Nothing has changed") }) { // shipped already
			a.Verdict = refused
		}
		return
	}
	a.Silent = len(a.Answers) == 0 && d.Answered.Sub(d.Sent) < soon
	for _, said := range a.Answers {
		a.Reply = said
		switch {
		case uncertain(said):
			a.Verdict = unknown // honest, and no promise
			return
		case a.Kind == asked && holdsAny(said, "Saved as", "This sounds like", "is kept", "are kept", "Is this a command"):
			a.Verdict = kept
			return
		case a.Kind == asked && holdsAny(said, "Nothing was saved"):
			a.Verdict = refused
			return
		case a.Kind == pressed && holdsAny(said, "Counted", "counted already", "Noted for"):
			a.Verdict, a.Adds = kept, true
			return
		case a.Kind == pressed && holdsAny(said, "Taken back", "has no vote of yours", "have no vote on"):
			a.Verdict, a.Adds = kept, false
			return
		case a.Kind == ordered && holdsAny(said, "Nothing has changed", "Nothing was"):
			a.Verdict = refused
			return
		case a.Kind == ordered:
			a.Verdict = kept
			return
		}
	}
}

// uncertain are answers that say honestly that something may not be kept.
func uncertain(said string) bool {
	return holdsAny(said, "I couldn't", "That took longer than")
}

func holdsAny(text string, parts ...string) bool {
	for _, p := range parts {
		if strings.Contains(text, p) {
			return true
		}
	}
	return false
}

// readAct reads one delivery; false for what is no act of a person of the load.
func readAct(d delivery) (a act, hook string, ok bool) {
	switch d.Path {
	case "/slack/events":
		a, ok = readEvent(d.Body)
	case "/slack/commands":
		f, err := url.ParseQuery(string(d.Body))
		if err != nil {
			return a, "", false
		}
		a = act{Key: f.Get("trigger_id"), Kind: ordered, Team: f.Get("team_id"), User: f.Get("user_id"), Channel: f.Get("channel_id"), Words: f.Get("text"), At: d.Sent}
		if f.Get("command") == "/feedback" && a.Words != "" {
			a.Kind = asked
		}
		hook, ok = lastPart(f.Get("response_url")), true
	case "/slack/interactions":
		f, err := url.ParseQuery(string(d.Body))
		if err != nil {
			return a, "", false
		}
		a, hook, ok = readInteraction([]byte(f.Get("payload")))
		if a.At.IsZero() {
			a.At = d.Sent
		}
	}
	return a, hook, ok
}

// toPerson is the key of the answers that only a person saw, without a response_url.
func toPerson(team, user string) string { return team + "/" + user }

// Tokens by which words of the load are found again.
var (
	wishToken = regexp.MustCompile(`tok\d{6}`)
	howToken  = regexp.MustCompile(`how\d{6}`)
)

func lastPart(address string) string { return address[strings.LastIndexByte(address, '/')+1:] }

func readEvent(body []byte) (act, bool) {
	var e struct {
		TeamID  string `json:"team_id"`
		EventID string `json:"event_id"`
		Event   struct {
			Type, User, Reaction, Text, Channel, TS string
			ChannelType                             string `json:"channel_type"`
			EventTS                                 string `json:"event_ts"`
			BotID                                   string `json:"bot_id"`
			Subtype                                 string
			Item                                    struct{ Channel, TS string }
		}
	}
	if err := json.Unmarshal(body, &e); err != nil { // events whose user is an object say nothing here
		return act{}, false
	}
	a := act{Key: e.EventID, Team: e.TeamID, User: e.Event.User, At: timeOfTS(e.Event.EventTS)}
	switch {
	case e.Event.Type == "reaction_added" || e.Event.Type == "reaction_removed":
		a.Kind, a.Adds = reacted, e.Event.Type == "reaction_added"
		a.Channel, a.Message, a.Emoji = e.Event.Item.Channel, e.Event.Item.TS, e.Event.Reaction
	case e.Event.Type == "message" && e.Event.ChannelType == "im" && e.Event.BotID == "" && e.Event.Subtype == "":
		a.Kind, a.Words, a.Channel, a.Message = wrote, e.Event.Text, e.Event.Channel, e.Event.TS
	default:
		return a, false
	}
	return a, true
}

func readInteraction(payload []byte) (a act, hook string, ok bool) {
	var p struct {
		Type        string
		TriggerID   string `json:"trigger_id"`
		ResponseURL string `json:"response_url"`
		Team, User  struct{ ID string }
		Channel     struct{ ID string }
		Container   struct {
			MessageTS string `json:"message_ts"`
		}
		Message struct{ Text, TS string }
		Actions []struct {
			ActionTS string `json:"action_ts"`
			Text     struct{ Text string }
		}
		View struct {
			ID     string
			Blocks json.RawMessage
			State  json.RawMessage
		}
	}
	if err := json.Unmarshal(payload, &p); err != nil {
		return a, "", false
	}
	a = act{Key: p.TriggerID, Kind: other, Team: p.Team.ID, User: p.User.ID, Channel: p.Channel.ID}
	switch p.Type {
	case "block_actions":
		if len(p.Actions) == 0 || !strings.Contains(p.Actions[0].Text.Text, "👍 Vote") {
			return a, "", false
		}
		a.Kind, a.Message, a.At = pressed, p.Container.MessageTS, timeOfTS(p.Actions[0].ActionTS)
		return a, lastPart(p.ResponseURL), true
	case "view_submission":
		all := string(p.View.Blocks) + string(p.View.State)
		if a.Words = howToken.FindString(all); a.Words != "" {
			a.Kind = shipped
		} else if a.Words = wishToken.FindString(all); a.Words != "" {
			a.Kind = saved
		}
		return a, toPerson(a.Team, a.User), true
	}
	return a, "", false
}

// timeOfTS reads Slack's "1732269600.000100".
func timeOfTS(ts string) time.Time {
	seconds, fraction, _ := strings.Cut(ts, ".")
	var s, us int64
	for _, c := range seconds {
		s = s*10 + int64(c-'0')
	}
	for _, c := range fraction {
		us = us*10 + int64(c-'0')
	}
	if ts == "" {
		return time.Time{}
	}
	return time.Unix(s, us*1000).UTC()
}

// saidIn is the words of an answer in Slack's JSON, blocks and all: "" for none.
func saidIn(body []byte) string {
	var v any
	if len(body) == 0 || json.Unmarshal(body, &v) != nil {
		return ""
	}
	var out strings.Builder
	gather(v, &out)
	return out.String()
}

// gather joins every text in a JSON value, as a person reads them.
func gather(v any, out *strings.Builder) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			gather(x, out)
		}
	case map[string]any:
		if text, ok := v["text"].(string); ok {
			out.WriteString(text)
			out.WriteString("\n")
		}
		for name, x := range v {
			if _, plain := x.(string); !plain && name != "metadata" {
				gather(x, out)
			}
		}
	}
}

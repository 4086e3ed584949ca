package slack

import (
	"encoding/json"
	"time"
)

// What Slack sends, cut to the fields that Heed reads. Blocks are never decoded
// as a whole: one that we don't know must not lose the event.

// envelope is the outside of an event.
// https://docs.slack.dev/apis/events-api/#callback-field
type envelope struct {
	Type           string          `json:"type"`
	Challenge      string          `json:"challenge"`
	TeamID         string          `json:"team_id"`
	EventID        string          `json:"event_id"`
	MinuteLimited  int64           `json:"minute_rate_limited"`
	Event          json.RawMessage `json:"event"`
	Authorizations []struct {
		TeamID string `json:"team_id"`
		UserID string `json:"user_id"`
		IsBot  bool   `json:"is_bot"`
	} `json:"authorizations"`
}

// team is the workspace in which Heed is installed. In a channel shared between
// companies the event's own team may be the other one's.
func (e envelope) team() string {
	if len(e.Authorizations) > 0 && e.Authorizations[0].TeamID != "" {
		return e.Authorizations[0].TeamID
	}
	return e.TeamID
}

// bot is Heed's own account there, "" when not said.
func (e envelope) bot() string {
	if len(e.Authorizations) > 0 && e.Authorizations[0].IsBot {
		return e.Authorizations[0].UserID
	}
	return ""
}

// event has the fields of every kind of event that Heed hears. User and Channel
// are an id in some and an object in others.
type event struct {
	Type        string     `json:"type"`
	Subtype     string     `json:"subtype"`
	User        idOrObject `json:"user"`
	Channel     idOrObject `json:"channel"`
	ChannelType string     `json:"channel_type"`
	BotID       string     `json:"bot_id"`
	AppID       string     `json:"app_id"`
	UserTeam    string     `json:"user_team"`
	Text        string     `json:"text"`
	TS          string     `json:"ts"`
	ThreadTS    string     `json:"thread_ts"`
	EventTS     string     `json:"event_ts"`
	DeletedTS   string     `json:"deleted_ts"`
	Hidden      bool       `json:"hidden"`
	Files       []struct{} `json:"files"`
	Reaction    string     `json:"reaction"`
	Tab         string     `json:"tab"`
	Name        string     `json:"name"`
	OldChannel  string     `json:"old_channel_id"`
	NewChannel  string     `json:"new_channel_id"`
	Item        struct {
		Type    string `json:"type"`
		Channel string `json:"channel"`
		TS      string `json:"ts"`
	} `json:"item"`
	Tokens struct {
		Bot []string `json:"bot"`
	} `json:"tokens"`
}

// idOrObject is an id, or an object that has one.
type idOrObject struct {
	ID     string
	Name   string
	Object json.RawMessage // nil where only the id came
}

// UnmarshalJSON takes both forms; anything else leaves it empty.
func (x *idOrObject) UnmarshalJSON(raw []byte) error {
	if json.Unmarshal(raw, &x.ID) == nil {
		return nil
	}
	var o struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	if json.Unmarshal(raw, &o) == nil {
		x.ID, x.Name, x.Object = o.ID, o.Name, append(json.RawMessage(nil), raw...)
	}
	return nil
}

// slash is a command as its form or, over Socket Mode, its JSON has it.
// https://docs.slack.dev/interactivity/implementing-slash-commands/#app_command_handling
type slash struct {
	Team        string `json:"team_id"`
	Channel     string `json:"channel_id"`
	ChannelName string `json:"channel_name"`
	User        string `json:"user_id"`
	Command     string `json:"command"`
	Text        string `json:"text"`
	Trigger     string `json:"trigger_id"`
	Answer      string `json:"response_url"`

	Sent time.Time `json:"-"` // the signature's stamp; zero over a socket
}

// interaction has the fields of every kind of interaction that Heed takes.
// https://docs.slack.dev/reference/interaction-payloads
type interaction struct {
	Sent       time.Time `json:"-"` // the signature's stamp; zero over a socket
	Type       string    `json:"type"`
	CallbackID string    `json:"callback_id"`
	Trigger    string    `json:"trigger_id"`
	Answer     string    `json:"response_url"`
	ActionTS   string    `json:"action_ts"`
	AppID      string    `json:"api_app_id"`
	Team       struct {
		ID string `json:"id"`
	} `json:"team"`
	User struct {
		ID     string `json:"id"`
		TeamID string `json:"team_id"`
	} `json:"user"`
	Channel struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"channel"`
	Container struct {
		Type      string `json:"type"`
		Channel   string `json:"channel_id"`
		Message   string `json:"message_ts"`
		Thread    string `json:"thread_ts"`
		Ephemeral bool   `json:"is_ephemeral"`
	} `json:"container"`
	Message message `json:"message"`
	View    view    `json:"view"`
	Actions []struct {
		ID    string `json:"action_id"`
		Type  string `json:"type"`
		Value string `json:"value"`
		TS    string `json:"action_ts"`
	} `json:"actions"`
}

// message is a message that was pressed or is saved.
type message struct {
	Team      string     `json:"team"`
	User      string     `json:"user"`
	UserTeam  string     `json:"user_team"`
	BotID     string     `json:"bot_id"`
	AppID     string     `json:"app_id"`
	Subtype   string     `json:"subtype"`
	Username  string     `json:"username"`
	Text      string     `json:"text"`
	TS        string     `json:"ts"`
	ThreadTS  string     `json:"thread_ts"`
	Files     []struct{} `json:"files"`
	Reactions []struct {
		Name  string   `json:"name"`
		Count int      `json:"count"`
		Users []string `json:"users"`
	} `json:"reactions"`
	Attachments []struct {
		Pretext  string `json:"pretext"`
		Title    string `json:"title"`
		Text     string `json:"text"`
		Fallback string `json:"fallback"`
	} `json:"attachments"`
}

// view is a modal or the Home tab, as it was pressed or submitted.
type view struct {
	ID         string `json:"id"`
	Type       string `json:"type"`
	CallbackID string `json:"callback_id"`
	Metadata   string `json:"private_metadata"`
	Installed  string `json:"app_installed_team_id"`
	Root       string `json:"root_view_id"`
	Submit     struct {
		Text string `json:"text"`
	} `json:"submit"`
	State struct {
		Values map[string]map[string]stateValue `json:"values"`
	} `json:"state"`
	Blocks []struct {
		Type string `json:"type"`
		ID   string `json:"block_id"`
	} `json:"blocks"`
}

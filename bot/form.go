package bot

import (
	"maps"
	"slices"
)

// Form asks a person. Its State holds ids, never words; what a person may lose
// is kept on the server.
type Form struct {
	ID     string // which handler takes it
	State  string // given back with the answers, at most 2,000 bytes
	Title  string // at most 24 runes
	Submit string // the button, at most 24 runes
	Fields []Field
}

// Field is one of TextField, ChoiceField, CheckField, MemberField, ChannelField,
// InfoField. Every adapter renders all of them.
type Field interface{ field() }

// TextField takes a line, or several.
type TextField struct {
	Name, Label, Hint string
	Placeholder       string
	Value             string
	Lines             bool // several lines
	Max               int  // runes; 0: what the platform takes, at most 3,000
	Optional          bool
}

// ChoiceField takes one of a few options, drawn as a list.
type ChoiceField struct {
	Name, Label, Hint string
	Options           []Option
	Value             string
	Optional          bool
}

// Option is one choice.
type Option struct{ Value, Label string }

// CheckField takes a yes or no; its value is "on" or "".
type CheckField struct {
	Name, Label string
	Text        string
	On          bool
}

// MemberField takes a person of the workspace; its value is the account.
type MemberField struct {
	Name, Label, Hint string
	Value             string
	Optional          bool
}

// ChannelField takes a channel; its value is the channel's ref.
type ChannelField struct {
	Name, Label, Hint string
	Value             string
	Optional          bool
}

// InfoField is text between fields.
type InfoField struct{ Doc Doc }

func (TextField) field()    {}
func (ChoiceField) field()  {}
func (CheckField) field()   {}
func (MemberField) field()  {}
func (ChannelField) field() {}
func (InfoField) field()    {}

// Submission is a form as a person sent it: a value for each named field.
type Submission struct {
	Form   string
	State  string
	Values map[string]string
}

// parts are what tells it from another form, or the same with other answers.
func (s Submission) parts() []string {
	out := []string{"form", s.Form, s.State}
	for _, name := range slices.Sorted(maps.Keys(s.Values)) {
		out = append(out, name, s.Values[name])
	}
	return out
}

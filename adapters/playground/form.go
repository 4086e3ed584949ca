package playground

import (
	"heed/bot"
)

// form is a dialog as the page's script draws it.
type form struct {
	Key    string  `json:"key"`              // of this opening: sent twice it is the same act
	Opened string  `json:"opened,omitempty"` // the command or press that opened it
	ID     string  `json:"id"`
	State  string  `json:"state,omitempty"`
	Title  string  `json:"title"`
	Submit string  `json:"submit"`
	Fields []field `json:"fields"`
}

// field is one of the core's fields. Its kind says which of the others count.
type field struct {
	Kind        string   `json:"kind"` // text, choice, check, info
	Name        string   `json:"name,omitempty"`
	Label       string   `json:"label,omitempty"`
	Hint        string   `json:"hint,omitempty"`
	Placeholder string   `json:"placeholder,omitempty"`
	Value       string   `json:"value,omitempty"`
	Text        string   `json:"text,omitempty"`
	Lines       bool     `json:"lines,omitempty"`
	Max         int      `json:"max,omitempty"`
	Optional    bool     `json:"optional,omitempty"`
	Options     []option `json:"options,omitempty"`
	Blocks      []block  `json:"blocks,omitempty"`
}

type option struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// fieldRunes is what a text field takes when the core names no limit, as much as
// Slack's.
const fieldRunes = 3000

// renderForm draws a form. Members and channels are chosen from lists, of those that
// the person who asks may see.
func (a *Adapter) renderForm(f bot.Form, as, key, opened string) form {
	out := form{Key: key, Opened: opened, ID: f.ID, State: f.State, Title: f.Title, Submit: f.Submit, Fields: []field{}}
	if out.Submit == "" {
		out.Submit = "Send"
	}
	for _, x := range f.Fields {
		switch x := x.(type) {
		case bot.TextField:
			most := x.Max
			if most == 0 {
				most = fieldRunes
			}
			out.Fields = append(out.Fields, field{
				Kind: "text", Name: x.Name, Label: x.Label, Hint: x.Hint, Placeholder: x.Placeholder,
				Value: x.Value, Lines: x.Lines, Max: most, Optional: x.Optional,
			})
		case bot.ChoiceField:
			c := field{Kind: "choice", Name: x.Name, Label: x.Label, Hint: x.Hint, Value: x.Value, Optional: x.Optional}
			for _, o := range x.Options {
				c.Options = append(c.Options, option(o))
			}
			out.Fields = append(out.Fields, c)
		case bot.CheckField:
			c := field{Kind: "check", Name: x.Name, Label: x.Label, Text: x.Text}
			if x.On {
				c.Value = "on"
			}
			out.Fields = append(out.Fields, c)
		case bot.MemberField:
			c := field{Kind: "choice", Name: x.Name, Label: x.Label, Hint: x.Hint, Value: x.Value, Optional: x.Optional}
			for _, p := range a.people {
				c.Options = append(c.Options, option{p.Account, p.Name + " · " + p.Title})
			}
			out.Fields = append(out.Fields, c)
		case bot.ChannelField:
			c := field{Kind: "choice", Name: x.Name, Label: x.Label, Hint: x.Hint, Value: x.Value, Optional: x.Optional}
			for _, r := range a.chat.rooms() {
				if r.Kind != bot.DirectChannel && a.chat.sees(as, r.Ref, "") {
					c.Options = append(c.Options, option{r.Ref, "#" + r.Name})
				}
			}
			out.Fields = append(out.Fields, c)
		case bot.InfoField:
			out.Fields = append(out.Fields, field{Kind: "info", Blocks: renderDoc("info", x.Doc).Blocks})
		}
	}
	return out
}

package discord

import (
	"encoding/json"

	"heed/bot"
)

// draft is a form that is open, or that could not be sent yet: the form itself, since
// Discord gives nothing of it back, and what was filled in so far.
type draft struct {
	Form    bot.Form
	Values  map[string]string // as far as filled in
	Channel bot.ChannelSeen   // where it was opened
	Thread  string
	Message string

	workspace bot.WorkspaceRef
	account   string
	key       string
	here      bool // only this process has it as it is
}

// keptDraft is a draft as JSON. Fields and blocks are sealed types, so each kind has a
// place of its own.
type keptDraft struct {
	ID, State, Title, Submit string
	Fields                   []keptField
	Values                   map[string]string
	Channel                  bot.ChannelSeen
	Thread, Message          string
}

type keptField struct {
	Text    *bot.TextField    `json:",omitempty"`
	Choice  *bot.ChoiceField  `json:",omitempty"`
	Check   *bot.CheckField   `json:",omitempty"`
	Member  *bot.MemberField  `json:",omitempty"`
	Channel *bot.ChannelField `json:",omitempty"`
	Info    []keptBlock       `json:",omitempty"`
}

type keptBlock struct {
	Heading *bot.Heading `json:",omitempty"`
	Para    *bot.Para    `json:",omitempty"`
	Quote   *bot.Quote   `json:",omitempty"`
	Small   *bot.Small   `json:",omitempty"`
	Row     *bot.Row     `json:",omitempty"`
	Bars    bot.Bars     `json:",omitempty"`
	Rule    *bot.Rule    `json:",omitempty"`
	Buttons bot.Buttons  `json:",omitempty"`
}

// marshal is d as JSON.
func (d draft) marshal() ([]byte, error) {
	k := keptDraft{
		ID: d.Form.ID, State: d.Form.State, Title: d.Form.Title, Submit: d.Form.Submit, Values: d.Values,
		Channel: d.Channel, Thread: d.Thread, Message: d.Message,
	}
	for _, f := range d.Form.Fields {
		var x keptField
		switch f := f.(type) {
		case bot.TextField:
			x.Text = &f
		case bot.ChoiceField:
			x.Choice = &f
		case bot.CheckField:
			x.Check = &f
		case bot.MemberField:
			x.Member = &f
		case bot.ChannelField:
			x.Channel = &f
		case bot.InfoField:
			x.Info = keepDoc(f.Doc)
		}
		k.Fields = append(k.Fields, x)
	}
	return json.Marshal(k)
}

// unmarshalDraft reads what marshal wrote.
func unmarshalDraft(data []byte) (draft, error) {
	var k keptDraft
	if err := json.Unmarshal(data, &k); err != nil {
		return draft{}, err
	}
	d := draft{
		Form:   bot.Form{ID: k.ID, State: k.State, Title: k.Title, Submit: k.Submit},
		Values: k.Values, Channel: k.Channel, Thread: k.Thread, Message: k.Message,
	}
	for _, x := range k.Fields {
		switch {
		case x.Text != nil:
			d.Form.Fields = append(d.Form.Fields, *x.Text)
		case x.Choice != nil:
			d.Form.Fields = append(d.Form.Fields, *x.Choice)
		case x.Check != nil:
			d.Form.Fields = append(d.Form.Fields, *x.Check)
		case x.Member != nil:
			d.Form.Fields = append(d.Form.Fields, *x.Member)
		case x.Channel != nil:
			d.Form.Fields = append(d.Form.Fields, *x.Channel)
		default:
			d.Form.Fields = append(d.Form.Fields, bot.InfoField{Doc: docOf(x.Info)})
		}
	}
	return d, nil
}

func keepDoc(doc bot.Doc) []keptBlock {
	var out []keptBlock
	for _, b := range doc {
		var x keptBlock
		switch b := b.(type) {
		case bot.Heading:
			x.Heading = &b
		case bot.Para:
			x.Para = &b
		case bot.Quote:
			x.Quote = &b
		case bot.Small:
			x.Small = &b
		case bot.Row:
			x.Row = &b
		case bot.Bars:
			x.Bars = b
		case bot.Rule:
			x.Rule = &b
		case bot.Buttons:
			x.Buttons = b
		}
		out = append(out, x)
	}
	return out
}

func docOf(all []keptBlock) bot.Doc {
	var out bot.Doc
	for _, x := range all {
		switch {
		case x.Heading != nil:
			out = append(out, *x.Heading)
		case x.Para != nil:
			out = append(out, *x.Para)
		case x.Quote != nil:
			out = append(out, *x.Quote)
		case x.Small != nil:
			out = append(out, *x.Small)
		case x.Row != nil:
			out = append(out, *x.Row)
		case x.Rule != nil:
			out = append(out, *x.Rule)
		case x.Bars != nil:
			out = append(out, x.Bars)
		case x.Buttons != nil:
			out = append(out, x.Buttons)
		}
	}
	return out
}

// filled is the form with what was filled in so far.
func (d draft) filled() bot.Form { return filled(d.Form, d.Values) }

// submission is the whole form as it stands.
func (d draft) submission() bot.Submission {
	s := bot.Submission{Form: d.Form.ID, State: d.Form.State, Values: map[string]string{}}
	for _, f := range d.filled().Fields {
		switch f := f.(type) {
		case bot.TextField:
			s.Values[f.Name] = f.Value
		case bot.ChoiceField:
			s.Values[f.Name] = f.Value
		case bot.CheckField:
			s.Values[f.Name] = ""
			if f.On {
				s.Values[f.Name] = checkOn
			}
		case bot.MemberField:
			s.Values[f.Name] = f.Value
		case bot.ChannelField:
			s.Values[f.Name] = f.Value
		}
	}
	return s
}

// typed are the words that somebody wrote into it, as far as they are their own.
func (d draft) typed() string {
	text := ""
	for _, f := range d.Form.Fields {
		if f, ok := f.(bot.TextField); ok && d.Values[f.Name] != "" && d.Values[f.Name] != typedValue(f) {
			if text != "" {
				text += "\n\n"
			}
			text += d.Values[f.Name]
		}
	}
	return text
}

// pageOf is the page on which the first of these fields stands; the first page when
// none does.
func (d draft) pageOf(wrong map[string]string) int {
	for n, page := range formPages(d.Form) {
		for _, f := range page {
			if name := fieldName(f); name != "" && wrong[name] != "" {
				return n
			}
		}
	}
	return 0
}

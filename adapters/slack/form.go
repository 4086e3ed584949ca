package slack

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"heed/bot"
)

// origin is where a form was opened: it travels in the view's private metadata,
// so that the answer goes back there.
type origin struct {
	State     string `json:"s,omitempty"` // the form's own
	Channel   string `json:"c,omitempty"`
	Thread    string `json:"t,omitempty"`
	Message   string `json:"m,omitempty"`
	Answer    string `json:"u,omitempty"` // the response_url of the act that opened it
	Private   bool   `json:"p,omitempty"` // that act was on a private answer, which Replace may take the place of
	Conversed bool   `json:"d,omitempty"` // Channel is the person's direct conversation with Heed
}

// metadata packs o; the response_url goes overboard before anything else does.
func (o origin) metadata() string {
	raw, _ := json.Marshal(o)
	if utf8.RuneCount(raw) > maxPrivateMetadata {
		o.Answer = ""
		raw, _ = json.Marshal(o)
	}
	return string(raw)
}

// originOf unpacks what metadata packed; anything else gives the zero origin.
func originOf(metadata string) origin {
	var o origin
	if json.Unmarshal([]byte(metadata), &o) != nil {
		return origin{}
	}
	return o
}

// The names of a form's parts: every input's block is called as its field.
const (
	optionMark = "=" // before option values, which Slack does not take empty
	checkOn    = "on"
)

// drawForm renders a form as a modal.
func drawForm(f bot.Form, from origin) slack.ModalViewRequest {
	from.State = f.State
	d := drawing{on: onView, inputID: inputAction(f)}
	for _, field := range f.Fields {
		d.field(field)
	}
	if len(d.blocks) == 0 {
		d.rich(section(bot.Literal("There is nothing to fill in here.")))
	}
	submit := f.Submit
	if submit == "" {
		submit = "Send"
	}
	return slack.ModalViewRequest{
		Type:            slack.VTModal,
		Title:           plain(orDash(cut(f.Title, maxViewTitle))),
		Submit:          plain(cut(submit, maxViewButton)),
		Close:           plain("Cancel"),
		CallbackID:      f.ID,
		PrivateMetadata: from.metadata(),
		Blocks:          slack.Blocks{BlockSet: fit(d.blocks, onView)},
	}
}

// inputAction is the action_id of a form's inputs. Slack keeps what was typed in a
// window whose inputs keep their ids, which must not happen from one form to the next.
func inputAction(f bot.Form) string {
	sum := sha256.Sum256([]byte(f.ID + "\x00" + f.State))
	return "value." + hex.EncodeToString(sum[:6])
}

// drawHome renders a person's own page.
func drawHome(h bot.Home) slack.HomeTabViewRequest {
	blocks := drawContent(h).Blocks
	if len(blocks) == 0 {
		blocks = drawBlocks(bot.Doc{bot.Para{Text: bot.Literal("There is nothing here yet.")}}, onView)
	}
	return slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: blocks}}
}

// field adds one field of a form.
func (d *drawing) field(f bot.Field) {
	switch f := f.(type) {
	case bot.TextField:
		limit := maxInputLength
		if f.Max > 0 {
			limit = min(f.Max, maxInputLength)
		}
		in := slack.NewPlainTextInputBlockElement(nil, d.inputID)
		in.Multiline, in.MaxLength, in.InitialValue = f.Lines, limit, cut(f.Value, limit)
		if f.Placeholder != "" {
			in.Placeholder = plain(cut(f.Placeholder, maxPlaceholder))
		}
		d.input(f.Name, f.Label, f.Hint, f.Optional, in)
	case bot.ChoiceField:
		d.choice(f)
	case bot.CheckField:
		on := slack.NewOptionBlockObject(checkOn, plain(orDash(cut(f.Text, maxOptionText))), nil)
		in := slack.NewCheckboxGroupsBlockElement(d.inputID, on)
		if f.On {
			in.InitialOptions = []*slack.OptionBlockObject{on}
		}
		label, hint := f.Label, ""
		if label == "" {
			label = f.Text
		}
		if utf8.RuneCountInString(f.Text) > maxOptionText {
			hint = f.Text
		}
		d.input(f.Name, label, hint, true, in)
	case bot.MemberField:
		in := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, plain("Somebody"), d.inputID)
		in.InitialUser = f.Value
		d.input(f.Name, f.Label, f.Hint, f.Optional, in)
	case bot.ChannelField:
		in := slack.NewOptionsSelectBlockElement(slack.OptTypeConversations, plain("A channel"), d.inputID)
		in.InitialConversation = f.Value
		in.Filter = &slack.SelectBlockElementFilter{Include: []string{"public", "private"}, ExcludeBotUsers: true}
		d.input(f.Name, f.Label, f.Hint, f.Optional, in)
	case bot.InfoField:
		inner := drawBlocks(f.Doc, surface{fmt.Sprintf("%s.%d", d.on.actions, len(d.blocks)), maxViewBlocks})
		d.blocks = append(d.blocks, inner...)
	}
}

// choice adds a list to choose from; more options than a list takes go in groups.
func (d *drawing) choice(f bot.ChoiceField) {
	in := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain("Choose"), d.inputID)
	var options []*slack.OptionBlockObject
	for _, o := range f.Options {
		if len(optionMark+o.Value) > maxOptionValue || len(options) == maxOptions*maxGroups {
			continue
		}
		x := slack.NewOptionBlockObject(optionMark+o.Value, plain(orDash(cut(o.Label, maxOptionText))), nil)
		if o.Value == f.Value {
			in.InitialOption = x
		}
		options = append(options, x)
	}
	switch {
	case len(options) == 0:
		d.small(bot.Literal(f.Label + ": there is nothing to choose from yet."))
		return
	case len(options) <= maxOptions:
		in.Options = options
	default:
		for from := 0; from < len(options); from += maxOptions {
			to := min(from+maxOptions, len(options))
			in.OptionGroups = append(in.OptionGroups, slack.NewOptionGroupBlockElement(plain(fmt.Sprintf("%d–%d", from+1, to)), options[from:to]...))
		}
	}
	d.input(f.Name, f.Label, f.Hint, f.Optional, in)
}

func (d *drawing) input(name, label, hint string, optional bool, in slack.BlockElement) {
	b := slack.NewInputBlock(name, plain(orDash(cut(label, maxInputLabel))), nil, in)
	if hint != "" {
		b.Hint = plain(cut(hint, maxInputHint))
	}
	b.Optional = optional
	d.add(b)
}

// stateValue is one input's answer, as it stands in a submitted view.
type stateValue struct {
	Type                 string        `json:"type"`
	Value                *string       `json:"value"`
	SelectedOption       *stateOption  `json:"selected_option"`
	SelectedOptions      []stateOption `json:"selected_options"`
	SelectedUser         string        `json:"selected_user"`
	SelectedConversation string        `json:"selected_conversation"`
	SelectedChannel      string        `json:"selected_channel"`
}

type stateOption struct {
	Value string `json:"value"`
}

// answered is what a person put into an input.
func (v stateValue) answered() string {
	switch {
	case v.Value != nil:
		return *v.Value
	case v.SelectedOption != nil:
		return strings.TrimPrefix(v.SelectedOption.Value, optionMark)
	case len(v.SelectedOptions) > 0:
		return v.SelectedOptions[0].Value
	case v.SelectedUser != "":
		return v.SelectedUser
	case v.SelectedConversation != "":
		return v.SelectedConversation
	}
	return v.SelectedChannel
}

package discord

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"heed/bot"
)

// Discord closes a form when it is sent, whatever is wrong with it, and lets no form
// follow a form. What comes between is said in private, with a button to go on; what
// was typed is kept and stands in the form that it opens.

// filled is f with values in its fields, as a person left them.
func filled(f bot.Form, values map[string]string) bot.Form {
	fields := make([]bot.Field, len(f.Fields))
	for i, field := range f.Fields {
		value, given := values[fieldName(field)]
		if !given {
			fields[i] = field
			continue
		}
		switch x := field.(type) {
		case bot.TextField:
			if value != typedValue(x) { // an excerpt sent back untouched stands for the whole
				x.Value = value
			}
			field = x
		case bot.ChoiceField:
			x.Value = value
			field = x
		case bot.CheckField:
			x.On = value == checkOn
			field = x
		case bot.MemberField:
			x.Value = value
			field = x
		case bot.ChannelField:
			x.Value = value
			field = x
		}
		fields[i] = field
	}
	f.Fields = fields
	return f
}

// mendDoc is what a person is shown in private when a form that they sent can't be
// taken as it is: what to mend, in the order of the fields, and a button that opens
// the form again as they left it.
func mendDoc(f bot.Form, wrong map[string]string, open bot.Action) bot.Doc {
	doc := bot.Doc{bot.Para{Text: bot.Textf("*Not sent yet.* What you typed is kept.")}}
	said := map[string]bool{}
	for _, field := range f.Fields {
		name := fieldName(field)
		if text := wrong[name]; text != "" && !said[name] {
			said[name] = true
			doc = append(doc, bot.Para{Text: bot.Textf("*%s*\n%s", orDash(fieldLabel(field)), text)})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(wrong)) {
		if !said[name] && wrong[name] != "" {
			doc = append(doc, bot.Para{Text: bot.Literal(wrong[name])})
		}
	}
	return append(doc, bot.Buttons{{Label: "Open the form again", Action: open, Style: bot.Primary}})
}

// goOnDoc is what a person is shown in private between two pages of a form: what they
// filled in is kept, open leads to the page next (counted from 0), and done, when it
// is not "" and nothing more is needed, sends what there is.
func goOnDoc(f bot.Form, next int, open, done bot.Action) bot.Doc {
	pages := formPages(f)
	next = min(max(next, 0), len(pages)-1)
	var asks []string
	optional := true
	for _, page := range pages[next:] {
		for _, field := range page {
			if label := fieldLabel(field); label != "" {
				asks = append(asks, label)
			}
			optional = optional && mayStay(field)
		}
	}
	title := oneLine(f.Title)
	doc := bot.Doc{
		bot.Para{Text: bot.Textf("*%s* · page %d of %d is kept, nothing is sent yet.", orDash(title), next, len(pages))},
		bot.Small{Text: bot.Literal("Still to come: " + strings.Join(asks, " · "))},
	}
	buttons := bot.Buttons{{Label: "Continue", Action: open, Style: bot.Primary}}
	if done != "" && optional {
		label := "That's all"
		if f.Submit != "" {
			label = fmt.Sprintf("That's all: %s", f.Submit)
		}
		buttons = append(buttons, bot.Button{Label: label, Action: done})
	}
	return append(doc, buttons)
}

// fieldLabel is what a field is called; "" of a text.
func fieldLabel(f bot.Field) string {
	switch f := f.(type) {
	case bot.TextField:
		return oneLine(f.Label)
	case bot.ChoiceField:
		return oneLine(f.Label)
	case bot.CheckField:
		return oneLine(firstOf(f.Label, f.Text))
	case bot.MemberField:
		return oneLine(f.Label)
	case bot.ChannelField:
		return oneLine(f.Label)
	}
	return ""
}

// mayStay tells whether a form can be sent without this field being seen: it may be
// empty, or stands as it should already.
func mayStay(f bot.Field) bool {
	switch f := f.(type) {
	case bot.TextField:
		return f.Optional || f.Value != ""
	case bot.ChoiceField:
		return f.Optional || f.Value != ""
	case bot.MemberField:
		return f.Optional
	case bot.ChannelField:
		return f.Optional
	}
	return true
}

package discord

import (
	"fmt"
	"strings"
	"testing"

	"heed/adapters/discord/discordfake"
	"heed/bot"
)

// The forms of the core that are hardest to fit, as it asks them.
var (
	promoteForm = bot.Form{ID: "promote", State: "42 k1", Title: "Promote #42", Submit: "Add to backlog", Fields: []bot.Field{
		bot.InfoField{Doc: bot.Doc{bot.Para{Text: bot.Textf("*#42 %s* · 👍 31", "Dark mode")}}},
		bot.TextField{Name: "as_a", Label: "Who is it for?", Placeholder: "As a…", Hint: "Rui and 30 others asked, mostly in #support", Max: 500, Optional: true},
		bot.TextField{Name: "i_want", Label: "What do they want?", Placeholder: "I want…", Value: "a dark theme", Max: 500},
		bot.TextField{Name: "so_that", Label: "What for?", Placeholder: "so that…", Lines: true, Max: 500, Optional: true},
		bot.TextField{Name: "criteria", Label: "We accept it when…", Hint: "One a line. Try: Given … When … Then …", Lines: true, Max: 3000},
		bot.TextField{Name: "estimate", Label: "Size", Placeholder: "S, M, L or points", Max: 60, Optional: true},
		bot.TextField{Name: "sprint", Label: "Sprint", Max: 60, Optional: true},
	}}
	storyForm = bot.Form{ID: "story", State: "3 1", Title: "Story S3", Submit: "Save", Fields: append(promoteForm.Fields[1:len(promoteForm.Fields):len(promoteForm.Fields)],
		bot.TextField{Name: "label", Label: "Label", Placeholder: "tech debt", Max: 60, Optional: true})}
	welcomeForm = bot.Form{ID: "welcome", Title: "Set up Heed", Submit: "Save and say hello", Fields: []bot.Field{
		bot.ChannelField{Name: "intake", Label: "Where do requests live?", Value: "812345678901234567", Optional: true},
		bot.CheckField{Name: "make", Label: "No channel for it yet?", Text: "Make #feedback", On: true},
		bot.MemberField{Name: "pm", Label: "Who decides what gets built?", Value: "712345678901234567", Optional: true},
		bot.MemberField{Name: "po", Label: "Who gets it delivered?", Hint: "May be the same person. Until you say, the admins do.", Optional: true},
		bot.ChannelField{Name: "digest", Label: "Where does the weekly summary come?", Optional: true},
		bot.TextField{Name: "when", Label: "And when?", Value: "Monday 09:00", Hint: "In your time zone, unless you add a city.", Max: 60, Optional: true},
	}}
	settingsForm = bot.Form{ID: "settings", Title: "Settings", Submit: "Save", Fields: []bot.Field{
		bot.InfoField{Doc: bot.Doc{bot.Small{Text: bot.Textf("This board is Acme's alone. `/heed link` lets another workspace share it.")}}},
		bot.TextField{Name: "name", Label: "What do customers call your product?", Value: "Acme", Max: 60, Optional: true},
		bot.TextField{Name: "zone", Label: "Time zone, for people whose own I don't know", Value: "Europe/Berlin", Hint: "A city will do: Berlin, New York", Max: 60},
		bot.TextField{Name: "per_day", Label: "New requests a day, per community member", Value: "10", Max: 4},
		bot.TextField{Name: "gap", Label: "Seconds between two of them", Value: "30", Max: 5},
		bot.TextField{Name: "votes", Label: "Votes a person a minute", Value: "30", Max: 4},
	}}
	saveForm = bot.Form{ID: "save", State: "7", Title: "Save as feedback", Submit: "Save", Fields: []bot.Field{
		bot.InfoField{Doc: bot.Doc{bot.Para{Text: bot.Textf("In the name of %v. They'll be told in the thread.", bot.Span{Text: "Mira", Account: "712345678901234567"})}}},
		bot.TextField{Name: "words", Label: "What is asked for?", Value: "I want to sort the list by date", Lines: true, Max: 3000},
		bot.ChoiceField{Name: "audience", Label: "Who may see it?", Value: "community", Options: []bot.Option{{Value: "team", Label: "Only the team"}, {Value: "community", Label: "Everyone"}}},
		bot.CheckField{Name: "count", Label: "Votes", Text: "Count the 12 👍 already there", On: true},
	}}
	declineForm = bot.Form{ID: "status", State: "42 declined", Title: "Decline #42", Submit: "Decline", Fields: []bot.Field{
		bot.InfoField{Doc: bot.Doc{bot.Para{Text: bot.Textf("*#42 %s*", "Dark mode")}, bot.Small{Text: bot.Textf("Who hears: 14 people in private, 3 threads. You have 5 minutes to take it back.")}}},
		bot.TextField{Name: "reason", Label: "Why?", Hint: "Everyone who asked reads this. A true reason is kinder than a soft one.", Lines: true, Max: 600},
	}}
)

// allPages draws every page of a form, with a custom_id as its opener sets it.
func allPages(t *testing.T, f bot.Form) []modal {
	t.Helper()
	var out []modal
	for page := 0; ; page++ {
		m, pages := drawForm(f, page)
		m.CustomID = "form|1"
		out = append(out, m)
		if err := discordfake.CheckModal(asBody(t, m)); err != nil {
			t.Errorf("%s, page %d: %v", f.Title, page+1, err)
		}
		if page+1 >= pages {
			return out
		}
	}
}

func TestForms(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]bot.Form{"promote": promoteForm, "story": storyForm, "welcome": welcomeForm, "settings": settingsForm, "save": saveForm, "decline": declineForm} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden(t, "form_"+name, allPages(t, f))
		})
	}
	t.Run("what comes between", func(t *testing.T) {
		t.Parallel()
		golden(t, "form_again", []message{
			drawPages(goOnDoc(promoteForm, 1, "page 1 d1", "done 1 d1"))[0],
			drawPages(goOnDoc(settingsForm, 1, "page 1 d1", "done 1 d1"))[0],
			drawPages(mendDoc(declineForm, map[string]string{"reason": "A sentence, please: they read it.", "gone": "Nobody knows this field."}, "page 0 d1"))[0],
		})
	})
	for form, want := range map[*bot.Form]string{
		&promoteForm: "Promote #42 · 1 of 2|Promote #42 · 2 of 2 · Add to backlog", &welcomeForm: "Set up Heed · 1 of 2|Set up Heed · 2 of 2 · Save and say hello",
		&declineForm: "Decline #42", &saveForm: "Save as feedback",
	} {
		var titles []string
		for _, m := range allPages(t, *form) {
			titles = append(titles, m.Title)
		}
		if got := strings.Join(titles, "|"); got != want {
			t.Errorf("titles %q, want %q", got, want)
		}
	}
}

func TestEveryFieldIsOnOnePage(t *testing.T) {
	t.Parallel()
	var fields []bot.Field
	for n := range 23 {
		fields = append(fields, bot.TextField{Name: fmt.Sprint("f", n), Label: "A field"})
		if n%4 == 0 {
			fields = append(fields, bot.InfoField{Doc: bot.Doc{bot.Rule{}}}, bot.InfoField{Doc: bot.Doc{bot.Para{Text: bot.Textf("between")}}}, bot.InfoField{})
		}
	}
	seen := map[string]int{}
	for _, m := range allPages(t, bot.Form{ID: "x", Title: "Many", Fields: fields}) {
		for _, c := range m.Components {
			if c.Component != nil {
				seen[c.Component.CustomID]++
			}
		}
	}
	for n := range 23 {
		if got := seen[fmt.Sprint("f", n)]; got != 1 {
			t.Errorf("field %d is drawn %d times", n, got)
		}
	}
}

func TestFilled(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("every word ", 500)
	f := saveForm
	f.Fields = append(f.Fields[:len(f.Fields):len(f.Fields)], bot.TextField{Name: "more", Value: long, Max: 3000}, bot.MemberField{Name: "who"}, bot.ChannelField{Name: "where"})
	back := filled(f, map[string]string{
		"words": "typed", "audience": "team", "count": "", "more": cut(long, 3000), "who": "712345678901234567", "where": "812345678901234567", "gone": "x",
	})
	raw := fmt.Sprintf("%+v", back.Fields)
	for _, want := range []string{"Value:typed", "Value:team", "On:false", "Value:712345678901234567", "Value:812345678901234567", long} {
		if !strings.Contains(raw, want) {
			t.Errorf("no %.40q in %.300s", want, raw)
		}
	}
	if fmt.Sprintf("%+v", f.Fields) == raw {
		t.Error("the form itself was changed, or nothing was")
	}
}

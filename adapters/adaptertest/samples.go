package adaptertest

import (
	"time"

	"heed/bot"
)

// doc has one of every Block; words is what must be seen of each.
func doc() (d bot.Doc, words []string) {
	return bot.Doc{
			bot.Heading{Text: "a heading"},
			bot.Para{Text: bot.Textf("a paragraph with *bold*, _italic_, `code` and %v", bot.Link("a link", "https://acme.example/a"))},
			bot.Quote{Text: bot.Literal("a quote")},
			bot.Small{Text: bot.Literal("a small line")},
			bot.Row{Text: bot.Textf("a row with *one* button"), Buttons: []bot.Button{{Label: "Only", Action: "top"}}},
			bot.Row{Text: bot.Textf("a row with two"), Buttons: []bot.Button{{Label: "First", Action: "top"}, {Label: "Second", Action: "mine"}}},
			bot.Row{Text: bot.Textf("a row without")},
			bot.Bars{{Label: "a bar", Value: 3, Note: "+1"}, {Label: "another bar", Value: 1}},
			bot.Rule{},
			bot.Buttons{{Label: "Plain", Action: "top"}, {Label: "Main", Action: "mine", Style: bot.Primary}, {Label: "Away", Action: "stop", Style: bot.Danger}, {Label: "Site", URL: "https://acme.example/"}},
		}, []string{
			"a heading", "a paragraph with", "bold", "italic", "code", "a link", "a quote", "a small line", "a row with", "one", "Only",
			"a row with two", "First", "Second", "a row without", "a bar", "another bar", "Plain", "Main", "Away", "Site",
		}
}

// contents are one of every Content; each must show its words.
func contents() map[string]struct {
	Content bot.Content
	Words   []string
} {
	d, words := doc()
	card := bot.Card{
		Number: 42, Title: "Dark mode", Excerpt: "My eyes hurt after 9 pm", More: true, Status: bot.StatusPlanned, AskedBy: "Rui", AskedIn: "support",
		Quotes: 3, Tags: []string{"Comfort"}, Pictures: 2, Original: "https://acme.example/p1", Votes: 31, Week: 9, Deaf: true,
	}
	shipped := card
	shipped.Status, shipped.Closed, shipped.ClosedAt = bot.StatusShipped, true, time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	declined := card
	declined.Status, declined.Closed, declined.Reason = bot.StatusDeclined, true, "too few write at night"
	merged := card
	merged.Into, merged.IntoTitle = 7, "Themes"
	return map[string]struct {
		Content bot.Content
		Words   []string
	}{
		"card":           {card, []string{"#42", "Dark mode", "My eyes hurt after 9 pm", "Planned", "Rui", "support", "3", "Comfort", "📎 2 in the original", "31", "9", "Vote", "Details"}},
		"card, shipped":  {shipped, []string{"#42", "Dark mode", "Shipped", "24 Nov", "Voting closed", "Details"}},
		"card, declined": {declined, []string{"Not planned", "too few write at night", "Voting closed"}},
		"card, merged":   {merged, []string{"#7", "Themes"}},
		"card, gone":     {bot.Card{Number: 42, Gone: "This request was withdrawn."}, []string{"withdrawn"}},
		"digest":         {bot.Digest{Period: "2026-W48", Doc: d, Headline: "Feedback"}, words},
		"announcement":   {bot.Announcement{Doc: d}, words},
		"direct":         {bot.Direct{Doc: d}, words},
		"note":           {bot.Note{Doc: d}, words},
	}
}

// form has one of every Field.
func form() bot.Form {
	d, _ := doc()
	return bot.Form{
		ID: "give", State: "state 7", Title: "A form", Submit: "Send it", Fields: []bot.Field{
			bot.InfoField{Doc: d},
			bot.TextField{Name: "line", Label: "A line", Hint: "a hint", Placeholder: "a placeholder", Max: 80, Optional: true},
			bot.TextField{Name: "words", Label: "Several lines", Value: "as it was", Lines: true, Max: 3000},
			bot.ChoiceField{Name: "choice", Label: "A choice", Options: []bot.Option{{Value: "a", Label: "Apples"}, {Value: "b", Label: "Pears"}}, Value: "b"},
			bot.CheckField{Name: "check", Label: "A check", Text: "count them", On: true},
			bot.MemberField{Name: "member", Label: "A person", Optional: true},
			bot.ChannelField{Name: "channel", Label: "A channel", Optional: true},
		},
	}
}

// formWords are what must be seen of it.
func formWords() []string {
	_, words := doc()
	return append(words[:len(words):len(words)], "A line", "a hint", "Several lines", "as it was", "A choice", "Pears", "A check", "count them", "A person", "A channel", "Send it")
}

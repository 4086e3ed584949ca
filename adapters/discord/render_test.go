package discord

import (
	"testing"
	"time"

	"heed/bot"
)

// postKey is what a post is found by; opaque, like the core's.
const postKey = "kR4vT9xwQ2mZ7pLs0bNd"

var darkMode = bot.Card{
	Number: 42, Title: "Dark mode", Excerpt: "My eyes hurt after 9 pm. A dark theme that follows the system would help all of us who work late.", More: true,
	Status: bot.StatusPlanned, AskedBy: "Rui", AskedIn: "support", Quotes: 3, Tags: []string{"comfort"}, Votes: 31, Week: 9,
}

// everyBlock has every block of the core, in a digest's order.
func everyBlock() bot.Doc {
	return bot.Doc{
		bot.Heading{Text: "Feedback, 16–22 November"},
		bot.Para{Text: bot.Textf("*%d new* (last week 11) · 143 votes by 61 people · *12 wait for you*", 18)},
		bot.Small{Text: bot.Textf("next Monday 09:00 Berlin · `/heed digest` changes this")},
		bot.Row{Text: bot.Textf("1 ▲2 *#42 %s* 👍 31 (+9) · Planned", "Dark mode"), Buttons: []bot.Button{{Label: "👍 Vote", Action: "vote 42"}}},
		bot.Row{Text: bot.Textf("2 ▼1 *#12 %s* 👍 29 (+1)", "CSV *export*"), Buttons: []bot.Button{{Label: "Up", Action: "up 12"}, {Label: "Down", Action: "down 12", Style: bot.Danger}}},
		bot.Row{Text: bot.Textf("*Rising* #58 SSO 0→14")},
		bot.Row{Text: bot.Textf("*Unanswered* #19 Invoice PDF 23 days")},
		bot.Quote{Text: bot.Textf("%s (Rui, #42)", "I use it next to a *sleeping* baby. @everyone\nEvery night.")},
		bot.Bars{{Label: "Dark mode", Value: 31, Note: "+9"}, {Label: "SSO", Value: 14}, {Label: "Calendar view for months", Value: 3}},
		bot.Rule{},
		bot.Heading{Text: "What now?"},
		bot.Buttons{{Label: "Triage 12", Action: "triage", Style: bot.Primary}, {Label: "👍 Vote", Action: "vote 42"}, {Label: "Try it", URL: "https://acme.example/try"}},
	}
}

// aList is a list of requests as the core draws it.
func aList(n int) bot.Doc {
	doc := bot.Doc{bot.Heading{Text: "What people want most"}}
	for i := 1; i <= n; i++ {
		doc = append(doc, bot.Row{Text: bot.Textf("%d  *#%d %s* · 👍 %d · Planned", i, 40+i, "Dark mode", 40-i), Buttons: []bot.Button{
			{Label: "👍 Vote", Action: bot.Act("vote", 40+i)}, {Label: "Details", Action: bot.Act("details", 40+i)},
		}})
	}
	return append(doc, bot.Small{Text: bot.Textf("1–%d of 60", n)}, bot.Buttons{{Label: "Next 10", Action: "top 10"}, {Label: "Share here", Action: "share top 0"}})
}

func TestDrawn(t *testing.T) {
	t.Parallel()
	shipped := darkMode
	shipped.Status, shipped.Closed, shipped.ClosedAt, shipped.Week = bot.StatusShipped, true, time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), 0
	declined := darkMode
	declined.Status, declined.Closed, declined.Reason = bot.StatusDeclined, true, "Too few people write at night."
	question := darkMode
	question.Status, question.Reason = bot.StatusNeedsInfo, "On the phone, on the desktop, or both?"
	merged := darkMode
	merged.Into, merged.IntoTitle = 7, "Themes"
	full := darkMode
	full.Pictures, full.Original, full.Deaf = 2, "https://discord.com/channels/1/2/3", true
	full.Title, full.Excerpt = "@everyone *all* `of` _it_ :tada:", "# Big\n\n- <@1> & **co** ||hush||\n> deep"
	for name, c := range map[string]bot.Content{
		"card":          darkMode,
		"card_new":      bot.Card{Number: 7, Title: "Sort the list by date", Status: bot.StatusNew, AskedBy: "Mira", Votes: 1, Week: 1},
		"card_question": question,
		"card_shipped":  shipped,
		"card_declined": declined,
		"card_merged":   merged,
		"card_full":     full,
		"card_gone":     bot.Card{Number: 42, Gone: "This request was withdrawn."},
		"digest":        bot.Digest{Period: "2026-W47", Doc: everyBlock(), Headline: "Feedback, 16–22 November: 18 new"},
		"announcement": bot.Announcement{Doc: bot.Doc{
			bot.Para{Text: bot.Textf("✅ *Shipped:* *#42 %s*", "Dark mode")}, bot.Para{Text: bot.Literal("Settings → Appearance → Dark.")},
			bot.Small{Text: bot.Textf("31 of you made the case. Thank you.")},
			bot.Buttons{{Label: "Try it", URL: "https://acme.example/try", Style: bot.Primary}, {Label: "See it", Action: "details 42"}},
		}},
		"direct": bot.Direct{Doc: bot.Doc{
			bot.Para{Text: bot.Textf("About *#42 %s*, which you asked for on 3 March: we won't build it for now.", "Dark mode")},
			bot.Para{Text: bot.Textf("*Why:* “%s” (Ana)", "Too few people write at night.")},
			bot.Small{Text: bot.Textf("Your words stay on the board, and if enough people tell us we missed something, we look again.")},
			bot.Buttons{{Label: "What did we miss?", Action: "missed 42"}, {Label: "Open it", Action: "details 42"}, {Label: "Stop these notes", Action: "stop"}},
		}},
		"direct_batch": bot.Direct{Doc: bot.Doc{
			bot.Para{Text: bot.Textf("You asked, it's here: *#42 %s*.", "Dark mode")},
			bot.Quote{Text: bot.Literal("My eyes hurt after 9 pm.")},
			bot.Buttons{{Label: "Something's off", Action: "off 42"}, {Label: "See it", Action: "details 42"}},
			bot.Rule{},
			bot.Para{Text: bot.Textf("*#12 %s*, which you voted for, is *Planned* now.", "CSV export")},
			bot.Buttons{{Label: "See it", Action: "details 12"}},
			bot.Buttons{{Label: "Stop these notes", Action: "stop"}},
		}},
		"note": bot.Note{Doc: bot.Doc{
			bot.Para{Text: bot.Textf("Hello, I'm Heed. What would make Acme better for you?")},
			bot.Para{Text: bot.Textf("• `/feedback` and your words, anywhere\n• on a message, threads too: ⋯ → Apps → Save as feedback\n• 👍 what you want too")},
			bot.Para{Text: bot.Textf("%v reads all of it every Monday. You hear back when it ships or when the answer is no.", bot.Span{Text: "Ana", Account: "812345678901234567"})},
			bot.Buttons{{Label: "Give feedback", Action: "give", Style: bot.Primary}, {Label: "See the top 10", Action: "top"}},
		}},
		"note_list":  bot.Note{Doc: aList(10)},
		"note_small": bot.Note{Doc: bot.Doc{bot.Small{Text: bot.Textf("This message is not kept as a request any more.")}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden(t, name, drawContent(c, postKey))
		})
	}
}

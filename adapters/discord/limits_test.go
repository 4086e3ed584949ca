package discord

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"heed/adapters/discord/discordfake"
	"heed/bot"
)

// longest are documents at and beyond what the core says anywhere.
func longest() map[string]bot.Doc {
	docs := map[string]bot.Doc{
		"every block":         everyBlock(),
		"every block, empty":  {bot.Heading{}, bot.Para{}, bot.Quote{}, bot.Small{}, bot.Row{}, bot.Buttons{}, bot.Bars{}, bot.Rule{}},
		"nothing":             nil,
		"a button to nowhere": {bot.Buttons{{Label: "x", URL: "javascript:1"}}, bot.Para{Text: bot.Textf("x")}},
		"a button of nothing": {bot.Buttons{{Label: "x"}}},
		"the longest address": {bot.Buttons{{Label: "Try it", URL: "https://acme.example/" + strings.Repeat("x", 2880)}, {Label: "See it", Action: "details 1"}}},
		"only a rule":         {bot.Rule{}},
	}
	for name, words := range map[string]string{
		"wide": strings.Repeat("wide 🧵 <&> ", 800), "marks": strings.Repeat("*_", 3000), "one word": strings.Repeat("x", 6000),
		"far": strings.Repeat("漢字 ", 2500), "lines": strings.Repeat("a\n", 3000), "emoji": strings.Repeat("👩‍👩‍👧‍👦", 800),
	} {
		docs["long "+name] = bot.Doc{
			bot.Heading{Text: words}, bot.Para{Text: bot.Literal(words)}, bot.Quote{Text: bot.Literal(words)}, bot.Small{Text: bot.Textf("*%s*", words)},
			bot.Row{Text: bot.Literal(words)}, bot.Row{Text: bot.Textf("`%s`", words), Buttons: []bot.Button{{Label: words, Action: "vote 1"}}},
			bot.Bars{{Label: words, Value: 1, Note: words}}, bot.Buttons{{Label: words, Action: "top"}},
		}
	}
	var rows, quiet bot.Doc
	var buttons, same bot.Buttons
	var bars bot.Bars
	for n := range 200 {
		text := bot.Literal(fmt.Sprintf("%d %s", n, strings.Repeat("wide 🧵 ", 14)))
		rows = append(rows, bot.Row{Text: text, Buttons: []bot.Button{{Label: strings.Repeat("Vote ", 30), Action: "vote 1"}, {Label: "", Action: "x"}}})
		quiet = append(quiet, bot.Row{Text: text}, bot.Rule{})
		buttons = append(buttons, bot.Button{Label: fmt.Sprint(n), Action: bot.Act("vote", n)})
		same = append(same, bot.Button{Label: fmt.Sprint(n), Action: bot.Action("share items " + strings.Repeat("9", 88))})
		bars = append(bars, bot.Bar{Label: fmt.Sprintf("request %d", n), Value: n})
	}
	docs["200 rows"], docs["200 rows and rules"], docs["200 buttons"], docs["200 of one act"], docs["200 bars"] = rows, quiet, bot.Doc{buttons}, bot.Doc{same}, bot.Doc{bars}
	return docs
}

// TestEverythingLegalIsTaken holds the longest of everything against a Discord that
// refuses what Discord refuses.
func TestEverythingLegalIsTaken(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("wide *🧵* <&> ", 800)
	contents := map[string]bot.Content{
		"the longest card": bot.Card{
			Number: 1 << 30, Title: long, Excerpt: long, More: true, Status: bot.StatusNeedsInfo, Reason: long, AskedBy: long, AskedIn: long,
			Quotes: 1 << 30, Tags: []string{long, long, long, long, long, long, long, long, long, long, long}, Pictures: 9,
			Original: "https://acme.example/" + strings.Repeat("x", 2900), Votes: 1 << 30, Week: 1 << 30, Deaf: true,
		},
		"a merged card": bot.Card{Number: 1, Title: long, Into: 2, IntoTitle: long},
		"a gone card":   bot.Card{Number: 1, Gone: long},
		"an empty card": bot.Card{},
	}
	for name, d := range longest() {
		contents["note: "+name] = bot.Note{Doc: d}
		contents["digest: "+name] = bot.Digest{Doc: d, Headline: long}
		contents["direct: "+name] = bot.Direct{Doc: d[:min(len(d), 2)]}
		for n, page := range drawPages(d) {
			if err := discordfake.CheckMessage(asBody(t, page)); err != nil {
				t.Errorf("answer with %s, page %d: %v", name, n+1, err)
			}
		}
	}
	for name, c := range contents {
		body := asBody(t, drawContent(c, postKey))
		if err := discordfake.CheckMessage(body); err != nil {
			t.Errorf("post of %s: %v", name, err)
		}
		if err := discordfake.CheckEdit(asBody(t, drawEdit(c)), body); err != nil {
			t.Errorf("edit of %s: %v", name, err)
		}
		if discordfake.Pinged(body) {
			t.Errorf("%s pings", name)
		}
		if !found(t, body, postKey) {
			t.Errorf("%s is not found again by its key", name)
		}
	}
	for _, f := range longestForms() {
		allPages(t, f) // holds each against the fake's checks
	}
}

// found tells whether a message as it stands carries a key.
func found(t *testing.T, body []byte, key string) bool {
	t.Helper()
	var m wireMessage
	if err := json.Unmarshal(body, &m); err != nil {
		t.Fatal(err)
	}
	return stampedWith(m.Components, key)
}

func longestForms() map[string]bot.Form {
	long := strings.Repeat("wide *🧵* <&> ", 800)
	var options []bot.Option
	for n := range 250 {
		options = append(options, bot.Option{Value: fmt.Sprint(n), Label: long[:300]})
	}
	return map[string]bot.Form{
		"the longest": {
			ID: "f", State: strings.Repeat("s", 2000), Title: long[:100], Submit: long[:100], Fields: []bot.Field{
				bot.TextField{Name: "a", Label: long, Hint: long, Placeholder: long, Value: long, Lines: true},
				bot.TextField{Name: "b", Value: long, Max: 50}, bot.TextField{Name: "b2", Max: 100000, Value: long},
				bot.ChoiceField{Name: "c", Label: long, Options: options, Value: "3"}, bot.ChoiceField{Name: "c1", Label: "Not shown", Options: options, Value: "249"},
				bot.ChoiceField{Name: "c2", Label: "None"}, bot.ChoiceField{Name: "c3", Options: options[:1]},
				bot.ChoiceField{Name: "c4", Label: "Empty", Options: []bot.Option{{Value: "", Label: "Nobody"}, {Value: "x", Label: "X"}}},
				bot.CheckField{Name: "d", Text: long, On: true}, bot.CheckField{Name: "d2"},
				bot.MemberField{Name: "e", Value: "712345678901234567"}, bot.MemberField{Name: "e2", Value: "U012", Optional: true},
				bot.ChannelField{Name: "f", Value: "812345678901234567"}, bot.ChannelField{Name: "f2", Value: "C012", Optional: true},
				bot.InfoField{Doc: longest()["long wide"]}, bot.InfoField{Doc: longest()["200 buttons"]}, bot.InfoField{Doc: everyBlock()}, bot.InfoField{Doc: bot.Doc{bot.Rule{}}},
			},
		},
		"nothing in it": {ID: "g"},
	}
}

// TestNothingIsCutWithoutAMark: what one message can't hold is on the pages of an
// answer, and named on a post, whose last buttons stay.
func TestNothingIsCutWithoutAMark(t *testing.T) {
	t.Parallel()
	var doc bot.Doc
	for n := range 60 {
		doc = append(doc, bot.Row{Text: bot.Literal(fmt.Sprintf("line %d.", n)), Buttons: []bot.Button{{Label: "Vote", Action: bot.Act("vote", n)}}})
	}
	doc = append(doc, bot.Buttons{{Label: "Whole list", Action: "top"}})
	post := discordfake.Shown(asBody(t, drawContent(bot.Digest{Doc: doc}, postKey)))
	if !strings.Contains(post, "… and more that doesn't fit") || !strings.Contains(post, "line 10.") || !strings.HasSuffix(post, "[Whole list]") {
		t.Errorf("the post reads\n%s", post)
	}
	words := "Begin. " + strings.Repeat("I need *every* word of this. ", 300) + "And this end."
	pages := drawPages(append(doc, bot.Quote{Text: bot.Literal(words)}))
	all := ""
	for n, p := range pages {
		shown := discordfake.Shown(asBody(t, p))
		if want := fmt.Sprintf("Page %d of %d", n+1, len(pages)); !strings.HasSuffix(shown, want) {
			t.Errorf("a page ends %q, want %q", shown[max(0, len(shown)-30):], want)
		}
		all += shown
	}
	for n := range 60 {
		if !strings.Contains(all, fmt.Sprintf("line %d.", n)) {
			t.Errorf("line %d is on no page", n)
		}
	}
	if n := strings.Count(all, "*every*"); n != 300 || !strings.Contains(all, "And this end.") || !strings.Contains(all, "Whole list") {
		t.Errorf("%d of 300 sentences arrived on %d pages", n, len(pages))
	}
	endless := drawPages(bot.Doc{bot.Para{Text: bot.Literal(strings.Repeat("word ", 20000))}, bot.Buttons{{Label: "More", Action: "more"}}})
	if last := discordfake.Shown(asBody(t, endless[len(endless)-1])); len(endless) != maxAnswers || !strings.Contains(last, "… and more that doesn't fit") || !strings.Contains(last, "[More]") {
		t.Errorf("%d pages, the last reads\n%s", len(endless), last)
	}
	if pages := drawPages(bot.Doc{bot.Para{Text: bot.Textf("short")}}); len(pages) != 1 || strings.Contains(discordfake.Shown(asBody(t, pages[0])), "Page") {
		t.Error("a short answer is paged")
	}
}

// TestEveryTypeIsRendered fails when the core gains a type that this adapter does not
// know: each must leave something to see.
func TestEveryTypeIsRendered(t *testing.T) {
	t.Parallel()
	doc := bot.Doc{
		bot.Heading{Text: "words"}, bot.Para{Text: bot.Textf("words")}, bot.Quote{Text: bot.Textf("words")}, bot.Small{Text: bot.Textf("words")},
		bot.Row{Text: bot.Textf("words")}, bot.Buttons{{Label: "words", Action: "x"}}, bot.Bars{{Label: "words", Value: 1}}, bot.Rule{},
	}
	for _, b := range doc {
		if len(drawBlocks(bot.Doc{b}, maxMessageText)) == 0 {
			t.Errorf("%s leaves nothing", reflect.TypeOf(b))
		}
	}
	for _, f := range []bot.Field{
		bot.TextField{Name: "x", Label: "words"}, bot.ChoiceField{Name: "x", Label: "words", Options: []bot.Option{{Value: "a", Label: "A"}}}, bot.CheckField{Name: "x", Label: "words", Text: "yes"},
		bot.MemberField{Name: "x", Label: "words"}, bot.ChannelField{Name: "x", Label: "words"}, bot.InfoField{Doc: doc},
	} {
		m, _ := drawForm(bot.Form{Title: "A form", Fields: []bot.Field{f}}, 0)
		if got := discordfake.ShownForm(asBody(t, m)); !strings.Contains(got, "words") {
			t.Errorf("%s shows %q", reflect.TypeOf(f), got)
		}
	}
	for _, c := range []bot.Content{bot.Card{Title: "words"}, bot.Digest{Doc: doc}, bot.Announcement{Doc: doc}, bot.Direct{Doc: doc}, bot.Note{Doc: doc}, bot.Home{Doc: doc}} {
		if got := discordfake.Shown(asBody(t, drawContent(c, postKey))); !strings.Contains(got, "words") {
			t.Errorf("%s shows %q", reflect.TypeOf(c), got)
		}
	}
}

package slack

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"heed/adapters/slack/slackfake"
	"heed/bot"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares v as JSON with a file under testdata.
func golden(t *testing.T, name string, v any) {
	t.Helper()
	got, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	file := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s is not as it was (-want +got; go test -update writes it anew):\n%s", name, diff)
	}
}

func asMessage(d drawn) any {
	return map[string]any{"text": d.Text, "blocks": slack.Blocks{BlockSet: d.Blocks}}
}

func everyBlock() bot.Doc {
	return bot.Doc{
		bot.Heading{Text: "Feedback, 16–22 November"},
		bot.Para{Text: bot.Textf("*%d new* (last week 11) · 143 votes by 61 people · *12 wait for you*", 18)},
		bot.Small{Text: bot.Textf("next Monday 09:00 Berlin · `/heed digest` changes this")},
		bot.Small{Text: bot.Textf("Asked by Rui")},
		bot.Row{Text: bot.Textf("1 ▲2 *#42 %s* 👍 31 (+9) · Planned", "Dark mode"), Buttons: []bot.Button{{Label: "👍 Vote", Action: "vote 42"}}},
		bot.Row{Text: bot.Textf("2 ▼1 *#12 %s* 👍 29 (+1)", "CSV *export*"), Buttons: []bot.Button{{Label: "Up", Action: "up 12"}, {Label: "Down", Action: "down 12", Style: bot.Danger}}},
		bot.Row{Text: bot.Textf("*Rising* #58 SSO 0→14")},
		bot.Row{Text: bot.Textf("*Unanswered* #19 Invoice PDF 23 days")},
		bot.Quote{Text: bot.Textf("%s (Rui, #42)", "I use it next to a *sleeping* baby. <!here>\nEvery night.")},
		bot.Bars{{Label: "Dark mode", Value: 31, Note: "+9"}, {Label: "SSO", Value: 14}},
		bot.Rule{},
		bot.Buttons{{Label: "Triage 12", Action: "triage", Style: bot.Primary}, {Label: "Try it", URL: "https://acme.example/try"}},
	}
}

func TestDrawn(t *testing.T) {
	t.Parallel()
	shipped := darkMode
	shipped.Status, shipped.Closed, shipped.ClosedAt, shipped.Week = bot.StatusShipped, true, time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC), 0
	declined := darkMode
	declined.Status, declined.Closed, declined.Reason = bot.StatusDeclined, true, "Too few people write at night."
	merged := darkMode
	merged.Into, merged.IntoTitle = 7, "Themes"
	full := darkMode
	full.Pictures, full.Original, full.Deaf = 2, "https://acme.slack.com/archives/C1/p1", true
	full.Title, full.Excerpt = "<!channel> *all* `of` _it_ :tada:", "@here <@U1> & *co*"
	for name, c := range map[string]bot.Content{
		"card":          darkMode,
		"card_shipped":  shipped,
		"card_declined": declined,
		"card_merged":   merged,
		"card_full":     full,
		"card_gone":     bot.Card{Number: 42, Gone: "This request was withdrawn."},
		"digest":        bot.Digest{Period: "2026-W47", Doc: everyBlock(), Headline: "Feedback, 16–22 November: 18 new"},
		"announcement":  bot.Announcement{Doc: bot.Doc{bot.Para{Text: bot.Textf("You asked, it's here: *#42 %s*.", "Dark mode")}}},
		"direct":        bot.Direct{Doc: bot.Doc{bot.Para{Text: bot.Textf("About *#42 %s*", "Dark mode")}, bot.Buttons{{Label: "Stop these notes", Action: "stop"}}}},
		"note":          bot.Note{Doc: bot.Doc{bot.Para{Text: bot.Textf("Hello, I'm Heed.")}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden(t, name, asMessage(drawContent(c)))
		})
	}
	t.Run("home", func(t *testing.T) { t.Parallel(); golden(t, "home", drawHome(bot.Home{Doc: everyBlock()})) })
	t.Run("form", func(t *testing.T) {
		t.Parallel()
		f := askForm()
		f.Fields[1] = bot.TextField{Name: "words", Label: "Your words", Hint: "As long as you like.", Placeholder: "It hurts when…", Value: "dark mode", Lines: true, Max: 3000}
		golden(t, "form", drawForm(f, origin{Channel: "C1", Thread: "1.0", Answer: "https://hooks.slack.com/actions/T1/1/x"}))
	})
}

// TestEverythingLegalIsTaken sends the longest of everything to a Slack that
// refuses what Slack refuses.
func TestEverythingLegalIsTaken(t *testing.T) {
	t.Parallel()
	x := newAcme(t, slackfake.Config{})
	long := strings.Repeat("wide 🧵 <&> ", 12000)
	card := bot.Card{
		Number: 1 << 30, Title: long[:400], Excerpt: long[:1200], More: true, Status: bot.StatusNeedsInfo, Reason: long, AskedBy: long, AskedIn: long,
		Quotes: 1 << 30, Tags: []string{long, long}, Pictures: 9, Original: "https://acme.example/" + strings.Repeat("x", 2900), Votes: 1 << 30, Week: 1 << 30, Deaf: true,
	}
	var rows bot.Doc
	for n := range 200 {
		rows = append(rows, bot.Row{Text: bot.Literal(fmt.Sprintf("%d %s", n, long[:100])), Buttons: []bot.Button{{Label: long[:200], Action: "vote 1"}, {Label: "", Action: "x"}}})
	}
	var buttons bot.Buttons
	for n := range 60 {
		buttons = append(buttons, bot.Button{Label: fmt.Sprint(n), Action: bot.Act("vote", n)})
	}
	docs := map[string]bot.Doc{
		"every block":         everyBlock(),
		"every block, empty":  {bot.Heading{}, bot.Para{}, bot.Quote{}, bot.Small{}, bot.Row{}, bot.Buttons{}, bot.Bars{}, bot.Rule{}},
		"long texts":          {bot.Heading{Text: long}, bot.Para{Text: bot.Literal(long)}, bot.Small{Text: bot.Literal(long)}, bot.Small{Text: bot.Textf("*%s*", long)}, bot.Row{Text: bot.Literal(long)}},
		"200 rows":            rows,
		"60 buttons":          {buttons},
		"nothing":             nil,
		"a button to nowhere": {bot.Buttons{{Label: "x", URL: "javascript:1"}}, bot.Para{Text: bot.Textf("x")}},
	}
	contents := map[string]bot.Content{"the longest card": card}
	for name, d := range docs {
		contents["note: "+name] = bot.Note{Doc: d}
		contents["digest: "+name] = bot.Digest{Doc: d, Headline: long}
	}
	for name, c := range contents {
		sent, err := x.sender.Post(t.Context(), x.to(x.support), name, c)
		if err != nil {
			t.Errorf("post %s: %v", name, err)
			continue
		}
		if err := x.sender.Update(t.Context(), x.to(x.support), sent.Message, c); err != nil {
			t.Errorf("update %s: %v", name, err)
		}
	}
	for _, m := range x.slack.Messages(x.support) {
		if pings := m.Pings(); len(pings) > 0 {
			t.Errorf("pinged %v", pings)
		}
	}
	for name, d := range docs {
		x.core.answers(bot.Say{Doc: d}, nil)
		before := len(x.private(x.rui))
		x.ok(x.rui.Slash(x.support, "/heed", "show 1"))
		if after := len(x.private(x.rui)); after == before {
			t.Errorf("answer with %s: nothing arrived", name)
		}
		x.core.home = bot.Home{Doc: d}
		x.ok(x.rui.OpenHome())
		x.adapter.Wait()
	}
	for _, call := range x.slack.Calls("views.publish") {
		if !call.OK {
			t.Errorf("home: %s", call.Error)
		}
	}
	var options []bot.Option
	for n := range 250 {
		options = append(options, bot.Option{Value: fmt.Sprint(n), Label: long[:300]})
	}
	forms := map[string]bot.Form{
		"the longest": {
			ID: "f", State: strings.Repeat("s", 2000), Title: long[:100], Submit: long[:100], Fields: []bot.Field{
				bot.TextField{Name: "a", Label: long, Hint: long, Placeholder: long, Value: long, Lines: true},
				bot.TextField{Name: "b", Value: long, Max: 50}, bot.TextField{Name: "b2", Max: 100000},
				bot.ChoiceField{Name: "c", Label: long, Options: options, Value: "249"},
				bot.ChoiceField{Name: "c2", Label: "None"}, bot.ChoiceField{Name: "c3", Options: options[:1]},
				bot.CheckField{Name: "d", Text: long, On: true}, bot.CheckField{Name: "d2"},
				bot.MemberField{Name: "e", Value: x.rui.ID}, bot.ChannelField{Name: "f", Value: x.support.ID()},
				bot.InfoField{Doc: docs["long texts"]}, bot.InfoField{Doc: docs["60 buttons"]}, bot.InfoField{Doc: docs["every block"]},
			},
		},
		"nothing in it": {ID: "g"},
	}
	for name, f := range forms {
		x.core.answers(bot.Ask{Form: f}, nil)
		x.ok(x.rui.Slash(x.support, "/heed", "edit 1"))
		x.adapter.Wait()
		v, open := x.slack.View(x.rui)
		if !open || v.CallbackID != f.ID {
			calls := x.slack.Calls("views.open")
			t.Errorf("the form %q did not open: %+v", name, calls[len(calls)-1].Error)
			continue
		}
		if got := originOf(v.PrivateMetadata).State; got != f.State {
			t.Errorf("the form %q lost its state", name)
		}
		x.ok(x.rui.CloseAllViews(v))
	}
}

func TestNothingIsCutWithoutAMark(t *testing.T) {
	t.Parallel()
	var doc bot.Doc
	for n := range 120 {
		doc = append(doc, bot.Row{Text: bot.Literal(fmt.Sprintf("line %d.", n)), Buttons: []bot.Button{{Label: "Vote", Action: bot.Act("vote", n)}}})
	}
	doc = append(doc, bot.Buttons{{Label: "Whole list", Action: "top"}})
	d := drawDoc(doc, onPost)
	text := fmt.Sprint(blockTexts(d.Blocks))
	if len(d.Blocks) > maxMessageBlocks || !strings.Contains(text, "… and 72 parts that don't fit") || !strings.Contains(text, "Whole list") {
		t.Errorf("%d blocks end with %s", len(d.Blocks), text[max(0, len(text)-300):])
	}
	pages := drawPages(doc, onReply, 5)
	var all strings.Builder
	for _, p := range pages {
		if len(p.Blocks) > maxMessageBlocks {
			t.Errorf("a page of %d blocks", len(p.Blocks))
		}
		all.WriteString(fmt.Sprint(blockTexts(p.Blocks)))
	}
	for n := range 120 {
		if !strings.Contains(all.String(), fmt.Sprintf("line %d.", n)) {
			t.Fatalf("line %d is on no page", n)
		}
	}
}

// blockTexts are the texts in blocks, by way of their JSON.
func blockTexts(blocks []slack.Block) []string {
	raw, _ := json.Marshal(slack.Blocks{BlockSet: blocks})
	var v any
	_ = json.Unmarshal(raw, &v)
	var out []string
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			if s, ok := v["text"].(string); ok {
				out = append(out, s)
			}
			for _, e := range v {
				walk(e)
			}
		}
	}
	walk(v)
	return out
}

// TestEveryTypeIsRendered fails when the core gains a type that this adapter does
// not know: each must leave something to see.
func TestEveryTypeIsRendered(t *testing.T) {
	t.Parallel()
	for _, b := range []bot.Block{
		bot.Heading{Text: "x"}, bot.Para{Text: bot.Textf("x")}, bot.Quote{Text: bot.Textf("x")}, bot.Small{Text: bot.Textf("x")},
		bot.Row{Text: bot.Textf("x")}, bot.Buttons{{Label: "x", Action: "x"}}, bot.Bars{{Label: "x", Value: 1}}, bot.Rule{},
	} {
		if len(drawBlocks(bot.Doc{b}, onPost)) == 0 {
			t.Errorf("%s leaves nothing", reflect.TypeOf(b))
		}
	}
	for _, f := range []bot.Field{
		bot.TextField{Name: "x"}, bot.ChoiceField{Name: "x"}, bot.CheckField{Name: "x"}, bot.MemberField{Name: "x"}, bot.ChannelField{Name: "x"},
		bot.InfoField{Doc: bot.Doc{bot.Rule{}}},
	} {
		if len(drawForm(bot.Form{Fields: []bot.Field{f}}, origin{}).Blocks.BlockSet) == 0 {
			t.Errorf("%s leaves nothing", reflect.TypeOf(f))
		}
	}
	doc := bot.Doc{bot.Para{Text: bot.Textf("x")}}
	for _, c := range []bot.Content{bot.Card{}, bot.Digest{Doc: doc}, bot.Announcement{Doc: doc}, bot.Direct{Doc: doc}, bot.Note{Doc: doc}, bot.Home{Doc: doc}} {
		if d := drawContent(c); len(d.Blocks) == 0 || d.Text == "" {
			t.Errorf("%s leaves nothing", reflect.TypeOf(c))
		}
	}
}

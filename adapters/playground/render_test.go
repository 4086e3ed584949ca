package playground

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"strings"
	"testing"
	"time"

	"heed/bot"
)

// sealed lists the core's types that carry a sealing method, by its name.
func sealed(t *testing.T, method string) []string {
	t.Helper()
	files, err := parser.ParseDir(token.NewFileSet(), "../../bot", func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }, 0) //nolint:staticcheck // one folder, no build tags
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, pkg := range files {
		for _, f := range pkg.Files {
			for _, d := range f.Decls {
				fn, ok := d.(*ast.FuncDecl)
				if !ok || fn.Recv == nil || fn.Name.Name != method {
					continue
				}
				if id, ok := fn.Recv.List[0].Type.(*ast.Ident); ok {
					names = append(names, id.Name)
				}
			}
		}
	}
	if len(names) == 0 {
		t.Fatalf("no type of the core has the method %s", method)
	}
	return names
}

var someDoc = bot.Doc{bot.Para{Text: bot.Textf("Hello")}}

func TestRender(t *testing.T) {
	t.Parallel()

	t.Run("every_content_is_drawn", func(t *testing.T) {
		t.Parallel()
		known := map[string]bot.Content{
			"Card": bot.Card{Number: 1, Title: "x"}, "Digest": bot.Digest{Doc: someDoc}, "Announcement": bot.Announcement{Doc: someDoc},
			"Direct": bot.Direct{Doc: someDoc}, "Note": bot.Note{Doc: someDoc}, "Home": bot.Home{Doc: someDoc},
		}
		for _, name := range sealed(t, "content") {
			c, ok := known[name]
			if !ok {
				t.Errorf("the playground does not know bot.%s", name)
				continue
			}
			if _, err := renderContent(c); err != nil {
				t.Errorf("bot.%s: %v", name, err)
			}
		}
	})

	t.Run("every_block_is_drawn", func(t *testing.T) {
		t.Parallel()
		known := map[string]bot.Block{
			"Heading": bot.Heading{Text: "x"}, "Para": bot.Para{}, "Quote": bot.Quote{}, "Small": bot.Small{}, "Row": bot.Row{},
			"Buttons": bot.Buttons{}, "Bars": bot.Bars{{Label: "x", Value: 1}}, "Rule": bot.Rule{},
		}
		for _, name := range sealed(t, "block") {
			b, ok := known[name]
			if !ok {
				t.Errorf("the playground does not know bot.%s", name)
				continue
			}
			if d := renderDoc("note", bot.Doc{b}); len(d.Blocks) != 1 {
				t.Errorf("bot.%s left no block", name)
			}
		}
	})

	t.Run("every_field_is_asked", func(t *testing.T) {
		t.Parallel()
		known := map[string]bot.Field{
			"TextField": bot.TextField{Name: "x"}, "ChoiceField": bot.ChoiceField{Name: "x"}, "CheckField": bot.CheckField{Name: "x"},
			"MemberField": bot.MemberField{Name: "x"}, "ChannelField": bot.ChannelField{Name: "x"}, "InfoField": bot.InfoField{Doc: someDoc},
		}
		a := still(t, nil)
		for _, name := range sealed(t, "field") {
			f, ok := known[name]
			if !ok {
				t.Errorf("the playground does not know bot.%s", name)
				continue
			}
			if out := a.renderForm(bot.Form{Fields: []bot.Field{f}}, "ana", "k", ""); len(out.Fields) != 1 {
				t.Errorf("bot.%s left no field", name)
			}
		}
	})

	t.Run("an_empty_document_is_unrenderable", func(t *testing.T) {
		t.Parallel()
		_, err := renderContent(bot.Note{})
		if err == nil || bot.FaultOf(err).Kind != bot.FaultUnrenderable {
			t.Fatalf("got %v", err)
		}
	})

	t.Run("a_link_that_would_run_is_no_link", func(t *testing.T) {
		t.Parallel()
		for _, bad := range []string{"javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", " javascript:x", "//example.com/x", "/etc", "file:///etc/passwd"} {
			if got := safeURL(bad); got != "" {
				t.Errorf("%q came through as %q", bad, got)
			}
			if bs := renderButtons([]bot.Button{{Label: "x", URL: bad}}); len(bs) != 0 {
				t.Errorf("%q became a button", bad)
			}
		}
		for _, good := range []string{"https://example.com/a?b#c", "http://localhost:8080/#support/m0000001", "mailto:zoe@example.com", "/#support/m0000001"} {
			if safeURL(good) != good {
				t.Errorf("%q was refused", good)
			}
		}
	})

	t.Run("words_reach_the_page_as_data", func(t *testing.T) {
		t.Parallel()
		const nasty = `</script><img src=x onerror=alert(1)> @everyone <!channel>`
		d, err := renderContent(bot.Card{Number: 1, Title: nasty, Excerpt: nasty, AskedBy: nasty, Tags: []string{nasty}})
		if err != nil {
			t.Fatal(err)
		}
		if d.Card.Title != nasty || d.Card.Excerpt != nasty {
			t.Error("the words were changed on the way")
		}
		out, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(string(out), "<>") {
			t.Errorf("the JSON holds a bare angle bracket: %s", out)
		}
	})
}

func TestCard(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	cases := []struct {
		name string
		card bot.Card
		want func(card) bool
	}{
		{"open_has_vote_and_details", bot.Card{Number: 42, Status: bot.StatusPlanned}, func(c card) bool {
			return len(c.Buttons) == 2 && c.Buttons[0].Action == "vote 42" && c.Buttons[1].Action == "details 42"
		}},
		{"closed_has_no_vote", bot.Card{Number: 42, Status: bot.StatusShipped, Closed: true, ClosedAt: day, Votes: 31}, func(c card) bool {
			return len(c.Buttons) == 1 && c.Closed == "Shipped 24 Nov. Thank you, all 31. Voting closed."
		}},
		{"declined_says_why", bot.Card{Status: bot.StatusDeclined, Reason: "too few", Closed: true}, func(c card) bool {
			return c.Reason == "Why: too few" && c.Closed == "Not planned. Voting closed."
		}},
		{"needs_info_says_what", bot.Card{Status: bot.StatusNeedsInfo, Reason: "which phone?"}, func(c card) bool { return c.Reason == "What's needed: which phone?" }},
		{"merged_says_where_it_goes_on", bot.Card{Into: 7, IntoTitle: "Search", Closed: true}, func(c card) bool { return c.Into == "Continues in #7 Search" }},
		{"gone_shows_only_that", bot.Card{Number: 3, Title: "secret", Gone: "Taken back."}, func(c card) bool { return c.Gone == "Taken back." && c.Title == "" && len(c.Buttons) == 0 }},
		{"deaf_says_so", bot.Card{Deaf: true}, func(c card) bool { return c.Deaf != "" }},
		{"one_person_is_one", bot.Card{Votes: 1}, func(c card) bool { return c.People == "1 person" }},
		{"facts_in_one_line", bot.Card{AskedBy: "Rui", AskedIn: "support", Quotes: 3, Tags: []string{"Comfort"}}, func(c card) bool {
			return c.Facts == "Asked by Rui in #support · 3 quotes · Comfort"
		}},
		{"unknown_requester_leaves_no_gap", bot.Card{Quotes: 1}, func(c card) bool { return c.Facts == "1 quote" }},
		{"pictures_are_named", bot.Card{Pictures: 2, Original: "https://example.com"}, func(c card) bool {
			return c.Pictures == "📎 2 in the original" && c.Original != ""
		}},
		{"a_week_without_votes_is_silent", bot.Card{Votes: 3}, func(c card) bool { return c.Week == "" }},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := renderCard(tc.card); !tc.want(*got.Card) {
				t.Errorf("got %+v", *got.Card)
			}
		})
	}
	t.Run("every_status_has_its_emoji_and_word", func(t *testing.T) {
		t.Parallel()
		for _, s := range bot.Statuses() {
			if statusEmoji(s) == "" {
				t.Errorf("%s has no emoji", s)
			}
		}
	})
}

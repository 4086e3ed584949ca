package main

import (
	"strings"
	"testing"
	"time"

	"heed/adapters/slack/slackfake"
)

// TestLongest asks, decides, promotes, ships and reads with the longest words that are
// taken, of the characters that take the most room: Slack refuses none of it.
func TestLongest(t *testing.T) {
	t.Parallel()
	a := newAcme(t, false)
	a.here()
	a.setUp()
	wide := func(n int) string { return strings.Repeat("👨🏽", n/2) }
	escaped := func(n int) string { return strings.Repeat("&<>*_~`", n/7) }
	for i, title := range []string{wide(80), escaped(77), strings.Repeat("ﷺ", 80), strings.Repeat("<!channel> ", 7)} {
		_, err := a.rui.Say(a.rui.DM(), strings.Repeat("“", i%2)+title+".\n"+escaped(7000)+" "+strings.Repeat("why it matters ", 200))
		a.ok(err)
		a.wait("a card", func() bool { return len(having(a.slack.Messages(a.requests), "#"+string(rune('1'+i))+" ")) > 0 })
		a.command(a.ana, a.inside, "/heed retitle "+string(rune('1'+i))+" "+title)
	}
	a.quiet()
	a.command(a.rui, a.support, "/heed edit 1")
	a.submit(a.rui, map[string]any{"title": wide(80), "words": escaped(2996)})
	a.command(a.rui, a.support, "/heed edit 2")
	a.form(a.rui)
	for _, line := range []string{"show 1", "show 2", "show 3", "top 50", "mine", "search matters", "my-data", "triage"} {
		a.command(a.ana, a.inside, "/heed "+line)
		a.command(a.rui, a.support, "/heed "+line)
	}
	a.command(a.ben, a.inside, "/promote 1")
	a.submit(a.ben, map[string]any{
		"as_a": escaped(490), "i_want": wide(500), "so_that": escaped(490), "criteria": strings.TrimSpace(strings.Repeat(escaped(98)+"\n", 30)), "estimate": wide(60), "sprint": escaped(56),
	})
	a.command(a.ben, a.inside, "/backlog")
	a.command(a.ben, a.inside, "/backlog 1")
	a.command(a.ben, a.inside, "/ship 1")
	a.submit(a.ben, map[string]any{"note": escaped(1995), "how": wide(400), "link": "https://acme.example/" + strings.Repeat("ü&<>", 119)})
	a.command(a.ana, a.inside, "/heed status 2 declined "+escaped(490))
	a.command(a.ana, a.inside, "/heed status 3 needs info "+wide(490))
	a.quiet()
	a.pass(time.Date(2026, 11, 23, 8, 0, 1, 0, time.UTC))
	a.message(a.inside, "16–22 November")
	a.pass(time.Date(2026, 11, 24, 12, 0, 1, 0, time.UTC))
	a.quiet()
	a.ok(a.rui.OpenHome())
	for _, method := range []string{"chat.postMessage", "chat.update", "chat.postEphemeral", "views.open", "views.push", "views.publish", slackfake.HookMethod} {
		for _, c := range a.slack.Calls(method) {
			if c.Error != "" && c.Error != "ratelimited" {
				t.Errorf("%s was refused: %s %.400s", method, c.Error, c.Args["blocks"]+c.Args["view"])
			}
		}
	}
	var refused []string
	a.ok(a.db.SelectContext(t.Context(), &refused, `select kind || ' ' || fault from posts where fault like 'unrenderable%'`))
	if len(refused) > 0 {
		t.Errorf("not shown: %v", refused)
	}
}

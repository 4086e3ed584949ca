package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heed/bot"
)

// TestNewsKeepTheTeamsWords has people do anything in any order. All
// that the team alone may read is called Atlas; no message in a channel that the
// community reads, none to a guest and no answer to one holds that word.
func TestNewsKeepTheTeamsWords(t *testing.T) {
	t.Parallel()
	const secret = "Atlas"
	w := newDeskWorld(t).withRoles(t)
	w.exec(t, `update channels set intake = true where channel_ref in ('CSUPPORT', 'CINSIDE')`)
	for _, account := range []string{"URUI", "ULENA", "UOMAR"} {
		w.member(t, account)
	}
	people := []string{"URUI", "ULENA", "UOMAR", "UANA"}
	checks := 0
	rapid.Check(t, func(r *rapid.T) {
		if checks++; checks > 30 { // each sends real posts over real Postgres: thirty take seconds
			return
		}
		var items []bot.Item
		wording := func(it bot.Item) string { // what the team says of an item now, in the item's audience
			now := w.read(t, it)
			if root := w.read(t, bot.Item{Board: now.Board, ID: now.Root}); root.Audience == bot.Team {
				return secret + " says why"
			}
			return "because"
		}
		ask := func(audience bot.Audience) {
			title, channel := fmt.Sprintf("Wish %d of %d", len(items), checks), rapid.SampledFrom([]string{"CSUPPORT", "CFEEDBACK"}).Draw(r, "channel")
			who := rapid.SampledFrom(people).Draw(r, "who")
			if audience == bot.Team {
				title, who = secret+" "+title, "ULENA"
				channel = rapid.SampledFrom([]string{"CSUPPORT", "CINSIDE"}).Draw(r, "channel")
			}
			it := w.item(t, who, title, audience, channel, fmt.Sprintf("%d.%d", checks, len(items)))
			w.exec(t, `update items set asked_workspace = $1, asked_channel = $2 where item_id = $3`, w.ws.ID, channel, it.ID)
			for _, c := range []string{"CSUPPORT", "CINSIDE"} {
				if _, err := w.store.WantPost(w.ctx, it.Board, bot.Want{
					Key: fmt.Sprintf("card:%d:%d:%s", it.Number, w.ws.ID, c), Kind: bot.PostCard, Workspace: w.ws.ID, Channel: c, Item: it.ID, Due: w.clock.Now(),
				}); err != nil {
					t.Fatal(err)
				}
			}
			items = append(items, it)
		}
		ask(bot.Community)
		ask(bot.Team)
		some := func() bot.Item { return rapid.SampledFrom(items).Draw(r, "item") }
		for range rapid.IntRange(4, 16).Draw(r, "acts") {
			it := some()
			n := it.Number
			switch rapid.IntRange(0, 11).Draw(r, "act") {
			case 0:
				ask(rapid.SampledFrom([]bot.Audience{bot.Team, bot.Community}).Draw(r, "audience"))
			case 1:
				w.say(t, rapid.SampledFrom(people).Draw(r, "who"), "/heed", fmt.Sprintf("vote %d", n))
			case 2:
				w.say(t, rapid.SampledFrom(people).Draw(r, "who"), "/heed", fmt.Sprintf("follow %d", n))
			case 3:
				w.say(t, "UANA", "/heed", fmt.Sprintf("merge %d into %d", some().Number, n))
			case 4:
				w.say(t, "UANA", "/heed", fmt.Sprintf("unmerge %d", n))
			case 5:
				status := rapid.SampledFrom([]string{"planned", "declined", "needs info", "under review", "in progress"}).Draw(r, "status")
				w.say(t, "UANA", "/heed", fmt.Sprintf("status %d %s %s", n, status, wording(it)))
			case 6:
				if form, ok := w.say(t, "UBEN", "/ship", fmt.Sprint(n)).(bot.Ask); ok {
					w.submit(t, "UBEN", form.Form, map[string]string{"note": wording(it), "how": wording(it)})
				}
			case 7:
				if form, ok := w.say(t, "UBEN", "/promote", fmt.Sprint(n)).(bot.Ask); ok {
					w.submit(t, "UBEN", form.Form, map[string]string{"criteria": wording(it)})
				}
			case 8:
				w.say(t, "UANA", "/heed", fmt.Sprintf("audience %d team", n))
			case 9:
				if form, ok := w.press(t, "ULENA", bot.Act("answer", n)).(bot.Ask); ok {
					w.exec(t, `update channels set audience = 'team' where channel_ref = 'CSUPPORT'`) // she answers among the team
					w.submit(t, "ULENA", form.Form, map[string]string{"words": secret + " is why"})
					w.exec(t, `update channels set audience = 'community' where channel_ref = 'CSUPPORT'`)
				}
			case 10:
				w.clock.move(6 * time.Minute)
				w.dispatch(t)
			case 11:
				w.clock.move(26 * time.Hour)
			}
		}
		w.clock.move(24 * time.Hour)
		for range 3 {
			if _, err := w.bot.NoticesOnce(w.ctx); err != nil {
				t.Fatal(err)
			}
			w.dispatch(t)
		}
		for _, where := range []string{"CSUPPORT", "CFEEDBACK", "CNEWS", "@URUI"} {
			for _, m := range w.to(where) {
				if strings.Contains(m.words(), secret) {
					r.Fatalf("%s reads %s", where, m.words())
				}
			}
		}
		for _, text := range []string{"top", "mine", "search wish", fmt.Sprintf("show %d", some().Number), fmt.Sprintf("vote %d", some().Number)} {
			if got := plain(w.say(t, "URUI", "/heed", text)); strings.Contains(got, secret) {
				r.Fatalf("Rui asks for %q and reads %s", text, got)
			}
		}
		if got := plain(w.say(t, "URUI", "/roadmap", "")); strings.Contains(got, secret) {
			r.Fatalf("Rui's roadmap is %s", got)
		}
	})
}

package discord_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"heed/adapters/adaptertest"
	"heed/bot"
)

// list is rows with two buttons each, as of `/heed top`.
func list(n int) bot.Doc {
	doc := bot.Doc{bot.Heading{Text: "What people want most"}}
	for i := 1; i <= n; i++ {
		doc = append(doc, bot.Row{Text: bot.Textf("%d  *#%d %s* · 👍 %d", i, i, "Dark *mode*", 40-i), Buttons: []bot.Button{
			{Label: "👍 Vote", Action: bot.Act("vote", i)}, {Label: "Details", Action: bot.Act("details", i)},
		}})
	}
	return append(doc, bot.Small{Text: bot.Textf("1–%d of 60", n)}, bot.Buttons{{Label: "Next 10", Action: "top 10"}, {Label: "Share here", Action: "share top 0"}})
}

// TestAListIsOneMessage: ten rows with two buttons each are more components than a
// message takes; the second of all is a menu, and picking from it is the press.
func TestAListIsOneMessage(t *testing.T) {
	t.Parallel()
	c := newChat(t)
	for _, n := range []int{1, 10} {
		c.stage.Next(bot.Say{Doc: list(n)})
		before := len(c.Private(adaptertest.Rui))
		c.Command(adaptertest.Rui, adaptertest.Support, "/heed top")
		all := c.Private(adaptertest.Rui)
		m := all[len(all)-1]
		if len(all) != before+1 || !strings.Contains(m.Text, fmt.Sprintf("#%d Dark *mode*", n)) || !slices.Contains(m.Buttons, "Next 10") {
			t.Errorf("%d rows came in %d messages:\n%s", n, len(all)-before, m.Text)
		}
		if single := slices.Contains(m.Buttons, "Details"); single != (n == 1) {
			t.Errorf("%d rows have the buttons %q", n, m.Buttons)
		}
	}
	c.Command(adaptertest.Rui, adaptertest.Support, "/feedback a dial for the volume")
	c.Settle()
	c.stage.Next(bot.Say{Doc: list(10)})
	c.Command(adaptertest.Rui, adaptertest.Support, "/heed top")
	shown := c.Private(adaptertest.Rui)
	if err := c.people[adaptertest.Rui].Choose(c.seen[shown[len(shown)-1].Ref], "pick", "details 1"); err != nil {
		t.Fatal(err)
	}
	c.heard()
	shown = c.Private(adaptertest.Rui)
	if m := shown[len(shown)-1]; !strings.Contains(m.Text, "a dial for the volume") || !strings.Contains(m.Text, "Asked by") {
		t.Errorf("picking shows\n%s", m.Text)
	}
}

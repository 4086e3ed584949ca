package slack_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"heed/adapters/adaptertest"
	"heed/bot"
)

// mentioned is a mention in an example.
var mentioned = regexp.MustCompile(`<@[^>]*>`)

// TestSlackTakesAllThatTheCoreSays types every example of every command and presses
// every button that comes of it, as somebody who may do everything. Slack must
// refuse nothing.
func TestSlackTakesAllThatTheCoreSays(t *testing.T) {
	t.Parallel()
	c := newChat(t, false)
	title := "A " + strings.Repeat("very ", 14) + "long <&> *title* "
	for _, words := range []string{
		title + "of mine: " + strings.Repeat("I need every word of this & more. ", 80), "dark mode for the editor", "export to a spreadsheet",
		"keyboard shortcuts everywhere", "sort the list by date", "a calendar view",
	} {
		c.Command(adaptertest.Rui, adaptertest.Support, "/feedback "+words)
		c.clock.Advance(time.Minute)
	}
	m := c.Say(adaptertest.Mira, adaptertest.Support, strings.Repeat("Invoices as PDF, please & thank you. ", 200), "one.png")
	c.Save(adaptertest.Zoe, m)
	c.Submit(adaptertest.Zoe, nil)
	c.Settle()
	for _, u := range bot.Usages() {
		if u.Verb == bot.VerbForgetMe {
			continue // ends Zoe
		}
		for _, example := range u.Examples {
			example = strings.NewReplacer("42", "1", "12", "2", "7", "3").Replace(mentioned.ReplaceAllString(example, "@"+adaptertest.Mira))
			c.explore(u.Line("", example))
		}
	}
	for _, line := range []string{"/feedback", "/feedback top bar", "/feedback status 1 planned", "/heed", "/heed nonsense", "/feedback dark mode for the editor please"} {
		c.explore(line)
	}
	c.Later(24 * time.Hour)
	c.Later(7 * 24 * time.Hour)
	for _, who := range adaptertest.People() {
		c.Home(who)
	}
	c.refusals()
}

// explore types a line, presses each button of the answer, and closes what opens.
func (c *chat) explore(line string) {
	c.t.Helper()
	c.clock.Advance(time.Minute)
	before := len(c.Private(adaptertest.Zoe))
	c.Command(adaptertest.Zoe, adaptertest.Feedback, line)
	c.close()
	said := c.Private(adaptertest.Zoe)
	for _, m := range said[min(before, len(said)):] {
		for _, label := range slices.Compact(slices.Clone(m.Buttons)) {
			now, there := c.slack.Message(c.seen[m.Ref])
			if !there || !slices.Contains(c.message(now).Buttons, label) {
				break // the answer to a press took its place
			}
			c.ok(c.people[adaptertest.Zoe].PressLabel(now, label))
			c.adapter.Wait()
			c.close()
			c.clock.Advance(time.Minute)
		}
	}
	c.refusals()
}

// close closes whatever form is open, after a look at it.
func (c *chat) close() {
	if v, open := c.slack.View(c.people[adaptertest.Zoe]); open {
		if err := c.people[adaptertest.Zoe].CloseAllViews(v); err != nil {
			c.t.Error(err)
		}
	}
}

// refusals fails the test for everything that Slack refused as not fit.
func (c *chat) refusals() {
	c.t.Helper()
	for _, method := range []string{
		"chat.postMessage", "chat.update", "chat.postEphemeral", "views.open", "views.push", "views.publish", "response_url", "conversations.open", "reactions.add",
	} {
		for _, call := range c.slack.Calls(method) {
			if !call.OK && call.Error != "" {
				args := call.Args["view"] + call.Args["blocks"] + call.Args["body"]
				c.t.Errorf("%s: %s: %.1500s", method, call.Error, args)
			}
		}
	}
	c.slack.ForgetCalls()
}

package discord

import (
	"fmt"
	"strings"

	"heed/bot"
)

// statusLook is how a status shows: a sign and the word beside it say it, the
// colour only repeats it.
type statusLook struct {
	sign   string
	colour int
}

// looks are the statuses'; mergedLook stands for an item that is part of another.
var (
	looks = map[bot.Status]statusLook{
		bot.StatusNew:         {"⚪", 0x99aab5},
		bot.StatusUnderReview: {"🔵", 0x3b88c3},
		bot.StatusNeedsInfo:   {"🟡", 0xfdcb58},
		bot.StatusPlanned:     {"🟣", 0xaa8ed6},
		bot.StatusStarted:     {"🟠", 0xf4900c},
		bot.StatusShipped:     {"✅", 0x77b255},
		bot.StatusDeclined:    {"⛔", 0xdd2e44},
	}
	mergedLook = statusLook{"🔗", 0x4f545c}
	goneLook   = statusLook{"", 0x4f545c}
)

// What a card shows of each part. The core's own bounds are no wider; these hold a
// card far inside a message whatever comes.
const (
	maxCardTitle  = 100
	maxCardWords  = 320
	maxCardLines  = 8
	maxCardReason = 620
	maxCardName   = 80
	maxCardTags   = 10
	maxCardTag    = 32
	maxCardLink   = 400
)

// drawCard renders an item as its channel sees it.
func drawCard(c bot.Card) message {
	if len(c.Original) > maxCardLink {
		c.Original = ""
	}
	look := looks[c.Status]
	switch {
	case c.Gone != "":
		return boxed(goneLook.colour, drawBlocks(bot.Doc{bot.Para{Text: bot.Textf("*#%d* · %s", c.Number, cut(c.Gone, maxCardReason))}}, maxMessageText))
	case c.Into != 0:
		look = mergedLook
	}
	d := drawing{limit: maxMessageText}
	d.text("### " + titleLine(strings.TrimSpace(fmt.Sprintf("#%d %s", c.Number, cut(oneLine(c.Title), maxCardTitle)))))
	d.open = true
	d.text(cardStatus(c, look))
	if c.Excerpt != "" {
		words := bot.Literal(fewLines(cut(c.Excerpt, maxCardWords)))
		if c.More {
			words = append(words, bot.Span{Text: " more", Italic: true})
		}
		d.texts(markdown(words, "> ", maxMessageText))
	}
	if c.Reason != "" {
		d.texts(markdown(bot.Textf("*%s* %s", reasonLead(c.Status), fewLines(cut(c.Reason, maxCardReason))), "", maxMessageText))
	}
	d.open = false
	d.texts(markdown(cardVotes(c), "", maxMessageText))
	d.open = true
	d.texts(markdown(cardFacts(c), smallMark, maxMessageText))
	if c.Paused != "" {
		d.open = true
		d.text(pausedLine(c.Paused))
	}
	if c.Deaf {
		d.open = true
		d.text("-# I'm not in this channel, so I don't see 👍 on this message: please use the Vote button, or let me in.")
	}
	d.buttons(cardButtons(c))
	return boxed(look.colour, d.components)
}

// boxed is a message in a frame with a coloured edge.
func boxed(colour int, cs []component) message {
	if len(cs) == 0 {
		cs = blank()
	}
	return messageOf([]component{{Type: typeContainer, AccentColor: &colour, Components: cs}})
}

// cardStatus is where the item stands, in markdown; the day it shipped is the
// reader's own, for Discord draws it in their zone and language.
func cardStatus(c bot.Card, look statusLook) string {
	if c.Into != 0 {
		name := fmt.Sprintf("#%d %s", c.Into, cut(oneLine(c.IntoTitle), maxCardTitle))
		return look.sign + " Now part of **" + literal(strings.TrimSpace(name), false) + "**"
	}
	status := look.sign + " **" + c.Status.Label() + "**"
	if c.Status == bot.StatusShipped && !c.ClosedAt.IsZero() {
		status += fmt.Sprintf(" <t:%d:D>", c.ClosedAt.Unix())
	}
	return status
}

// reasonLead introduces a reason by what it is for.
func reasonLead(s bot.Status) string {
	if s == bot.StatusNeedsInfo {
		return "What we need to know:"
	}
	return "Why:"
}

// cardFacts are who asked, and what else there is to see.
func cardFacts(c bot.Card) bot.Text {
	var facts bot.Text
	add := func(s bot.Span) {
		if len(facts) > 0 {
			facts = append(facts, bot.Span{Text: " · "})
		}
		s.Text = oneLine(s.Text)
		facts = append(facts, s)
	}
	where := ""
	if c.AskedIn != "" {
		where = " in #" + cut(strings.TrimPrefix(c.AskedIn, "#"), maxCardName)
	}
	switch {
	case c.AskedBy != "":
		add(bot.Link("Asked by "+cut(c.AskedBy, maxCardName)+where, c.Original))
	case where != "":
		add(bot.Link("Asked"+where, c.Original))
	}
	if c.Quotes > 0 {
		add(bot.Span{Text: counted(c.Quotes, "quote", "quotes")})
	}
	for i, tag := range c.Tags {
		if i == maxCardTags {
			add(bot.Span{Text: "…"})
			break
		}
		add(bot.Span{Text: cut(tag, maxCardTag)})
	}
	switch {
	case c.Pictures > 0 && c.Original == "": // they came with a command
		add(bot.Span{Text: "📎 " + counted(c.Pictures, "picture", "pictures")})
	case c.Pictures > 0:
		add(bot.Link(fmt.Sprintf("📎 %d in the original", c.Pictures), c.Original))
	}
	return facts
}

// cardVotes is the count, or how it ended.
func cardVotes(c bot.Card) bot.Text {
	if c.Closed && c.Status == bot.StatusShipped {
		if c.Votes > 1 {
			return bot.Textf("Thank you, all *%d*. · Voting closed", c.Votes)
		}
		return bot.Textf("Thank you. · Voting closed")
	}
	line := bot.Textf("👍 *%s*", counted(c.Votes, "person", "people"))
	switch {
	case c.Closed:
		line = append(line, bot.Span{Text: " · Voting closed"})
	case c.Week > 0:
		line = append(line, bot.Span{Text: fmt.Sprintf(" · +%d this week", c.Week)})
	}
	return line
}

// cardButtons are the same for everyone. A closed card has no Vote and nothing to
// wait for; a merged one leads to what it lives on under.
func cardButtons(c bot.Card) []bot.Button {
	n := c.Number
	if c.Into != 0 {
		n = c.Into
	}
	details := bot.Button{Label: "Details", Action: bot.Act("details", n)}
	discuss := bot.Button{Label: "💬 Discuss", Action: bot.Act("discuss", n)}
	switch {
	case c.Closed && c.Post:
		return []bot.Button{details}
	case c.Closed:
		return []bot.Button{details, discuss}
	}
	if c.Paused != "" {
		return []bot.Button{{Label: "Open it again", Action: bot.Act("openagain", c.Number), Style: bot.Primary}, details}
	}
	open := []bot.Button{
		{Label: "👍 Vote", Action: bot.Act("vote", n), Style: bot.Primary}, details,
		{Label: "🔔", Action: bot.Act("follow", n)},
	}
	if c.Post {
		return open
	}
	return append(open, discuss)
}

// pausedLine says that nobody can react where the card stands.
func pausedLine(p bot.Paused) string {
	if p == bot.PausedLocked {
		return "-# ⏸ Voting paused: a moderator locked this post."
	}
	return "-# ⏸ Voting paused: this post is closed."
}

// oneLine is s without line breaks.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// fewLines is s without empty lines; what would make it too tall reads on in its
// last line.
func fewLines(s string) string {
	var out []string
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if len(out) == maxCardLines {
			out[maxCardLines-1] += " " + line
			continue
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// counted is "1 quote", "3 quotes".
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

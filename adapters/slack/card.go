package slack

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"heed/bot"
)

// statusMark is the sign before a status; the word beside it says the same.
var statusMark = map[bot.Status]string{
	bot.StatusNew:         "⚪",
	bot.StatusUnderReview: "🔵",
	bot.StatusNeedsInfo:   "🟡",
	bot.StatusPlanned:     "🟣",
	bot.StatusStarted:     "🟠",
	bot.StatusShipped:     "✅",
	bot.StatusDeclined:    "⛔",
}

// drawCard renders an item as its channel sees it.
func drawCard(c bot.Card) drawn {
	name := fmt.Sprintf("#%d %s", c.Number, c.Title)
	if c.Gone != "" {
		return drawDoc(bot.Doc{bot.Para{Text: bot.Textf("*#%d* · %s", c.Number, c.Gone)}}, onPost)
	}
	status := statusMark[c.Status] + " " + c.Status.Label()
	if c.Into != 0 {
		status = fmt.Sprintf("now part of #%d %s", c.Into, c.IntoTitle)
	}
	d := drawing{on: onPost}
	top := []slack.RichTextElement{section(bot.Textf("*%s* · %s", name, status))}
	if c.Excerpt != "" {
		words := bot.Literal(c.Excerpt)
		if c.More {
			words = append(words, bot.Span{Text: " more", Italic: true})
		}
		top = append(top, quote(words))
	}
	if c.Reason != "" {
		top = append(top, section(bot.Textf("*%s* %s", reasonLead(c.Status), c.Reason)))
	}
	d.add(slack.NewRichTextBlock("", top...))
	d.small(cardFacts(c))
	d.rich(section(bot.Literal(cardVotes(c))))
	if c.Deaf {
		d.small(bot.Literal("I'm not in this channel, so I don't see 👍 on this message: please use the Vote button, or invite me."))
	}
	d.buttons(cardButtons(c))
	text := name + " · " + status
	if !c.Closed || c.Status != bot.StatusShipped {
		text += " · " + cardVotes(c)
	}
	return drawn{Text: fallback(text), Blocks: fit(d.blocks, onPost)}
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
		if s.Text == "" {
			return
		}
		if len(facts) > 0 {
			facts = append(facts, bot.Span{Text: " · "})
		}
		facts = append(facts, s)
	}
	where := ""
	if c.AskedIn != "" {
		where = " in #" + strings.TrimPrefix(c.AskedIn, "#")
	}
	switch {
	case c.AskedBy != "":
		add(bot.Link("Asked by "+c.AskedBy+where, c.Original))
	case where != "":
		add(bot.Link("Asked"+where, c.Original))
	}
	if c.Quotes > 0 {
		add(bot.Span{Text: counted(c.Quotes, "quote", "quotes")})
	}
	for _, tag := range c.Tags {
		add(bot.Span{Text: tag})
	}
	if c.Pictures > 0 {
		add(bot.Link(fmt.Sprintf("📎 %d in the original", c.Pictures), c.Original))
	}
	return facts
}

// cardVotes is the count, or how it ended.
func cardVotes(c bot.Card) string {
	if c.Closed {
		line := fmt.Sprintf("👍 %s", counted(c.Votes, "person", "people"))
		if c.Status == bot.StatusShipped {
			line = "✅ Shipped"
			if !c.ClosedAt.IsZero() {
				line += c.ClosedAt.Format(" 2 Jan")
			}
			switch {
			case c.Votes > 1:
				line += fmt.Sprintf(". Thank you, all %d.", c.Votes)
			default:
				line += ". Thank you."
			}
		}
		return line + " · Voting closed"
	}
	line := "👍 " + counted(c.Votes, "person", "people")
	if c.Week > 0 {
		line += fmt.Sprintf(" · +%d this week", c.Week)
	}
	return line
}

// cardButtons are the two that are the same for everyone; a closed card has no
// Vote, a merged one votes for what it lives on under.
func cardButtons(c bot.Card) []bot.Button {
	n := c.Number
	if c.Into != 0 {
		n = c.Into
	}
	details := bot.Button{Label: "Details", Action: bot.Act("details", n)}
	if c.Closed {
		return []bot.Button{details}
	}
	return []bot.Button{{Label: "👍 Vote", Action: bot.Act("vote", n), Style: bot.Primary}, details}
}

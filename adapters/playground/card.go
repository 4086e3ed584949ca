package playground

import (
	"fmt"
	"strings"

	"heed/bot"
)

// card is an item's card as the page's script draws it: every sentence is made here,
// the script only sets it.
type card struct {
	Number   int      `json:"number"`
	Title    string   `json:"title"`
	Excerpt  string   `json:"excerpt,omitempty"`
	More     bool     `json:"more,omitempty"`
	Status   string   `json:"status"` // for the chip's colour
	Label    string   `json:"label"`  // the status in words, with its emoji
	Reason   string   `json:"reason,omitempty"`
	Facts    string   `json:"facts,omitempty"` // who asked where, quotes, tags
	Pictures string   `json:"pictures,omitempty"`
	Original string   `json:"original,omitempty"` // the original message's address
	Votes    int      `json:"votes"`
	People   string   `json:"people"` // "31 people"
	Week     string   `json:"week,omitempty"`
	Closed   string   `json:"closed,omitempty"`
	Into     string   `json:"into,omitempty"`
	Gone     string   `json:"gone,omitempty"` // not "": the card shows only this
	Deaf     string   `json:"deaf,omitempty"`
	Buttons  []button `json:"buttons,omitempty"`
}

func renderCard(c bot.Card) doc {
	if c.Gone != "" {
		return doc{Kind: "card", Card: &card{Number: c.Number, Gone: c.Gone}, Plain: oneLine(c.Gone)}
	}
	x := card{
		Number: c.Number, Title: c.Title, Excerpt: c.Excerpt, More: c.More, Status: string(c.Status),
		Label: statusEmoji(c.Status) + " " + c.Status.Label(), Facts: cardFacts(c), Original: safeURL(c.Original),
		Votes: c.Votes, People: plural(c.Votes, "person", "people"),
	}
	switch {
	case c.Reason != "" && c.Status == bot.StatusNeedsInfo:
		x.Reason = "What's needed: " + c.Reason
	case c.Reason != "":
		x.Reason = "Why: " + c.Reason
	}
	if c.Pictures > 0 {
		x.Pictures = fmt.Sprintf("📎 %d in the original", c.Pictures)
	}
	if c.Week > 0 {
		x.Week = fmt.Sprintf("+%d this week", c.Week)
	}
	if c.Deaf {
		x.Deaf = "Reactions don't reach me here: please use the button, or invite @Heed."
	}
	if c.Into != 0 {
		x.Into = fmt.Sprintf("Continues in #%d %s", c.Into, c.IntoTitle)
	}
	if c.Closed {
		x.Closed = cardClosed(c)
	} else {
		x.Buttons = append(x.Buttons, button{Label: "👍 Vote", Action: string(bot.Act("vote", c.Number)), Style: string(bot.Primary)})
	}
	x.Buttons = append(x.Buttons, button{Label: "Details", Action: string(bot.Act("details", c.Number))})
	return doc{Kind: "card", Card: &x, Plain: oneLine(fmt.Sprintf("#%d %s, %s, %s", c.Number, c.Title, c.Status.Label(), x.People))}
}

// cardFacts is the line of lesser weight: "Asked by Rui in #support · 3 quotes · Comfort".
func cardFacts(c bot.Card) string {
	var facts []string
	switch {
	case c.AskedBy != "" && c.AskedIn != "":
		facts = append(facts, "Asked by "+c.AskedBy+" in #"+c.AskedIn)
	case c.AskedBy != "":
		facts = append(facts, "Asked by "+c.AskedBy)
	case c.AskedIn != "":
		facts = append(facts, "Asked in #"+c.AskedIn)
	}
	if c.Quotes > 0 {
		facts = append(facts, plural(c.Quotes, "quote", "quotes"))
	}
	return strings.Join(append(facts, c.Tags...), " · ")
}

func cardClosed(c bot.Card) string {
	day := ""
	if !c.ClosedAt.IsZero() {
		day = " " + c.ClosedAt.Format("2 Jan")
	}
	if c.Status == bot.StatusShipped {
		thanks := "Thank you."
		if c.Votes > 1 {
			thanks = fmt.Sprintf("Thank you, all %d.", c.Votes)
		}
		return "Shipped" + day + ". " + thanks + " Voting closed."
	}
	return c.Status.Label() + day + ". Voting closed."
}

// statusEmoji is the status at a glance; the word always stands beside it.
func statusEmoji(s bot.Status) string {
	switch s {
	case bot.StatusNew:
		return "⚪"
	case bot.StatusUnderReview:
		return "🟡"
	case bot.StatusNeedsInfo:
		return "🟠"
	case bot.StatusPlanned:
		return "🟣"
	case bot.StatusStarted:
		return "🔵"
	case bot.StatusShipped:
		return "✅"
	case bot.StatusDeclined:
		return "⚫"
	}
	return ""
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

package bot

import (
	"fmt"
	"strings"
	"time"
)

// digestBars is how many of the top are drawn.
const digestBars = 5

// teamDigest is a digest as the team reads it: to decide from.
func teamDigest(d FrozenDigest) Doc {
	f := d.Facts
	doc := Doc{Heading{"Feedback, " + f.Days}, Para{totalsText(f, true)}}
	if s := headlines(d); s != "" {
		doc = append(doc, Para{Literal(s)})
	}
	doc = append(doc, topBlocks(d, true)...)
	for _, p := range []Text{
		listText("*Rising*", f.Rising, func(l DigestLine) string { return fmt.Sprintf("%d→%d", l.Votes-l.Gain, l.Votes) }),
		listText("*New*", f.Fresh, func(l DigestLine) string { return fmt.Sprintf("👍 %d", l.Votes) }),
		listText("*Unanswered*", f.Unanswered, func(l DigestLine) string { return plural(l.Days, "day") }),
		listText("*Ready to promote*", f.Ready, func(l DigestLine) string { return fmt.Sprintf("(%d 👍, no story)", l.Votes) }),
		listText("*Shipped*", f.Shipped, func(l DigestLine) string { return fmt.Sprintf("👍 %d", l.Votes) }),
	} {
		if len(p) > 0 {
			doc = append(doc, Para{p})
		}
	}
	doc = append(doc, quoteBlocks(f.Quote)...)
	var bs Buttons
	if f.Totals.Waiting > 0 {
		bs = append(bs, Button{Label: fmt.Sprintf("Triage %d", f.Totals.Waiting), Action: Act("triage"), Style: Primary})
	}
	if len(f.Ready) > 0 {
		bs = append(bs, Button{Label: fmt.Sprintf("Promote #%d", f.Ready[0].Number), Action: Act("promote", f.Ready[0].Number)})
	}
	bs = append(bs, Button{Label: "Whole list", Action: Act("top")})
	return append(doc, bs, closing(f))
}

// communityDigest is a digest as the community reads it: what came of asking, and
// what to vote for. Nothing in it is for the team.
func communityDigest(d FrozenDigest) Doc {
	f := d.Facts
	doc := Doc{Heading{"Your feedback, " + f.Days}, Para{totalsText(f, false)}}
	if len(f.Shipped) > 0 {
		doc = append(doc, Para{Textf("*You asked, we shipped:* %s.", titles(f.Shipped))})
	}
	doc = append(doc, topBlocks(d, false)...)
	if p := listText("*Rising*", f.Rising, func(l DigestLine) string { return fmt.Sprintf("%d→%d", l.Votes-l.Gain, l.Votes) }); len(p) > 0 {
		doc = append(doc, Para{p})
	}
	if len(f.Fresh) > 0 {
		doc = append(doc, Para{Textf("*New and looking for votes*")})
		for _, l := range f.Fresh {
			if !inTop(d, l.Item) {
				doc = append(doc, Row{Text: Textf("*#%d %s* · 👍 %d", l.Number, l.Title, l.Votes), Buttons: []Button{voteButton(l)}})
			}
		}
		if _, ok := doc[len(doc)-1].(Para); ok { // all of them stand in the list above
			doc = doc[:len(doc)-1]
		}
	}
	doc = append(doc, quoteBlocks(f.Quote)...)
	return append(doc, Buttons{
		{Label: "Top 10", Action: Act("top")}, {Label: "Give feedback", Action: Act("give")},
	}, closing(f))
}

// digestHeadline is the first line, for notifications.
func digestHeadline(d FrozenDigest) string {
	return "Feedback, " + d.Facts.Days + ": " + totalsText(d.Facts, d.Audience == Team).Plain()
}

// totalsText is "18 new (last time 11) · 143 votes by 61 people (98 by 47) · 2 shipped · 12 wait for you".
func totalsText(f DigestFacts, team bool) Text {
	t, was := f.Totals, f.Before
	parts := []string{fmt.Sprintf("%d new", t.New)}
	votes := fmt.Sprintf("%s by %s", plural(t.Votes, "vote"), people(t.Voters))
	if was != nil {
		parts[0] += fmt.Sprintf(" (last time %d)", was.New)
		votes += fmt.Sprintf(" (%d by %d)", was.Votes, was.Voters)
	}
	parts = append(parts, votes)
	if t.Shipped > 0 {
		parts = append(parts, fmt.Sprintf("%d shipped", t.Shipped))
	}
	out := Literal(strings.Join(parts, " · "))
	if !team || t.Waiting == 0 {
		return out
	}
	waits := "wait"
	if t.Waiting == 1 {
		waits = "waits"
	}
	return append(out, Span{Text: " · "}, Span{Text: fmt.Sprintf("%d %s for you", t.Waiting, waits), Bold: true})
}

// headlines are the sentences that say what is worth knowing first.
func headlines(d FrozenDigest) string {
	var out []string
	f := d.Facts
	if len(d.Entries) > 0 {
		switch first := d.Entries[0].Line; {
		case first.Moved > 0:
			out = append(out, first.Title+" is first now.")
		case first.New:
			out = append(out, first.Title+" is new and first at once.")
		}
	}
	if len(f.Rising) > 0 {
		s := f.Rising[0].Title + " rises fastest"
		if n := f.Rising[0].Customers; n > 0 {
			s += ": " + plural(n, "customer")
		}
		out = append(out, s+".")
	}
	if n := f.Totals.Overdue; n == 1 {
		out = append(out, "One request has waited over two weeks.")
	} else if n > 1 {
		out = append(out, fmt.Sprintf("%d requests have waited over two weeks.", n))
	}
	return strings.Join(out, " ")
}

// topBlocks draw the top and list it, a row each with a button to vote.
func topBlocks(d FrozenDigest, team bool) []Block {
	if len(d.Entries) == 0 {
		return nil
	}
	var bars Bars
	var rows []Block
	for i, e := range d.Entries[:min(len(d.Entries), digestTop)] {
		if i < digestBars {
			note := ""
			if e.Line.Gain > 0 {
				note = fmt.Sprintf("+%d", e.Line.Gain)
			}
			bars = append(bars, Bar{Label: Excerpt(fmt.Sprintf("#%d %s", e.Line.Number, e.Line.Title), 24), Value: e.Line.Votes, Note: note})
		}
		rows = append(rows, Row{Text: entryText(e, team), Buttons: []Button{voteButton(e.Line)}})
	}
	var out []Block
	if len(bars) > 1 { // one line compares with nothing
		out = append(out, bars)
	}
	out = append(out, rows...)
	if more := len(d.Entries) - digestTop; more > 0 {
		s := fmt.Sprintf("%d more", more)
		if len(d.Entries) == digestRanked {
			s = fmt.Sprintf("%d more and counting", more)
		}
		out = append(out, Small{Textf("_%s_", s)})
	}
	return out
}

// entryText is "1 ▲2 #42 Dark mode · 👍 31 (+9) · Planned · 3 channels".
func entryText(e DigestEntry, team bool) Text {
	l := e.Line
	place := fmt.Sprint(e.Rank)
	switch {
	case l.New:
		place += " new"
	case l.Moved > 0:
		place += fmt.Sprintf(" ▲%d", l.Moved)
	case l.Moved < 0:
		place += fmt.Sprintf(" ▼%d", -l.Moved)
	}
	votes := fmt.Sprintf("👍 %d", l.Votes)
	if l.Gain > 0 {
		votes += fmt.Sprintf(" (+%d)", l.Gain)
	}
	parts := []string{votes}
	if community := l.Votes - l.OfTeam; team && community > 0 && l.OfTeam > 0 {
		parts = append(parts, fmt.Sprintf("%d community, %d team", community, l.OfTeam))
	}
	parts = append(parts, l.Status.Label())
	if team && l.Channels > 1 {
		parts = append(parts, plural(l.Channels, "channel"))
	}
	return Textf("%s *#%d %s* · %s", place, l.Number, l.Title, strings.Join(parts, " · "))
}

func voteButton(l DigestLine) Button {
	return Button{Label: "👍 Vote", Action: Act("vote", l.Number)}
}

// listText is "*Rising* #58 SSO 0→14 · #61 Bulk edit 3→9"; nil for no lines.
func listText(head string, ls []DigestLine, note func(DigestLine) string) Text {
	if len(ls) == 0 {
		return nil
	}
	parts := make([]string, len(ls))
	for i, l := range ls {
		parts[i] = fmt.Sprintf("#%d %s %s", l.Number, l.Title, note(l))
	}
	return Textf(head+" %s", strings.Join(parts, " · "))
}

func titles(ls []DigestLine) string {
	out := make([]string, len(ls))
	for i, l := range ls {
		out[i] = l.Title
	}
	return strings.Join(out, ", ")
}

func inTop(d FrozenDigest, item ItemID) bool {
	for _, e := range d.Entries[:min(len(d.Entries), digestTop)] {
		if e.Line.Item == item {
			return true
		}
	}
	return false
}

func quoteBlocks(q *DigestQuote) []Block {
	if q == nil {
		return nil
	}
	from := fmt.Sprintf("#%d", q.Number)
	if q.Name != "" {
		from = q.Name + ", " + from
	}
	return []Block{Para{Textf("*In their words*")}, Quote{Textf("%s (%s)", q.Words, from)}}
}

// closing says when the next one comes and how to change that.
func closing(f DigestFacts) Block {
	if f.Next.IsZero() {
		return Small{Textf("`/heed digest` says when the next one comes, and changes it.")}
	}
	return Small{Textf("Next %s · `/heed digest` changes this", runText(f.Next, f.City))}
}

// runText is a run as people note it: "Mon 30 Nov 09:00 Berlin".
func runText(at time.Time, city string) string { return at.Format("Mon 2 Jan 15:04") + " " + city }

package discord

import (
	"fmt"

	"heed/bot"
)

// Nothing is cut without a mark: a private answer that is too long comes as several
// messages, a post says where its rest is.

// shortText is how long the pieces of a text are where not all of it fits, so that
// little is left out for being one piece.
const shortText = 500

// measure is what components take of a message.
type measure struct{ components, units, bytes int }

func measureOf(cs ...component) measure {
	var m measure
	for _, c := range cs {
		m.components++
		if c.Type == typeTextDisplay {
			m.units += units(c.Content)
			m.bytes += len(c.Content) + displayBytes
		}
		inner := c.Components
		if c.Accessory != nil {
			inner = append(inner[:len(inner):len(inner)], *c.Accessory)
		}
		if len(inner) > 0 {
			of := measureOf(inner...)
			m.components, m.units, m.bytes = m.components+of.components, m.units+of.units, m.bytes+of.bytes
		}
	}
	return m
}

// fits tells whether components fit one message in which outer others hold them.
func fits(cs []component, outer int) bool {
	m := measureOf(cs...)
	return m.components+outer <= maxComponents && m.units <= maxMessageText && m.bytes <= maxDisplayBytes
}

// compact makes neighbouring texts one, which takes fewer components.
func compact(cs []component) []component {
	var out []component
	for _, c := range cs {
		if n := len(out); n > 0 && c.Type == typeTextDisplay && out[n-1].Type == typeTextDisplay {
			if both := out[n-1].Content + "\n" + c.Content; units(both) <= maxMessageText {
				out[n-1].Content = both
				continue
			}
		}
		out = append(out, c)
	}
	return out
}

// fitDoc renders what one message can hold of a document, inside outer components.
// What is left out gives way to a line that says so; the last row of buttons stays.
func fitDoc(doc bot.Doc, outer int) []component {
	all := squeeze(drawBlocks(doc, maxMessageText), outer)
	if fits(all, outer) {
		return all
	}
	return trim(drawBlocks(doc, shortText), outer)
}

// squeeze makes no more neighbouring texts one than components must fit: the shortest
// first, which belong to each other most often. What does not fit for all that stays
// as it is.
func squeeze(cs []component, outer int) []component {
	most := measureOf(compact(cs)...)
	if most.components+outer > maxComponents {
		return cs
	}
	for measureOf(cs...).components+outer > maxComponents {
		best, least := 0, maxMessageText+1
		for i := 1; i < len(cs); i++ {
			if cs[i].Type == typeTextDisplay && cs[i-1].Type == typeTextDisplay {
				if n := units(cs[i-1].Content) + 1 + units(cs[i].Content); n < least {
					best, least = i, n
				}
			}
		}
		if best == 0 {
			break
		}
		both := textDisplay(cs[best-1].Content + "\n" + cs[best].Content)
		cs = append(append(append([]component{}, cs[:best-1]...), both), cs[best+1:]...)
	}
	return cs
}

// trim keeps the head of components, says that there is more, and keeps their last
// row of buttons.
func trim(cs []component, outer int) []component {
	var tail []component
	if n := len(cs); n > 0 && cs[n-1].Type == typeActionRow {
		cs, tail = cs[:n-1], cs[n-1:]
	}
	tail = append([]component{textDisplay("-# … and more that doesn't fit in here. `/heed top`, `/heed search` and Details show all of it.")}, tail...)
	var kept []component
	for _, unit := range unitsOf(cs) {
		next := compact(append(kept[:len(kept):len(kept)], unit...))
		if !fits(append(next[:len(next):len(next)], tail...), outer) {
			break
		}
		kept = next
	}
	return append(kept, tail...)
}

// unitsOf groups components that belong on one page: a text with the buttons under it.
func unitsOf(cs []component) [][]component {
	var out [][]component
	for _, c := range cs {
		if n := len(out); n > 0 && c.Type == typeActionRow && out[n-1][0].Type == typeTextDisplay {
			out[n-1] = append(out[n-1], c)
			continue
		}
		out = append(out, []component{c})
	}
	return out
}

// drawPages renders an answer as the messages that it takes, at most maxAnswers; the
// last one says what was left out.
func drawPages(doc bot.Doc) []message {
	if all := squeeze(drawBlocks(doc, maxMessageText), 0); fits(all, 0) {
		return []message{messageOf(all).stamped("")}
	}
	mark := textDisplay(fmt.Sprintf("-# Page %d of %d", maxAnswers, maxAnswers))
	var pages [][]component
	var page []component
	left := unitsOf(drawBlocks(doc, shortText))
	for len(left) > 0 && len(pages) < maxAnswers-1 {
		next := compact(append(page[:len(page):len(page)], left[0]...))
		if len(page) > 0 && !fits(append(next[:len(next):len(next)], mark), 0) {
			pages, page = append(pages, page), nil
			continue
		}
		page, left = next, left[1:]
	}
	if len(left) > 0 {
		for _, unit := range left {
			page = append(page, unit...)
		}
		if page = compact(page); !fits(append(page[:len(page):len(page)], mark), 0) {
			page = trim(page, 1)
		}
	}
	pages = append(pages, page)
	out := make([]message, len(pages))
	for i, p := range pages {
		out[i] = messageOf(append(p, textDisplay(fmt.Sprintf("-# Page %d of %d", i+1, len(pages))))).stamped("")
	}
	return out
}

package main

import (
	"fmt"
	"html"
	"strings"

	"heed/cmd/internal/scorecard"
)

// Sizes of the picture, in its own units.
const (
	pictureWide  = 870
	labelWide    = 430
	barWide      = 250 // of which the goal is at half
	rowHigh      = 26
	barHigh      = 14
	groupHigh    = 40
	pictureStyle = `text{font:13px system-ui,sans-serif;fill:#1f2328}.h{font-weight:600}.n{fill:#59636e;font-size:12px}.b{fill:#0b6bcb}.s{fill:#b35900}.g{stroke:#1f2328;stroke-width:1.5}.t{fill:#818b98;fill-opacity:.22}` +
		`@media(prefers-color-scheme:dark){text{fill:#e6edf3}.n{fill:#9ea7b3}.b{fill:#4c9ee8}.s{fill:#e8943a}.g{stroke:#e6edf3}}`
)

// picture draws the figures that have a goal as bars beside it (SVG). Whether one is short
// is written beside it, too.
func picture(results []scorecard.Result) string {
	var body strings.Builder
	y := 0
	for _, group := range []struct {
		sense scorecard.Sense
		title string
	}{
		{scorecard.AtLeast, "More is better: the bar should reach the line, which is the goal"},
		{scorecard.AtMost, "Less is better: the bar should end before the line, which is the goal"},
	} {
		began := y
		for _, r := range results {
			for _, f := range r.Figures {
				if f.Goal.Sense != group.sense || f.Goal.Bound <= 0 || len(f.Values) == 0 {
					continue
				}
				if y == began {
					y += groupHigh
					fmt.Fprintf(&body, `<text class="h" x="8" y="%d">%s</text>`+"\n", y-14, group.title)
				}
				row(&body, y, r.Line, f)
				y += rowHigh
			}
		}
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-label="What was measured beside its goal; the table says the same in words">
<style>%s</style>
%s</svg>
`, pictureWide, y+10, pictureWide, y+10, pictureStyle, body.String())
}

// row draws one figure.
func row(body *strings.Builder, y int, line string, f scorecard.Figure) {
	share := f.Value() / f.Goal.Bound
	wide := min(max(share, 0.005), 2) * barWide / 2
	class, verdict := "b", ""
	if !f.Holds() {
		class, verdict = "s", " · short"
	}
	if share > 2 {
		verdict = " →" + verdict // it goes on beyond the picture
	}
	name := html.EscapeString(clipped(line+": "+f.Name, 64))
	fmt.Fprintf(body, `<text x="8" y="%d">%s</text><rect class="t" x="%d" y="%d" width="%d" height="%d"/><rect class="%s" x="%d" y="%d" width="%.1f" height="%d"/>`,
		y+12, name, labelWide, y, barWide, barHigh, class, labelWide, y, wide, barHigh)
	fmt.Fprintf(body, `<path class="g" d="M%d %dv%d"/><text class="n" x="%d" y="%d">%s of %s%s</text>`+"\n",
		labelWide+barWide/2, y-3, barHigh+6, labelWide+barWide+8, y+12,
		html.EscapeString(scorecard.Number(f.Value())), html.EscapeString(scorecard.With(f.Goal.Bound, f.Unit)), verdict)
}

// clipped cuts words to so many runes, with a mark.
func clipped(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most-1]) + "…"
}

package discord

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"heed/bot"
)

// snowflake is the form of every id of Discord's; an id of another platform is
// never a mention.
var snowflake = regexp.MustCompile(`^[0-9]{15,20}$`)

// markdown is t in Discord's markdown, each line behind prefix, in pieces of at
// most limit units that read on from each other; none when t shows nothing. What is
// beyond all that an answer may hold is left out: whoever fits the pieces into
// messages says so.
func markdown(t bot.Text, prefix string, limit int) []string {
	var out []string
	var piece strings.Builder
	size := 0
	for _, line := range lines(t) {
		for len(line) > 0 && size <= maxAnswers*maxMessageText {
			var s string
			s, line = fitLine(line, prefix, limit)
			size += units(s) + 1
			if piece.Len() > 0 && units(piece.String())+1+units(s) > limit {
				out = append(out, piece.String())
				piece.Reset()
			}
			if piece.Len() > 0 {
				piece.WriteByte('\n')
			}
			piece.WriteString(s)
		}
	}
	if piece.Len() > 0 {
		out = append(out, piece.String())
	}
	for i, s := range out {
		if strings.TrimSpace(strings.ReplaceAll(s, strings.TrimSpace(prefix), "")) == "" {
			out[i] = ""
		}
	}
	return keep(out)
}

// keep drops empty pieces.
func keep(pieces []string) []string {
	var out []string
	for _, s := range pieces {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// lines are t's lines; an empty one is a single empty span.
func lines(t bot.Text) []bot.Text {
	out := []bot.Text{nil}
	for _, s := range joined(asTyped(t)) {
		for i, part := range strings.Split(s.Text, "\n") {
			if i > 0 {
				out = append(out, nil)
			}
			if part == "" {
				continue
			}
			s.Text = part
			out[len(out)-1] = append(out[len(out)-1], s)
		}
	}
	for i, line := range out {
		if line == nil {
			out[i] = bot.Text{{}}
		}
	}
	return out
}

// joined is t, without what nobody sees, with neighbours of the same marks made one, so
// that what they make together is escaped together.
func joined(t bot.Text) bot.Text {
	var out bot.Text
	for _, s := range t {
		s.Text = visible(strings.ReplaceAll(s.Text, "\r\n", "\n"))
		if n := len(out); n > 0 && s.URL == "" && s.Account == "" && s.Channel == "" {
			last := out[n-1]
			last.Text = s.Text
			if last == s {
				out[n-1].Text += s.Text
				continue
			}
		}
		out = append(out, s)
	}
	return out
}

// fitLine renders as much of a line as limit takes and returns the rest of it.
func fitLine(line bot.Text, prefix string, limit int) (string, bot.Text) {
	// No character takes less than one unit: what is beyond limit is not looked at.
	near, far := splitAt(line, limit)
	if s := drawLine(near, prefix); len(far) == 0 && units(s) <= limit {
		return s, nil
	}
	// Few words are longer drawn than written by a third: it is tried first.
	low, high := 1, limit // of its characters
	if n := limit * 3 / 4; n > 1 {
		if head, _ := splitAt(near, n); units(drawLine(head, prefix)) <= limit {
			low = n
		} else {
			high = n - 1
		}
	}
	for low < high {
		mid := (low + high + 1) / 2
		if head, _ := splitAt(near, mid); units(drawLine(head, prefix)) <= limit {
			low = mid
		} else {
			high = mid - 1
		}
	}
	head, rest := splitAt(near, wordEnd(near, low))
	return drawLine(head, prefix), append(rest, far...)
}

// splitAt parts a line behind its n-th character.
func splitAt(line bot.Text, n int) (head, rest bot.Text) {
	for i, s := range line {
		at := 0
		for at < len(s.Text) && n > 0 {
			_, size := utf8.DecodeRuneInString(s.Text[at:])
			at, n = at+size, n-1
		}
		if at == len(s.Text) {
			head = append(head, s)
			continue
		}
		if at > 0 {
			front := s
			front.Text, s.Text = s.Text[:at], s.Text[at:]
			head = append(head, front)
		}
		return head, append(bot.Text{s}, line[i+1:]...)
	}
	return head, nil
}

// wordEnd is the end of the last word within the first n characters of a line,
// or n where that would lose half of them.
func wordEnd(line bot.Text, n int) int {
	end, at := n, 0
	for _, s := range line {
		for _, r := range s.Text {
			if at++; at > n {
				return end
			}
			if unicode.IsSpace(r) && at > n/2 {
				end = at
			}
		}
	}
	return end
}

// drawLine is one line in markdown.
func drawLine(line bot.Text, prefix string) string {
	var b strings.Builder
	start := true
	for i, s := range line {
		next := ""
		if i+1 < len(line) {
			next = line[i+1].Text
		}
		piece := drawSpan(s, start, next)
		b.WriteString(piece)
		start = start && strings.TrimSpace(piece) == ""
	}
	if prefix == smallMark && strings.TrimSpace(b.String()) == "" {
		return "" // alone on a line, the mark would be shown
	}
	return prefix + b.String()
}

// smallMark begins a line of lesser weight.
const smallMark = "-# "

// drawSpan is one run in markdown; next is the text behind it. Marks stand at the
// words' edge, never around space.
func drawSpan(s bot.Span, start bool, next string) string {
	switch {
	case snowflake.MatchString(s.Account):
		return "<@" + s.Account + ">"
	case snowflake.MatchString(s.Channel):
		return "<#" + s.Channel + ">"
	}
	text := visible(spanText(s))
	core := strings.TrimSpace(text)
	if core == "" {
		return text
	}
	lead, trail, _ := strings.Cut(text, core)
	plain := !s.Bold && !s.Italic && !s.Code && s.URL == ""
	out := literal(core, start && plain)
	if s.Code {
		out = "`" + literalCode(core) + "`"
	}
	if s.URL != "" && webLink(s.URL) {
		out = link(core, out, s.URL)
	}
	if s.Italic {
		mark := "_"
		if first, _ := utf8.DecodeRuneInString(trail + next); unicode.IsLetter(first) || unicode.IsDigit(first) {
			mark = "*"
		}
		out = mark + out + mark
	}
	if s.Bold {
		out = "**" + out + "**"
	}
	return lead + out + trail
}

// link is a link whose words, in markdown, are drawn. An address that stands for itself
// is no masked link, which Discord takes for a trick; a lone bracket in the words would
// end them, and is one that looks the same.
func link(words, drawn, target string) string {
	if words == target {
		return "<" + linkTarget(target) + ">"
	}
	open := 0
	for _, r := range words {
		switch {
		case r == '[':
			open++
		case r == ']' && open > 0:
			open--
		case r == ']':
			open = -1
		}
		if open < 0 {
			break
		}
	}
	if open != 0 {
		drawn = strings.NewReplacer(`\[`, "［", `\]`, "］").Replace(drawn)
	}
	return "[" + drawn + "](" + linkTarget(target) + ")"
}

// spanText is what a span shows where it can be no mention.
func spanText(s bot.Span) string {
	if s.Channel != "" && !strings.HasPrefix(s.Text, "#") {
		return "#" + s.Text
	}
	return s.Text
}

// webLink tells whether u may be a link in a text: the web alone, nothing that runs.
func webLink(u string) bool {
	p, err := url.Parse(u)
	return err == nil && len(u) <= maxLinkURL && (p.Scheme == "http" || p.Scheme == "https") && p.Host != ""
}

// linkTarget is u so that it can't end the link that it stands in.
func linkTarget(u string) string {
	return strings.NewReplacer("<", "%3C", ">", "%3E", "(", "%28", ")", "%29", "[", "%5B", "]", "%5D", " ", "%20", "\\", "%5C", "\n", "", "\r", "", "\t", "", "*", "%2A", "|", "%7C", "`", "%60").Replace(u)
}

// orDash stands in for a text that Discord would refuse as empty.
func orDash(s string) string {
	if bot.Empty(visible(s)) {
		return "–"
	}
	return s
}

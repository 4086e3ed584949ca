package slack

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/slack-go/slack"

	"heed/bot"
)

// channelID is the form of a channel's id, which rich text links to.
var channelID = regexp.MustCompile(`^[CG][A-Z0-9]{2,}$`)

// richElements are t's spans as rich text. A person's account is shown by name:
// a user element would ping them.
func richElements(t bot.Text) []slack.RichTextSectionElement {
	var out []slack.RichTextSectionElement
	for _, s := range t {
		if s.Text == "" {
			continue
		}
		style := richStyle(s)
		switch {
		case s.URL != "" && webLink(s.URL):
			out = append(out, slack.NewRichTextSectionLinkElement(s.URL, s.Text, style))
		case s.Channel != "" && channelID.MatchString(s.Channel):
			out = append(out, slack.NewRichTextSectionChannelElement(s.Channel, style))
		default:
			out = append(out, slack.NewRichTextSectionTextElement(spanText(s), style))
		}
	}
	if len(out) == 0 {
		out = append(out, slack.NewRichTextSectionTextElement(" ", nil))
	}
	return out
}

func richStyle(s bot.Span) *slack.RichTextSectionTextStyle {
	if !s.Bold && !s.Italic && !s.Code {
		return nil
	}
	return &slack.RichTextSectionTextStyle{Bold: s.Bold, Italic: s.Italic, Code: s.Code}
}

// spanText is what a span shows where it can be no link.
func spanText(s bot.Span) string {
	if s.Channel != "" && !strings.HasPrefix(s.Text, "#") {
		return "#" + s.Text
	}
	return s.Text
}

// webLink tells whether u may be a link: the web or mail, nothing that runs.
func webLink(u string) bool {
	p, err := url.Parse(u)
	if err != nil || len(u) > maxButtonURL {
		return false
	}
	switch strings.ToLower(p.Scheme) {
	case "http", "https":
		return p.Host != ""
	case "mailto":
		return true
	}
	return false
}

// marked tells whether t needs more than plain text.
func marked(t bot.Text) bool {
	for _, s := range t {
		if s.Bold || s.Italic || s.Code || s.URL != "" && webLink(s.URL) || s.Channel != "" && channelID.MatchString(s.Channel) {
			return true
		}
	}
	return false
}

// mrkdwn is t in Slack's own markup, at most limit characters; a cut is marked.
func mrkdwn(t bot.Text, limit int) string {
	var b strings.Builder
	for _, s := range t {
		room := limit - len([]rune(b.String()))
		piece := mrkdwnSpan(s, s.Text)
		if len([]rune(piece)) <= room {
			b.WriteString(piece)
			continue
		}
		// Escaping makes one character up to five: halve until it fits.
		for n := min(room, len([]rune(s.Text))); n > 0; n /= 2 {
			if piece = mrkdwnSpan(s, cut(s.Text, n)); len([]rune(piece)) <= room {
				b.WriteString(piece)
				break
			}
		}
		break
	}
	if strings.TrimSpace(b.String()) == "" {
		return " "
	}
	return b.String()
}

// mrkdwnSpan is one span with text in place of its own. Marks stand at the
// words' edge, never around space, where Slack would show them as they are.
func mrkdwnSpan(s bot.Span, text string) string {
	if s.Channel != "" && channelID.MatchString(s.Channel) {
		return "<#" + s.Channel + ">"
	}
	s.Text = text
	text = spanText(s)
	core := strings.TrimSpace(text)
	if core == "" {
		return text
	}
	lead, trail, _ := strings.Cut(text, core)
	out := literal(core)
	if s.Code {
		out = literalCode(core)
	}
	if s.URL != "" && webLink(s.URL) {
		out = "<" + linkTarget(s.URL) + "|" + strings.NewReplacer("|", "∣", "\n", " ").Replace(out) + ">"
	}
	if s.Code {
		out = "`" + out + "`"
	}
	if s.Italic {
		out = "_" + out + "_"
	}
	if s.Bold {
		out = "*" + out + "*"
	}
	return lead + out + trail
}

// linkTarget is u so that it can't end the link that it stands in.
func linkTarget(u string) string {
	return strings.NewReplacer("<", "%3C", ">", "%3E", "|", "%7C", " ", "%20", "\n", "", "&", "&amp;").Replace(u)
}

package discord

import (
	"strings"

	"heed/bot"
)

// asTyped is t with commands as people type them here: Discord files some of /heed's
// under a group, and shows nothing for a line that leaves it out.
func asTyped(t bot.Text) bot.Text {
	var out bot.Text
	for i, s := range t {
		line := s.Text
		if s.Code {
			line = grouped(line)
		}
		if line == s.Text {
			continue
		}
		if out == nil {
			out = append(bot.Text{}, t...)
		}
		out[i].Text = line
	}
	if out == nil {
		return t
	}
	return out
}

// grouped puts the group into a line of /heed whose command stands in one.
func grouped(line string) string {
	rest, ok := strings.CutPrefix(line, "/"+heedCommand+" ")
	if !ok {
		return line
	}
	if me, ok := strings.CutPrefix(rest, "link me"); ok {
		rest = string(bot.VerbLinkMe) + me
	}
	verb, _, _ := strings.Cut(rest, " ")
	u, known := bot.UsageOf(bot.Verb(verb))
	if !known || u.Slash || u.Group == "" {
		return line
	}
	return "/" + heedCommand + " " + u.Group + " " + rest
}

package bot

import (
	"fmt"
	"strings"
	"unicode"
)

// ParseHeed understands what stands after /heed. Nothing at all is help. The
// error is a *Misread.
//
// Text comes from adapters with mentions as <@ACCOUNT> or <@ACCOUNT|name>.
func ParseHeed(text string) (Command, error) {
	r := newReader(text)
	if len(r.tokens) == 0 {
		return Command{Verb: VerbHelp}, nil
	}
	u, ok := r.takeVerb(true)
	if !ok {
		t := r.tokens[0]
		said := text[t.start:t.end]
		m := &Misread{Said: said, Problem: fmt.Sprintf("I don't know the command “%s”.", Excerpt(said, 40)), Example: "heed help"}
		if t.account != "" {
			m.Problem = "A command begins with what to do, then who."
		}
		if near, ok := UsageOf(nearestVerb(t.key)); ok {
			m.Nearest = near.Verb
			m.Example = misread(near, "", "").Example
		}
		return Command{}, m
	}
	return finish(r.parse(u))
}

// ParseSlash understands a slash command by its name without slash and app
// prefix ("promote") and the text after it. It is not for /feedback, which
// ReadFeedback decides. An unknown name is an error like every other: a
// *Misread.
func ParseSlash(name, text string) (Command, error) {
	if name == "heed" {
		return ParseHeed(text)
	}
	u, ok := UsageOf(Verb(name))
	if !ok {
		return Command{}, &Misread{Said: name, Problem: fmt.Sprintf("I don't know the command “/%s”.", Excerpt(name, 40)), Example: "heed help"}
	}
	return finish(newReader(text).parse(u))
}

func finish(c Command, m *Misread) (Command, error) {
	if m != nil {
		return Command{}, m
	}
	return c, nil
}

// reader walks the tokens of one command's text.
type reader struct {
	text   string
	tokens []token
	at     int
	// filled counts the parameters up to the last that was given.
	filled int
	// loose is set once something was understood only by being lenient: a
	// small word passed over, another word for "into". It is right after
	// /heed, and not enough where the text may be a wish.
	loose bool
}

func newReader(text string) *reader { return &reader{text: text, tokens: tokenize(text)} }

func (r *reader) more() bool { return r.at < len(r.tokens) }

// key is the token i places ahead, or "" past the end or at a mention.
func (r *reader) key(i int) string {
	if r.at+i < len(r.tokens) {
		return r.tokens[r.at+i].key
	}
	return ""
}

// rest is the text from here on as typed, without the space around it.
func (r *reader) rest() string {
	if !r.more() {
		return ""
	}
	return strings.TrimFunc(r.text[r.tokens[r.at].start:], isBlank)
}

// remainder is all that stands behind the tokens read so far, also where it
// holds no token, such as a lone quote mark. Nothing that shows is nothing.
func (r *reader) remainder() string {
	start := 0
	if r.at > 0 {
		start = r.tokens[r.at-1].end
	}
	rest := strings.TrimFunc(r.text[start:], unicode.IsSpace)
	if Empty(rest) {
		return ""
	}
	return rest
}

// said is the next token as typed.
func (r *reader) said() string {
	if !r.more() {
		return ""
	}
	return r.text[r.tokens[r.at].start:r.tokens[r.at].end]
}

// takeVerb reads the verb. Dashes in it may be typed as spaces; aliases count
// only where the text is known to be a command.
func (r *reader) takeVerb(aliases bool) (Usage, bool) {
	word, pair := r.key(0), r.key(0)+"-"+r.key(1)
	for _, u := range Usages() { // "link me" before "link"
		if pair == string(u.Verb) {
			r.at += 2
			return u, true
		}
	}
	for _, u := range Usages() {
		switch verb := string(u.Verb); {
		case word == verb:
			r.at++
			return u, true
		case aliases && word == strings.ReplaceAll(verb, "-", ""):
			r.at++
			return u, true
		}
	}
	if aliases {
		for _, u := range Usages() {
			for _, a := range u.Aliases {
				if word == a {
					r.at++
					return u, true
				}
			}
		}
	}
	return Usage{}, false
}

// parse reads the arguments of u up to the end of the text.
func (r *reader) parse(u Usage) (Command, *Misread) {
	c := Command{Verb: u.Verb}
	if u.Verb == VerbFeedback {
		c.Words = r.remainder()
		return c, nil
	}
	for i, p := range u.Params {
		if !r.more() {
			if !p.Optional {
				return Command{}, missing(u, p)
			}
			continue
		}
		if m := r.take(&c, u, p); m != nil {
			if p.Optional && !m.certain {
				continue
			}
			return Command{}, m
		}
		r.filled = i + 1
	}
	if r.more() {
		return Command{}, r.leftOver(u)
	}
	if m := complete(&c, u, r.text); m != nil {
		return Command{}, m
	}
	return c, nil
}

// complete checks what the kinds alone cannot: arguments that need each other.
func complete(c *Command, u Usage, text string) *Misread {
	switch c.Verb {
	case VerbRoadmap, VerbBacklog:
		if c.Item != 0 && c.Choice == "" {
			return misread(u, "", fmt.Sprintf("What should happen to #%d: %s?", c.Item, orList(u.Params[1].Choices)))
		}
		if c.Item == 0 && c.Choice != "" {
			return misread(u, "", "Which request? Put its number first.")
		}
	case VerbDigest:
		if c.Choice == "" && (c.Cron != "" || c.Zone != "") {
			if c.Cron == "" {
				return misread(u, c.Zone, fmt.Sprintf("I don't know what “%s” should do to the digest: here, preview or off?", Excerpt(c.Zone, 40)))
			}
			c.Choice = ChoiceHere
		}
		if c.Choice != ChoiceHere && (c.Cron != "" || c.Zone != "") {
			return misread(u, "", fmt.Sprintf("“%s” takes nothing after it.", c.Choice))
		}
	case VerbTop:
		if c.Choice == "" && c.Switch != SwitchUnset {
			return misread(u, "", fmt.Sprintf("What should be %s? “top pin %s” is about this channel's live Top 10.", c.Switch, c.Switch))
		}
		if c.Choice != "" && c.Count != 0 {
			return misread(u, "", "The live Top 10 shows ten: leave the number out.")
		}
	case VerbChannel:
		if c.Choice == "" && c.Switch != SwitchUnset {
			return misread(u, "", fmt.Sprintf("What should be %s in this channel: %s?", c.Switch, orList(u.Params[0].Choices)))
		}
		if c.Review != "" && c.Choice == "" {
			c.Choice = ChoiceReview
		}
		if c.Review != "" && (c.Choice != ChoiceReview || c.Switch != SwitchUnset) {
			return misread(u, "", "Newcomers or everyone goes with review alone: whose words a moderator sees first.")
		}
	case VerbMerge:
		for _, n := range c.Items {
			if n == c.Item {
				return misread(u, "", fmt.Sprintf("#%d can't go into itself.", n))
			}
		}
	}
	return nil
}

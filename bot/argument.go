package bot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// maxCount is the most that a list shows at once, maxDays the longest time
// that a member can be kept out in one go, maxTags and maxItems the most that
// one command takes.
const (
	maxCount = 50
	maxDays  = 365
	maxTags  = 10
	maxItems = 20
)

// maxNumber is the highest number that an item is understood by.
const maxNumber = 999_999_999

// take reads one argument into c and moves on behind it. Where the next
// tokens are no such argument it returns why and moves nothing.
func (r *reader) take(c *Command, u Usage, p Param) *Misread {
	switch p.Kind {
	case KindItem:
		return r.takeItem(c, u, p)
	case KindItems:
		return r.takeItems(c, u, p)
	case KindInto:
		return r.takeInto(u)
	case KindMember:
		account := r.tokens[r.at].account
		if account == "" {
			if strings.HasPrefix(r.key(0), "@") {
				return misread(u, r.said(), fmt.Sprintf("I couldn't tell who %s is. Pick the name from the list that opens when you type @.", Excerpt(r.said(), 40)))
			}
			return r.notFor(u, p)
		}
		c.Account = account
		r.at++
	case KindRole:
		for n := 2; n >= 1; n-- {
			if role, ok := ParseRole(r.joined(n)); ok {
				c.Role = role
				r.at += n
				return nil
			}
		}
		return r.notFor(u, p)
	case KindStatus:
		for n := 3; n >= 1; n-- {
			if s, ok := ParseStatus(r.joined(n)); ok {
				c.Status = s
				r.at += n
				return nil
			}
		}
		return r.notFor(u, p)
	case KindTags:
		return r.takeTags(c, u)
	case KindWords:
		c.Words = r.rest()
		r.at = len(r.tokens)
	case KindCron:
		n := cronTokens(r.tokens[r.at:])
		if n == 0 {
			return r.notFor(u, p)
		}
		c.Cron = r.joined(n)
		r.at += n
	case KindZone:
		c.Zone = strings.Trim(r.rest(), quoteMarks+"()")
		r.at = len(r.tokens)
	case KindAudience:
		if k := Audience(r.key(0)); k == Team || k == Community {
			c.Audience = k
			r.at++
			return nil
		}
		return r.notFor(u, p)
	case KindReview:
		if k := Review(r.key(0)); k == ReviewNewcomers || k == ReviewEveryone || k == ReviewOff {
			c.Review = k
			r.at++
			return nil
		}
		return r.notFor(u, p)
	case KindSwitch:
		// Before a reason only the last word can be the switch: "hide 42 off
		// topic" hides.
		if k := r.key(0); (k == string(SwitchOn) || k == string(SwitchOff)) && (!u.takesWords() || r.at+1 == len(r.tokens)) {
			c.Switch = Switch(k)
			r.at++
			return nil
		}
		return r.notFor(u, p)
	case KindCount:
		n, err := strconv.Atoi(r.key(0))
		if err != nil || n < 1 || n > maxCount {
			return misread(u, r.said(), fmt.Sprintf("How many? I can show 1 to %d.", maxCount))
		}
		c.Count = n
		r.at++
	case KindDays:
		return r.takeDays(c, u, p)
	case KindVerb:
		topic, ok := r.takeVerb(true)
		if !ok {
			m := misread(u, r.said(), fmt.Sprintf("I don't know the command “%s”.", Excerpt(r.said(), 40)))
			if near, ok := UsageOf(nearestVerb(r.key(0))); ok {
				m.Nearest, m.Example = near.Verb, "heed help "+string(near.Verb)
			}
			return m
		}
		c.Topic = topic.Verb
	case KindCode:
		for n := 2; n >= 1; n-- {
			if code, ok := ParseLinkCode(r.joined(n)); ok {
				c.Code = code
				r.at += n
				return nil
			}
		}
		return r.notFor(u, p)
	case KindChoice:
		if !slices.Contains(p.Choices, r.key(0)) {
			return r.notFor(u, p)
		}
		c.Choice = r.key(0)
		r.at++
	}
	return nil
}

// joined is the next n tokens with single spaces, or "" where there are fewer
// or one is a mention.
func (r *reader) joined(n int) string {
	keys := make([]string, n)
	for i := range keys {
		if keys[i] = r.key(i); keys[i] == "" {
			return ""
		}
	}
	return strings.Join(keys, " ")
}

// smallWords may stand before a number or mention without changing anything.
var smallWords = []string{"for", "me", "item", "request", "number", "no", "nr", "to", "the"}

// smallAhead counts the small words before the next number.
func (r *reader) smallAhead() int {
	n := 0
	for slices.Contains(smallWords, strings.TrimSuffix(r.key(n), ".")) {
		n++
	}
	if _, ok, _ := looseNumber(r.key(n)); !ok {
		return 0
	}
	return n
}

// looseNumber is number that also reads past punctuation at the end, as in
// "42!", and says so.
func looseNumber(key string) (n int, ok, loose bool) {
	bare := strings.TrimRight(key, ".,:;!?)")
	n, ok = number(bare)
	return n, ok, bare != key
}

func (r *reader) takeItem(c *Command, u Usage, p Param) *Misread {
	small := r.smallAhead()
	n, ok, punctuated := looseNumber(r.key(small))
	if !ok {
		if p.Optional {
			return r.notFor(u, p)
		}
		return misread(u, r.said(), fmt.Sprintf("Which request? I expected a number and read “%s”.", Excerpt(r.said(), 40)))
	}
	r.loose = r.loose || small > 0 || punctuated
	r.at += small + 1
	c.Item = n
	return nil
}

func (r *reader) takeItems(c *Command, u Usage, p Param) *Misread {
	var items []int
	at, loose := r.at, false
	for ; at < len(r.tokens); at++ {
		key := r.tokens[at].key
		if key == "and" || key == "&" || key == "+" || key == "," {
			loose = true
			continue
		}
		numbers, ok := listed(key)
		if !ok {
			break
		}
		for _, n := range numbers {
			if !slices.Contains(items, n) {
				items = append(items, n)
			}
		}
		if len(items) > maxItems {
			return misread(u, "", fmt.Sprintf("At most %d requests in one go, please.", maxItems))
		}
	}
	if len(items) == 0 {
		return misread(u, r.said(), fmt.Sprintf("Which requests? I expected numbers and read “%s”.", Excerpt(r.said(), 40)))
	}
	c.Items, r.at, r.loose = items, at, r.loose || loose
	return nil
}

// listed reads numbers apart by commas, as in "12,13" and "12,".
func listed(key string) ([]int, bool) {
	var numbers []int
	for _, part := range strings.Split(strings.TrimSuffix(key, ","), ",") {
		n, ok := number(part)
		if !ok {
			return nil, false
		}
		numbers = append(numbers, n)
	}
	return numbers, true
}

func (r *reader) takeInto(u Usage) *Misread {
	switch r.key(0) {
	case "into":
	case "in", "with", "to", "->", "→", ">", "=>":
		r.loose = true
	default:
		return misread(u, r.said(), "Into which request should they go? Say “into” and its number.")
	}
	r.at++
	return nil
}

func (r *reader) takeTags(c *Command, u Usage) *Misread {
	var tags []string
	for i := r.at; i < len(r.tokens); i++ {
		said := r.text[r.tokens[i].start:r.tokens[i].end]
		for _, word := range strings.Split(said, ",") {
			if matchKey(word) == "" {
				continue
			}
			tag, err := ParseTag(word)
			if err != nil {
				return misread(u, word, err.Error())
			}
			if !slices.Contains(tags, tag) {
				tags = append(tags, tag)
			}
			if len(tags) > maxTags {
				return misread(u, "", fmt.Sprintf("At most %d tags in one go, please.", maxTags))
			}
		}
	}
	if len(tags) == 0 {
		return misread(u, r.said(), "Which tag?")
	}
	c.Tags, r.at = tags, len(r.tokens)
	return nil
}

func (r *reader) takeDays(c *Command, u Usage, p Param) *Misread {
	key, used := r.key(0), 1
	digits := strings.TrimRight(key, "dayswek")
	n, err := strconv.Atoi(digits)
	if err != nil {
		return r.notFor(u, p)
	}
	unit := key[len(digits):]
	if unit == "" {
		if next := r.key(1); next == "day" || next == "days" || next == "week" || next == "weeks" {
			unit, used = next, 2
		}
	}
	switch unit {
	case "", "d", "day", "days":
	case "w", "week", "weeks":
		n *= 7
	default:
		return r.notFor(u, p)
	}
	if n < 1 || n > maxDays {
		m := misread(u, r.said(), fmt.Sprintf("For how long? I can do 1 to %d days.", maxDays))
		m.certain = unit != ""
		return m
	}
	c.Days = n
	r.at += used
	return nil
}

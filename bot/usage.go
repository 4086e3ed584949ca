package bot

import (
	"slices"
	"strings"
)

// Verb names one command. It is the word that people type after /heed, or the
// slash command itself ("promote").
type Verb string

// Kind says how an argument is written and which field of a Command it fills.
type Kind int

const (
	// KindItem is an item's number, with or without #: Command.Item.
	KindItem Kind = iota + 1
	// KindItems is one number or more, apart by space, comma or "and":
	// Command.Items.
	KindItems
	// KindMember is a mention as adapters write it, <@ACCOUNT> or
	// <@ACCOUNT|name>: Command.Account.
	KindMember
	// KindRole is pm, po or admin: Command.Role.
	KindRole
	// KindStatus is a status in any of the words that ParseStatus reads, also
	// the two-word ones: Command.Status.
	KindStatus
	// KindTags is one tag or more: Command.Tags.
	KindTags
	// KindWords is the rest of the text as it was typed: Command.Words.
	KindWords
	// KindCron is a cron spec of five fields, a descriptor such as @weekly or
	// "monday 9:00": Command.Cron, unchecked (ParseSchedule checks it).
	KindCron
	// KindZone is the rest as the name of a time zone or city: Command.Zone,
	// unchecked (ParseZone checks it).
	KindZone
	// KindAudience is team or community: Command.Audience.
	KindAudience
	// KindReview is off, newcomers or everyone: Command.Review.
	KindReview
	// KindSwitch is on or off: Command.Switch.
	KindSwitch
	// KindCount is how many, 1 to 50: Command.Count.
	KindCount
	// KindDays is a number of days, 1 to 365: "7", "7d", "7 days": Command.Days.
	KindDays
	// KindVerb is the name of a command: Command.Topic.
	KindVerb
	// KindChoice is one of the parameter's Choices: Command.Choice.
	KindChoice
	// KindCode is a link code as it was shown, in any case, with or without its dash:
	// Command.Code.
	KindCode
	// KindInto is the word "into", which fills nothing and is no option where
	// arguments have names (Discord).
	KindInto
	// KindPicture is an attached picture, where the platform takes one with a
	// command: no text stands for it.
	KindPicture
)

// Param is one argument of a command.
type Param struct {
	Name     string
	Kind     Kind
	Optional bool
	// Choices are the words that KindChoice allows, in the order to show.
	Choices []string
	// Summary is for people, at most 100 characters (Discord's limit for the
	// description of an option).
	Summary string
}

// Bounds are the least and the most that a parameter takes which is a number; 0 and 0
// for every other.
func (p Param) Bounds() (least, most int) {
	switch p.Kind {
	case KindItem:
		return 1, maxNumber
	case KindCount:
		return 1, maxCount
	case KindDays:
		return 1, maxDays
	}
	return 0, 0
}

// Usage is one command as the table holds it: what people may type, who may
// do it, and what help says. Slack's parser, Discord's registration, the
// playground's completion and every help text are made from it.
type Usage struct {
	Verb Verb
	// Slash is true where the verb is a slash command of its own (/promote);
	// it is understood after /heed all the same.
	Slash bool
	// Group is where Discord files the subcommand; empty: directly under /heed.
	Group string
	// Aliases are other words that /heed understands and nobody is taught.
	Aliases []string
	Params  []Param
	// Needs are the roles of which one is enough; empty: everyone.
	Needs []Role
	// BareForAll is true where the command without arguments only shows
	// something, to everyone, whatever Needs says.
	BareForAll bool
	// Shows is true where the command without arguments changes nothing.
	Shows   bool
	Summary string
	// Examples are the arguments alone ("42 planned"), the simplest first; at
	// least one, which may be empty.
	Examples []string
}

// Line is a whole command as a person types it, for help and answers:
// "/heed status 42 planned". Prefix is what the app puts before the names of
// its slash commands, usually nothing.
func (u Usage) Line(prefix, args string) string {
	line := "/" + prefix + string(u.Verb)
	if !u.Slash {
		line = "/" + prefix + "heed " + string(u.Verb)
	}
	return strings.TrimRight(line+" "+args, " ")
}

// Example is the first example as a whole command.
func (u Usage) Example(prefix string) string { return u.Line(prefix, u.Examples[0]) }

// Synopsis is the arguments as help shows them: "N STATUS [reason]".
func (u Usage) Synopsis() string {
	var parts []string
	for _, p := range u.Params {
		word := strings.ToUpper(p.Name)
		switch p.Kind {
		case KindPicture:
			continue
		case KindItem:
			word = "N"
		case KindItems:
			word = "N …"
		case KindMember:
			word = "@member"
		case KindSwitch:
			word = "on|off"
			if len(p.Choices) > 0 {
				word = strings.Join(p.Choices, "|")
			}
		case KindCode:
			word = "CODE"
		case KindInto:
			word = "into"
		case KindAudience:
			word = "team|community"
		case KindReview:
			word = "newcomers|everyone"
		case KindRole:
			word = "pm|po|admin"
		case KindChoice:
			word = strings.Join(p.Choices, "|")
		}
		if p.Optional {
			word = "[" + word + "]"
		}
		parts = append(parts, word)
	}
	return strings.Join(parts, " ")
}

// UsageOf returns the table's entry for a verb, and false for a verb that it
// does not hold.
func UsageOf(v Verb) (Usage, bool) {
	for _, u := range Usages() {
		if u.Verb == v {
			return u, true
		}
	}
	return Usage{}, false
}

func (u Usage) takesWords() bool {
	return slices.ContainsFunc(u.Params, func(p Param) bool { return p.Kind == KindWords })
}

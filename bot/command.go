package bot

import (
	"fmt"
	"strings"
)

// Command is one command that was understood: its verb and the arguments that
// were given. What was not given is zero. It says nothing about whether the
// person may do it or whether the item exists.
type Command struct {
	Verb Verb
	// Item is an item's number; for merge the one that stays.
	Item int
	// Items are, for merge, the numbers that go into Item; else nil. At least
	// one, none twice, never Item itself.
	Items []int
	// Account is a mentioned member as its platform names it.
	Account string
	Role    Role
	Status  Status
	// Tags are in stored form, none twice.
	Tags []string
	// Words are as typed, without the space around them.
	Words string
	// Cron and Zone are as typed, unchecked: ParseSchedule, ParseZone.
	Cron, Zone string
	Audience   Audience
	Review     Review
	// Choice is one of the constants Choice….
	Choice string
	Switch Switch
	Count  int
	Days   int
	// Code is a link code in its written form: "K7Q-4FX".
	Code string
	// Topic is the command that help is asked about.
	Topic Verb
}

// Switch is on or off, or SwitchUnset where neither was said.
type Switch string

const (
	SwitchUnset Switch = ""
	SwitchOn    Switch = "on"
	SwitchOff   Switch = "off"
)

// Bare reports whether the verb stands without any argument.
func (c Command) Bare() bool {
	return c.Item == 0 && c.Items == nil && c.Account == "" && c.Role == "" && c.Status == "" &&
		c.Tags == nil && c.Words == "" && c.Cron == "" && c.Zone == "" && c.Audience == "" &&
		c.Review == "" && c.Choice == "" && c.Switch == SwitchUnset && c.Count == 0 && c.Days == 0 && c.Code == "" && c.Topic == ""
}

// Needs returns the roles of which the person must have one; none: everyone may.
func (c Command) Needs() []Role {
	u, _ := UsageOf(c.Verb)
	switch {
	case u.BareForAll && c.Bare():
		return nil
	case c.Verb == VerbTop && c.Choice == ChoicePin:
		return []Role{PM, Admin}
	case c.Verb == VerbAudience && c.Item == 0:
		return []Role{PM, Admin}
	}
	return u.Needs
}

// Label is what a button that runs the command says, at most 60 characters:
// "Show the top 10", "Set #42 to Planned".
func (c Command) Label() string {
	n := fmt.Sprintf("#%d", c.Item)
	switch c.Verb {
	case VerbFeedback:
		return labelWords("Send", c.Words)
	case VerbTop:
		switch {
		case c.Choice == ChoicePin && c.Switch == SwitchOff:
			return "Take the live Top 10 down"
		case c.Choice == ChoicePin:
			return "Pin a live Top 10 here"
		}
		if c.Count > 0 {
			return fmt.Sprintf("Show the top %d", c.Count)
		}
		return "Show the top 10"
	case VerbMine:
		return "Show my requests"
	case VerbSearch:
		return labelWords("Search for", c.Words)
	case VerbShow:
		return "Show " + n
	case VerbVote:
		return "Vote for " + n
	case VerbUnvote:
		return "Take my vote from " + n
	case VerbFollow:
		return "Follow " + n
	case VerbUnfollow:
		return "Unfollow " + n
	case VerbEdit:
		return "Edit " + n
	case VerbWithdraw:
		return "Withdraw " + n
	case VerbHeld:
		return "Show what waits"
	case VerbRoadmap:
		switch c.Choice {
		case ChoiceLater:
			return "Put " + n + " on the roadmap"
		case ChoiceOff:
			return "Take " + n + " off the roadmap"
		}
		return "Show the roadmap"
	case VerbStatus:
		return "Set " + n + " to " + c.Status.Label()
	case VerbTag:
		return labelWords("Tag "+n, strings.Join(c.Tags, " "))
	case VerbUntag:
		return labelWords("Untag "+n, strings.Join(c.Tags, " "))
	case VerbMerge:
		if len(c.Items) == 1 {
			return fmt.Sprintf("Merge #%d into %s", c.Items[0], n)
		}
		return fmt.Sprintf("Merge %d requests into %s", len(c.Items), n)
	case VerbUnmerge:
		return "Unmerge " + n
	case VerbTriage:
		return "Start triage"
	case VerbRetitle:
		return labelWords("Rename "+n, c.Words)
	case VerbAudience:
		if c.Item == 0 {
			return "Make this channel " + string(c.Audience)
		}
		return "Show " + n + " to the " + string(c.Audience)
	case VerbHide:
		if c.Switch == SwitchOff {
			return "Bring " + n + " back"
		}
		return "Hide " + n
	case VerbBlock:
		if c.Switch == SwitchOff {
			return "Unblock this member"
		}
		return "Block this member"
	case VerbPromote:
		if c.Item == 0 {
			return "Write a new story"
		}
		return "Promote " + n
	case VerbBacklog:
		if c.Item == 0 {
			return "Show the backlog"
		}
		return "Move " + n + " in the backlog"
	case VerbShip:
		return "Ship " + n
	case VerbDigest:
		switch c.Choice {
		case ChoiceHere:
			return "Send the digest here"
		case ChoiceOff:
			return "Stop the digest"
		case ChoicePreview:
			return "Preview the digest"
		}
		return "Show the digest's schedule"
	case VerbChannel:
		switch {
		case c.Choice == "":
			return "Show this channel's setup"
		case c.Choice == ChoiceReview && c.Review == "" && c.Switch == SwitchUnset:
			return "Show whose words are looked at first"
		case c.Choice == ChoiceReview:
			return "Set whose words are looked at first"
		case c.Choice == ChoiceSaving:
			return "Set who saves what others said here"
		}
		if c.Switch == SwitchOff {
			return "Stop using this channel for " + c.Choice
		}
		return "Use this channel for " + c.Choice
	case VerbRole:
		if c.Switch == SwitchOff {
			return "Take the role " + string(c.Role)
		}
		return "Give the role " + string(c.Role)
	case VerbSettings:
		return "Open the settings"
	case VerbDoctor:
		return "Check my set-up"
	case VerbLink:
		if c.Choice == ChoiceOff {
			return "Leave the shared board"
		}
		return "Link this workspace"
	case VerbUnlink:
		if c.Words != "" {
			return labelWords("Send away", c.Words)
		}
		return "Leave the shared board"
	case VerbLinkMe:
		if c.Choice == ChoiceOff {
			return "Part my accounts"
		}
		return "Link my accounts"
	case VerbStopNotes:
		return "Stop these notes"
	case VerbStartNotes:
		return "Start notes again"
	case VerbMyData:
		return "Show my data"
	case VerbForgetMe:
		return "Forget me"
	case VerbHelp:
		if c.Topic != "" {
			return "How " + string(c.Topic) + " works"
		}
		return "Show help"
	}
	return "Run " + string(c.Verb)
}

// labelWords puts what a command is about behind its action, cut to fit a
// button.
func labelWords(action, words string) string {
	return Excerpt(action+" “"+strings.Join(strings.Fields(words), " "), 59) + "”"
}

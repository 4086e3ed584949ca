package bot

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"
)

func TestCommandOf(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		verb   Verb
		values map[string]string
		want   Command
	}{
		{VerbTop, nil, Command{Verb: VerbTop}},
		{VerbTop, map[string]string{"count": "20", "colour": "blue"}, Command{Verb: VerbTop, Count: 20}},
		{VerbShow, map[string]string{"item": "42"}, Command{Verb: VerbShow, Item: 42}},
		{VerbStatus, map[string]string{"item": "42", "status": "declined", "reason": "planned twice"}, Command{Verb: VerbStatus, Item: 42, Status: StatusDeclined, Words: "planned twice"}},
		{VerbStatus, map[string]string{"item": "42", "status": "under_review"}, Command{Verb: VerbStatus, Item: 42, Status: StatusUnderReview}},
		{VerbTag, map[string]string{"item": "42", "tags": "onboarding, mobile"}, Command{Verb: VerbTag, Item: 42, Tags: []string{"onboarding", "mobile"}}},
		{VerbMerge, map[string]string{"items": "12, 13", "item": "7"}, Command{Verb: VerbMerge, Items: []int{12, 13}, Item: 7}},
		{VerbHide, map[string]string{"item": "42", "reason": "off"}, Command{Verb: VerbHide, Item: 42, Words: "off"}},
		{VerbHide, map[string]string{"item": "42", "off": "off"}, Command{Verb: VerbHide, Item: 42, Switch: SwitchOff}},
		{VerbBlock, map[string]string{"member": "1001", "days": "7", "reason": "spam 2 days"}, Command{Verb: VerbBlock, Account: "1001", Days: 7, Words: "spam 2 days"}},
		{VerbRole, map[string]string{"member": "1001", "role": "pm"}, Command{Verb: VerbRole, Account: "1001", Role: PM}},
		{VerbAudience, map[string]string{"audience": "team"}, Command{Verb: VerbAudience, Audience: Team}},
		{VerbDigest, map[string]string{"what": "here", "when": "every full moon", "zone": "New York"}, Command{Verb: VerbDigest, Choice: ChoiceHere, Cron: "every full moon", Zone: "New York"}},
		{VerbDigest, map[string]string{"when": "monday 9:00"}, Command{Verb: VerbDigest, Choice: ChoiceHere, Cron: "monday 9:00"}},
		{VerbChannel, map[string]string{"use": "intake", "off": "on"}, Command{Verb: VerbChannel, Choice: ChoiceIntake, Switch: SwitchOn}},
		{VerbHelp, map[string]string{"command": "forget-me"}, Command{Verb: VerbHelp, Topic: VerbForgetMe}},
		{VerbSearch, map[string]string{"words": "  7 into 12 "}, Command{Verb: VerbSearch, Words: "7 into 12"}},
		{VerbFeedback, map[string]string{"text": "status 42 planned"}, Command{Verb: VerbFeedback, Words: "status 42 planned"}},
	} {
		got, wrong := commandOf(x.verb, x.values)
		if wrong != nil || !reflect.DeepEqual(got, x.want) {
			t.Errorf("%s %v: %+v, %v", x.verb, x.values, got, wrong)
		}
	}
}

func TestCommandOf_says_what_is_wrong(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		verb   Verb
		values map[string]string
		says   string
	}{
		{VerbShow, nil, "Which request?"},
		{VerbShow, map[string]string{"item": " \u200b"}, "Which request?"},
		{VerbShow, map[string]string{"item": "dark mode"}, "I expected a number"},
		{VerbShow, map[string]string{"item": "42 43"}, "“43”"},
		{VerbStatus, map[string]string{"item": "42", "status": "planned soon"}, "“soon”"},
		{VerbRole, map[string]string{"member": "no one", "role": "pm"}, "@mention"},
		{VerbRole, map[string]string{"member": "1001", "role": "king"}, "no role"},
		{VerbTop, map[string]string{"count": "500"}, "1 to 50"},
		{VerbBlock, map[string]string{"member": "1001", "days": "9999"}, "1 to 365"},
		{VerbMerge, map[string]string{"items": "7", "item": "7"}, "into itself"},
		{VerbBacklog, map[string]string{"item": "7", "move": "sideways"}, "doesn't work here"},
		{VerbRoadmap, map[string]string{"when": "later"}, "Which request?"},
		{"dance", nil, "I don't know"},
	} {
		c, wrong := commandOf(x.verb, x.values)
		if wrong == nil || !strings.Contains(wrong.Problem, x.says) {
			t.Errorf("%s %v: %+v, %v", x.verb, x.values, c, wrong)
		}
	}
}

// FuzzCommandOf holds typed arguments to one promise: whatever stands in them, they are
// read or refused with a sentence and an example.
func FuzzCommandOf(f *testing.F) {
	f.Add("status", "item", "42", "status", "planned")
	f.Add("block", "member", "<@1|x>", "days", "2 weeks")
	f.Add("merge", "items", ",,,", "item", "\"\"")
	f.Fuzz(func(t *testing.T, verb, a, x, b, y string) {
		if _, wrong := commandOf(Verb(verb), map[string]string{a: x, b: y}); wrong != nil && (wrong.Problem == "" || wrong.Example == "") {
			t.Errorf("%+v", wrong)
		}
	})
}

func TestPicked_fits_what_a_platform_takes(t *testing.T) {
	t.Parallel()
	it := Item{Number: 999999999, Title: strings.Repeat("🫠", MaxTitle), Votes: 1000000, Status: StatusUnderReview}
	if n := len(utf16.Encode([]rune(picked(it)))); n > 100 {
		t.Errorf("what is sent has %d characters", n)
	}
	if n := len([]rune(suggestionLabel("12, 13, 14, 15, 16, 17, 18, 19, 20, ", it))); n > 100 {
		t.Errorf("what is read has %d characters", n)
	}
	if n, ok := pickedNumber(Command{Verb: VerbFeedback, Words: picked(it)}); !ok || n != it.Number {
		t.Errorf("read back as %d, %v", n, ok)
	}
	if _, ok := pickedNumber(Command{Verb: VerbSearch, Words: picked(it)}); ok {
		t.Error("a search is no vote")
	}
}

package bot

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestUsages(t *testing.T) {
	t.Parallel()
	name := regexp.MustCompile(`^[a-z][a-z-]{0,31}$`)
	seen := map[string]Verb{}
	direct, groups := 0, map[string]int{}
	for _, u := range Usages() {
		for _, word := range append([]string{string(u.Verb)}, u.Aliases...) {
			if other, ok := seen[word]; ok {
				t.Errorf("%q means %q and %q", word, other, u.Verb)
			}
			seen[word] = u.Verb
			if !name.MatchString(word) {
				t.Errorf("%q is no name for a command on every chat", word)
			}
		}
		// 100 characters: Discord's limit for a description.
		if n := utf8.RuneCountInString(u.Summary); n == 0 || n > 100 {
			t.Errorf("%s: the summary has %d characters", u.Verb, n)
		}
		optional := false
		for _, p := range u.Params {
			if p.Kind == KindInto {
				continue
			}
			if n := utf8.RuneCountInString(p.Summary); n == 0 || n > 100 || !name.MatchString(p.Name) {
				t.Errorf("%s: argument %q is not described in 1 to 100 characters", u.Verb, p.Name)
			}
			if len(p.Choices) > 25 || (p.Kind == KindChoice) != (len(p.Choices) > 0) {
				t.Errorf("%s: argument %q has %d choices", u.Verb, p.Name, len(p.Choices))
			}
			optional = optional || p.Optional
		}
		if len(u.Examples) == 0 {
			t.Errorf("%s has no example", u.Verb)
		}
		switch {
		case u.Slash && u.Group != "":
			t.Errorf("%s is a command of its own and in group %q", u.Verb, u.Group)
		case u.Slash:
		case u.Group == "":
			direct++
		default:
			groups[u.Group]++
		}
	}
	// 25 options a level: Discord's limit.
	if direct+len(groups) > 25 {
		t.Errorf("%d subcommands and %d groups do not fit under one command", direct, len(groups))
	}
	for g, n := range groups {
		if n > 25 {
			t.Errorf("group %s holds %d", g, n)
		}
	}
}

func TestUsages_each_example_is_understood(t *testing.T) {
	t.Parallel()
	for _, u := range Usages() {
		for _, example := range u.Examples {
			for slash, text := range map[string]string{"heed": string(u.Verb) + " " + example, string(u.Verb): example} {
				c, err := ParseSlash(slash, text)
				if err != nil {
					t.Errorf("/%s %s: %v", slash, text, err)
					continue
				}
				if c.Verb != u.Verb {
					t.Errorf("/%s %s is %q", slash, text, c.Verb)
				}
				if c.Bare() != (example == "") {
					t.Errorf("/%s %s: arguments were lost: %+v", slash, text, c)
				}
				if n := utf8.RuneCountInString(c.Label()); n == 0 || n > 75 {
					t.Errorf("%s: the button %q has %d characters", u.Line("", example), c.Label(), n)
				}
			}
		}
	}
}

func TestUsages_the_table_is_the_callers_own(t *testing.T) {
	t.Parallel()
	Usages()[0].Verb = "changed"
	if Usages()[0].Verb != VerbFeedback {
		t.Error("one caller changed the table for all")
	}
}

func TestUsage_Line(t *testing.T) {
	t.Parallel()
	status, _ := UsageOf(VerbStatus)
	promote, _ := UsageOf(VerbPromote)
	for got, want := range map[string]string{
		status.Example(""):             "/heed status 42 planned",
		status.Line("acme-", ""):       "/acme-heed status",
		promote.Example("acme-"):       "/acme-promote 42",
		status.Synopsis():              "N STATUS [REASON]",
		promote.Synopsis():             "[N]",
		usage(t, VerbMerge).Synopsis(): "N … into N",
		usage(t, VerbRole).Synopsis():  "@member pm|po|admin [on|off]",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for _, u := range Usages() {
		if strings.Contains(u.Line("", ""), "  ") || strings.HasSuffix(u.Line("", ""), " ") {
			t.Errorf("%q has loose space", u.Line("", ""))
		}
	}
}

func usage(t *testing.T, v Verb) Usage {
	t.Helper()
	u, ok := UsageOf(v)
	if !ok {
		t.Fatalf("no usage of %q", v)
	}
	return u
}

func TestCommand_Needs(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"top": "", "vote 42": "", "feedback dark mode": "", "withdraw 42": "", "forget-me": "", "held": "",
		"roadmap": "", "roadmap 42 later": "pm", "digest": "", "digest here": "pm", "digest preview": "pm",
		"channel": "", "channel intake": "pm admin", "channel review": "pm admin", "channel review everyone": "pm admin", "channel saving on": "pm admin",
		"status 42 planned": "pm", "tag 42 onboarding": "pm", "merge 12 into 7": "pm", "unmerge 12": "pm",
		"hide 42": "pm admin", "block <@U1>": "pm admin", "triage": "pm", "audience 42 team": "pm", "audience team": "pm admin",
		"promote 42": "po", "backlog": "po", "ship 42": "po", "role <@U1> pm": "admin", "settings": "admin", "doctor": "admin",
	} {
		c, err := ParseHeed(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		var got []string
		for _, r := range c.Needs() {
			got = append(got, string(r))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s needs %q, want %q", text, got, want)
		}
	}
}

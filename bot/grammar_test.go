package bot

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

func TestParseHeed(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Command{
		"":                       {Verb: VerbHelp},
		"  \u200b ":              {Verb: VerbHelp},
		"help vote":              {Verb: VerbHelp, Topic: VerbVote},
		"help forget me":         {Verb: VerbHelp, Topic: VerbForgetMe},
		"top":                    {Verb: VerbTop},
		"TOP 20":                 {Verb: VerbTop, Count: 20},
		"feedback dark mode":     {Verb: VerbFeedback, Words: "dark mode"},
		"search Dark  “mode” ":   {Verb: VerbSearch, Words: "Dark  “mode”"},
		"find invoices":          {Verb: VerbSearch, Words: "invoices"},
		"show 42":                {Verb: VerbShow, Item: 42},
		"show #42":               {Verb: VerbShow, Item: 42},
		"show\u00a0#42\u200b":    {Verb: VerbShow, Item: 42},
		"show “42”":              {Verb: VerbShow, Item: 42},
		"show me number 42":      {Verb: VerbShow, Item: 42},
		"vote for 42!":           {Verb: VerbVote, Item: 42},
		"vote 007":               {Verb: VerbVote, Item: 7},
		"stop-notes":             {Verb: VerbStopNotes},
		"stop notes 42":          {Verb: VerbStopNotes, Item: 42},
		"stopnotes":              {Verb: VerbStopNotes},
		"status 42 planned":      {Verb: VerbStatus, Item: 42, Status: StatusPlanned},
		"status #42 In Progress": {Verb: VerbStatus, Item: 42, Status: StatusStarted},
		"status 42 under review": {Verb: VerbStatus, Item: 42, Status: StatusUnderReview},
		"status 42 not planned too costly, sorry": {Verb: VerbStatus, Item: 42, Status: StatusDeclined, Words: "too costly, sorry"},
		"status 42 declined\ntwo\nlines":          {Verb: VerbStatus, Item: 42, Status: StatusDeclined, Words: "two\nlines"},
		"status 42 won’t do":                      {Verb: VerbStatus, Item: 42, Status: StatusDeclined},
		"tag 42 onboarding":                       {Verb: VerbTag, Item: 42, Tags: []string{"onboarding"}},
		"tag 42 #Onboarding, mobile onboarding":   {Verb: VerbTag, Item: 42, Tags: []string{"onboarding", "mobile"}},
		"untag 42 mobile":                         {Verb: VerbUntag, Item: 42, Tags: []string{"mobile"}},
		"merge 12 into 7":                         {Verb: VerbMerge, Items: []int{12}, Item: 7},
		"merge #12 into #7":                       {Verb: VerbMerge, Items: []int{12}, Item: 7},
		"merge 12,13 and 14 , 12 with 7":          {Verb: VerbMerge, Items: []int{12, 13, 14}, Item: 7},
		"unmerge 12":                              {Verb: VerbUnmerge, Item: 12},
		"retitle 42 Dark mode":                    {Verb: VerbRetitle, Item: 42, Words: "Dark mode"},
		"hide 42":                                 {Verb: VerbHide, Item: 42},
		"hide 42 off":                             {Verb: VerbHide, Item: 42, Switch: SwitchOff},
		"hide 42 off topic":                       {Verb: VerbHide, Item: 42, Words: "off topic"},
		"block <@U0RUI|Rui Costa> 2 weeks spam":   {Verb: VerbBlock, Account: "U0RUI", Days: 14, Words: "spam"},
		"block <@U0RUI> 7d":                       {Verb: VerbBlock, Account: "U0RUI", Days: 7},
		"block <@U0RUI> off":                      {Verb: VerbBlock, Account: "U0RUI", Switch: SwitchOff},
		"role <@U0ANA> pm":                        {Verb: VerbRole, Account: "U0ANA", Role: PM},
		"role <@!123456789|Ana>po off":            {Verb: VerbRole, Account: "123456789", Role: PO, Switch: SwitchOff},
		"role <@U0ANA> product owner":             {Verb: VerbRole, Account: "U0ANA", Role: PO},
		"role <@U0ZOE> admin":                     {Verb: VerbRole, Account: "U0ZOE", Role: Admin},
		"channel":                                 {Verb: VerbChannel},
		"channel intake":                          {Verb: VerbChannel, Choice: ChoiceIntake},
		"channel digest on":                       {Verb: VerbChannel, Choice: ChoiceDigest, Switch: SwitchOn},
		"channel announce off":                    {Verb: VerbChannel, Choice: ChoiceAnnounce, Switch: SwitchOff},
		"audience 42 community":                   {Verb: VerbAudience, Item: 42, Audience: Community},
		"audience team":                           {Verb: VerbAudience, Audience: Team},
		"digest":                                  {Verb: VerbDigest},
		"digest here":                             {Verb: VerbDigest, Choice: ChoiceHere},
		"digest here 0 9 * * 1":                   {Verb: VerbDigest, Choice: ChoiceHere, Cron: "0 9 * * 1"},
		"digest here 0 9 * * 1 Europe/Berlin":     {Verb: VerbDigest, Choice: ChoiceHere, Cron: "0 9 * * 1", Zone: "Europe/Berlin"},
		"digest here “0 9 * * MON-FRI” New York":  {Verb: VerbDigest, Choice: ChoiceHere, Cron: "0 9 * * mon-fri", Zone: "New York"},
		"digest here Berlin":                      {Verb: VerbDigest, Choice: ChoiceHere, Zone: "Berlin"},
		"digest here @weekly Lisbon":              {Verb: VerbDigest, Choice: ChoiceHere, Cron: "@weekly", Zone: "Lisbon"},
		"digest here every Monday at 9am Berlin":  {Verb: VerbDigest, Choice: ChoiceHere, Cron: "every monday at 9am", Zone: "Berlin"},
		"digest here 09:00 Lisbon":                {Verb: VerbDigest, Choice: ChoiceHere, Cron: "09:00", Zone: "Lisbon"},
		"digest friday 16:00":                     {Verb: VerbDigest, Choice: ChoiceHere, Cron: "friday 16:00"},
		"digest here 0 9 * *":                     {Verb: VerbDigest, Choice: ChoiceHere, Cron: "0 9 * *"},
		"digest here TZ=UTC 0 9 * * 1":            {Verb: VerbDigest, Choice: ChoiceHere, Cron: "tz=utc 0 9 * * 1"},
		"digest here @every 1h":                   {Verb: VerbDigest, Choice: ChoiceHere, Cron: "@every", Zone: "1h"},
		"digest off":                              {Verb: VerbDigest, Choice: ChoiceOff},
		"roadmap 42 later":                        {Verb: VerbRoadmap, Item: 42, Choice: ChoiceLater},
		"backlog 42 top":                          {Verb: VerbBacklog, Item: 42, Choice: ChoiceTop},
		"ship 42 Settings → Appearance":           {Verb: VerbShip, Item: 42, Words: "Settings → Appearance"},
		"promote":                                 {Verb: VerbPromote},
	} {
		got, err := ParseHeed(text)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("/heed %s\n got %+v, %v\nwant %+v", text, got, err, want)
		}
	}
}

func TestParseHeed_says_what_it_did_not_understand(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"tpo":                       "“tpo”. Did you mean top?",
		"staus 42 planned":          "“staus”. Did you mean status? For example: /heed status 42 planned",
		"forgt-me":                  "Did you mean forget-me?",
		"pizza":                     "I don't know the command “pizza”. For example: /heed help",
		"<@U1> pm":                  "A command begins with what to do",
		"vote":                      "Which request? I need its number. For example: /heed vote 42",
		"vote dark mode":            "read “dark”",
		"vote 0":                    "read “0”",
		"vote 12345678901234567890": "Which request?",
		"vote -5":                   "read “-5”",
		"vote 42 please":            "not “please” at the end",
		"status 42":                 "Which status? There is new, under review, needs info, planned, in progress, shipped and not planned.",
		"status 42 plannned":        "“plannned” is no status",
		"status planned 42":         "read “planned”",
		"tag 42":                    "Which tag?",
		"tag 42 c++":                "“c++” doesn't work",
		"merge 12":                  "Into which request?",
		"merge 12 7":                "Into which request?",
		"merge 12 into":             "Which request? I need its number.",
		"merge 7 into 7":            "#7 can't go into itself",
		"merge cells":               "read “cells”",
		"role @ana pm":              "Pick the name from the list",
		"role ana pm":               "expected an @mention and read “ana”",
		"role <@U1>":                "Which role: pm, po or admin?",
		"role <@U1> boss":           "“boss” is no role",
		"role <@U1> pm maybe":       "On or off? I read “maybe”.",
		"channel foo":               "Try intake, digest, announce, review or saving.",
		"channel off":               "What should be off in this channel",
		"channel intake maybe":      "On or off?",
		"digest preview 0 9 * * 1":  "takes nothing after it",
		"digest often":              "here, preview or off?",
		"audience 42 everyone":      "There is team and community.",
		"roadmap 42":                "later or off?",
		"roadmap later":             "Which request?",
		"backlog 42":                "up, down, top or bottom?",
		"top 500":                   "1 to 50",
		"help pizza":                "I don't know the command “pizza”.",
		"help staus":                "Did you mean status?",
		"search":                    "Which words?",
		"block <@U1> 9000 days":     "1 to 365 days",
		"ship":                      "Which request?",
		"mine 42":                   "not “42” at the end",
	} {
		_, err := ParseHeed(text)
		var m *Misread
		if !errors.As(err, &m) {
			t.Errorf("/heed %s: %v, want a Misread", text, err)
			continue
		}
		if !strings.Contains(m.Error(), want) {
			t.Errorf("/heed %s: %q, want %q in it", text, m.Error(), want)
		}
		if m.Example == "" {
			t.Errorf("/heed %s: no example", text)
			continue
		}
		slash, args, _ := strings.Cut(m.Example, " ")
		if _, err := ParseSlash(slash, args); err != nil {
			t.Errorf("/heed %s: the example does not work: %v", text, err)
		}
	}
}

func TestParseSlash(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Command{
		"promote|42":       {Verb: VerbPromote, Item: 42},
		"promote|":         {Verb: VerbPromote},
		"ship|#42 it's on": {Verb: VerbShip, Item: 42, Words: "it's on"},
		"backlog|":         {Verb: VerbBacklog},
		"roadmap|":         {Verb: VerbRoadmap},
		"heed|top":         {Verb: VerbTop},
	} {
		slash, args, _ := strings.Cut(text, "|")
		if got, err := ParseSlash(slash, args); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("/%s %s: %+v, %v, want %+v", slash, args, got, err, want)
		}
	}
	for _, words := range []string{"dark mode", "“", "\"\"", "top", "a\nb", "\u200fx\u200d", "👍"} {
		for slash, text := range map[string]string{"feedback": " " + words + "\n", "heed": "feedback " + words} {
			if got, err := ParseSlash(slash, text); err != nil || !reflect.DeepEqual(got, Command{Verb: VerbFeedback, Words: words}) {
				t.Errorf("/%s %s: %+v, %v", slash, text, got, err)
			}
		}
	}
	if got, err := ParseSlash("feedback", " \u200b\n"); err != nil || !got.Bare() {
		t.Errorf("nothing after /feedback: %+v, %v", got, err)
	}
	for _, name := range []string{"", "promot", "HEED"} {
		if _, err := ParseSlash(name, "42"); err == nil {
			t.Errorf("/%s was understood", name)
		}
	}
}

func TestMisreadReply_gives_back_what_was_typed(t *testing.T) {
	t.Parallel()
	text := "staus 42 planned <@U0RUI|Rui Costa> asked, \"for\" <@U0LENA>\nand more"
	_, err := ParseHeed(text)
	var m *Misread
	if !errors.As(err, &m) {
		t.Fatal(err)
	}
	shown := docText(misreadReply(m, "heed", text).(Say).Doc)
	for _, want := range []string{
		"I don't know the command “staus”. Nothing has changed.",
		"/heed staus 42 planned @Rui Costa asked, \"for\" @U0LENA\nand more",
		"Did you mean status?",
		"For example: /heed status 42 planned",
	} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is not in %q", want, shown)
		}
	}
	_, err = ParseHeed("role")
	if !errors.As(err, &m) {
		t.Fatal(err)
	}
	if shown := docText(misreadReply(m, "heed", "role").(Say).Doc); !strings.Contains(shown, "/heed role @Ana pm") {
		t.Errorf("the example shows a raw mention: %q", shown)
	}
}

func docText(d Doc) string {
	var parts []string
	for _, b := range d {
		switch b := b.(type) {
		case Para:
			parts = append(parts, b.Text.Plain())
		case Quote:
			parts = append(parts, b.Text.Plain())
		case Small:
			parts = append(parts, b.Text.Plain())
		}
	}
	return strings.Join(parts, "\n")
}

package bot

import (
	"reflect"
	"strings"
	"testing"
	"unicode"
)

// shown is an Intent as one line: the kind, and for commands and questions the
// button's label.
func shown(i Intent) string {
	switch i := i.(type) {
	case IntentForm:
		return "form"
	case IntentFeedback:
		return "feedback"
	case IntentCommand:
		return "run: " + i.Command.Label()
	case IntentAsk:
		return "ask: " + i.Label
	}
	return "nothing"
}

func TestReadFeedback(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ text, want string }{
		// Nothing opens the form.
		{"", "form"},
		{"   ", "form"},
		{"\n\t\r\n", "form"},
		{"\u200b\u200b", "form"},
		{"\u00a0\ufeff \u2060", "form"},
		{"\u200e\u200f", "form"},

		// A quote mark in front, or a line break within, is always a wish.
		{`"top"`, "feedback"},
		{"“top”", "feedback"},
		{"‘vote 42’", "feedback"},
		{"'vote 42'", "feedback"},
		{"„status 42 planned“", "feedback"},
		{"«show 42»", "feedback"},
		{"「top」", "feedback"},
		{"\u200b\"vote 42\"", "feedback"},
		{`"`, "feedback"},
		{"“”", "feedback"},
		{"top\nis ugly", "feedback"},
		{"vote\n42", "feedback"},
		{"merge 12\r\ninto 7", "feedback"},
		{"show 42\u2028please", "feedback"},
		{"status 42 planned\n\nThat line confuses me", "feedback"},
		{"/top\nthe bar", "feedback"},

		// Wishes that begin with a command's word.
		{"top bar is ugly", "feedback"},
		{"top of the page jumps when I scroll", "feedback"},
		{"status page is down", "feedback"},
		{"status emails never arrive", "feedback"},
		{"help me find invoices", "feedback"},
		{"help texts are too long", "feedback"},
		{"search is slow", "feedback"},
		{"search results need a date", "feedback"},
		{"search dark mode", "feedback"},
		{"show prices with tax", "feedback"},
		{"show me what changed", "feedback"},
		{"vote counts are wrong in the app", "feedback"},
		{"merge cells in tables", "feedback"},
		{"merge duplicates on import please", "feedback"},
		{"tag colours, please", "feedback"},
		{"tag people in comments by name", "feedback"},
		{"ship it to Norway", "feedback"},
		{"ship weekly release notes to customers", "feedback"},
		{"link to the docs is broken", "feedback"},
		{"digest emails are late", "feedback"},
		{"digest should skip holidays", "feedback"},
		{"role names are confusing to customers", "feedback"},
		{"roadmap should be public for us", "feedback"},
		{"edit history for comments", "feedback"},
		{"hide my email in exports", "feedback"},
		{"block ads on the login page", "feedback"},
		{"follow the system theme", "feedback"},
		{"follow up emails feel pushy", "feedback"},
		{"channel names are cut off", "feedback"},
		{"settings page needs a search box", "feedback"},
		{"mine is slower than yours", "feedback"},
		{"held orders vanish after midnight", "feedback"},
		{"promote guests to members in bulk", "feedback"},
		{"backlog view on mobile is empty", "feedback"},
		{"withdraw money without fees", "feedback"},
		{"triage view for support people", "feedback"},
		{"audience filter in reports", "feedback"},
		{"feedback form is too long", "feedback"},
		{"feedback", "feedback"},
		{"feedback buttons", "feedback"},
		{"my data is not exported completely", "feedback"},
		{"stop notes from popping up", "feedback"},
		{"forget me button in the app", "feedback"},
		{"doctor appointments in the calendar", "feedback"},
		{"heed my warnings about invoices", "feedback"},

		// Wishes that only look a little like a command.
		{"dark mode", "feedback"},
		{"dark mode, please", "feedback"},
		{"Stop the top bar from jumping", "feedback"},
		{"top-bar is ugly", "feedback"},
		{"top-bar", "feedback"},
		{"stop", "feedback"},
		{"tap", "feedback"},
		{"tops are cut off", "feedback"},
		{"tab 3 is empty", "feedback"},
		{"line 42 is wrong", "feedback"},
		{"page 42 shows nothing", "feedback"},
		{"rules 1 and 2 contradict each other", "feedback"},
		{"please vote 42", "feedback"},
		{"I'd like to merge 12 into 7", "feedback"},
		{"can you show 42 please", "feedback"},
		{"42", "feedback"},
		{"#42 is great", "feedback"},
		{"<@U0RUI|Rui> asked for dark mode", "feedback"},
		{"<@U0RUI>", "feedback"},
		{"@channel please fix search", "feedback"},
		{"/var/log is full", "feedback"},
		{"/ is broken", "feedback"},
		{"// comments are stripped", "feedback"},
		{"and/or filters", "feedback"},
		{"slow search", "feedback"},
		{"shwo prices with tax", "feedback"},
		{"-1", "feedback"},
		{"...", "feedback"},
		{"?", "feedback"},

		// Emoji, other scripts, odd characters.
		{"👍", "feedback"},
		{"🙏🙏🙏", "feedback"},
		{"👩‍👩‍👧", "feedback"},
		{"👍 vote 42", "feedback"},
		{"الوضع الداكن من فضلك", "feedback"},
		{"\u200fהצג 42", "feedback"},
		{"ダークモードが欲しい", "feedback"},
		{"тёмная тема", "feedback"},
		{"tоp", "feedback"}, // the o is Cyrillic
		{"<script>alert(1)</script>", "feedback"},
		{"=cmd|' /C calc'!A0", "feedback"},
		{"<!channel> top", "feedback"},
		{"*bold* top", "feedback"},
		{"\x00top", "run: Show the top 10"},
		{"e\u0301", "feedback"},

		// The whole text is a command.
		{"vote 42", "run: Vote for #42"},
		{"vote #42", "run: Vote for #42"},
		{"  Vote   #42  ", "run: Vote for #42"},
		{"vote\u00a042", "run: Vote for #42"},
		{"vote “42”", "run: Vote for #42"},
		{"unvote 42", "run: Take my vote from #42"},
		{"show 42", "run: Show #42"},
		{"SHOW 42\n", "run: Show #42"},
		{"follow 42", "run: Follow #42"},
		{"unfollow #42", "run: Unfollow #42"},
		{"edit 42", "run: Edit #42"},
		{"withdraw 42", "run: Withdraw #42"},
		{"top", "run: Show the top 10"},
		{"top 20", "run: Show the top 20"},
		{"help", "run: Show help"},
		{"mine", "run: Show my requests"},
		{"held", "run: Show what waits"},
		{"roadmap", "run: Show the roadmap"},
		{"status 42 planned", "run: Set #42 to Planned"},
		{"status 42 in progress", "run: Set #42 to In progress"},
		{"status 42 not planned", "run: Set #42 to Not planned"},
		{"status #42 under_review", "run: Set #42 to Under review"},
		{"tag 42 onboarding", "run: Tag #42 “onboarding”"},
		{"merge 12 into 7", "run: Merge #12 into #7"},
		{"merge #12 #13 into #7", "run: Merge 2 requests into #7"},
		{"unmerge 12", "run: Unmerge #12"},
		{"promote 42", "run: Promote #42"},
		{"ship 42", "run: Ship #42"},
		{"role <@U0ANA|Ana> pm", "run: Give the role pm"},
		{"role <@U0ANA|Ana Sousa> po off", "run: Take the role po"},
		{"block <@U0RUI> 7 days", "run: Block this member"},
		{"hide 42", "run: Hide #42"},
		{"roadmap 42 later", "run: Put #42 on the roadmap"},
		{"audience 42 team", "run: Show #42 to the team"},

		// Looks like a command: asked.
		{"vote for 42", "ask: Vote for #42"},
		{"vote 42!", "ask: Vote for #42"},
		{"vote 42 times", "ask: Vote for #42"},
		{"vote 42 and 43", "ask: Vote for #42"},
		{"vote 0", "ask: How vote works"},
		{"vote", "ask: How vote works"},
		{"vote dark", "ask: How vote works"},
		{"show 42 items per page", "ask: Show #42"},
		{"show me 42", "ask: Show #42"},
		{"show the 3 newest first", "ask: Show #3"},
		{"top 10 list is stale", "ask: Show the top 10"},
		{"top 500", "ask: Show the top 10"},
		{"top bar", "ask: Show the top 10"},
		{"top!", "ask: Show the top 10"},
		{"Top?", "ask: Show the top 10"},
		{"/top", "ask: Show the top 10"},
		{"/top bar is ugly", "ask: Show the top 10"},
		{"/heed top", "ask: Show the top 10"},
		{"heed top", "ask: Show the top 10"},
		{"heed vote 42", "ask: Vote for #42"},
		{"/heed", "ask: Show help"},
		{"heed", "ask: Show help"},
		{"/shrug that's slow", "ask: Show help"},
		{"/feedback dark mode", "ask: Send “dark mode”"},
		{"/feedback", "ask: Show help"},
		{"tpo", "ask: Show the top 10"},
		{"topp", "ask: Show the top 10"},
		{"serach", "ask: How search works"},
		{"staus 42 planned", "ask: Set #42 to Planned"},
		{"stauts #42 in progress", "ask: Set #42 to In progress"},
		{"shwo 42", "ask: Show #42"},
		{"mereg 12 into 7", "ask: Merge #12 into #7"},
		{"rolle <@U0ANA> pm", "ask: Give the role pm"},
		{"/staus 42 planned", "ask: Set #42 to Planned"},
		{"status", "ask: How status works"},
		{"status page", "ask: How status works"},
		{"status 42", "ask: How status works"},
		{"status 42 plannned", "ask: How status works"},
		{"status 42 planned because Ana said so", "ask: Set #42 to Planned"},
		{"status 42 planned in the invoice list", "ask: Set #42 to Planned"},
		{"search", "ask: How search works"},
		{"search slow", "ask: Search for “slow”"},
		{"search 42", "ask: Search for “42”"},
		{"help invoices", "ask: Show help"},
		{"help vote", "ask: How vote works"},
		{"merge cells", "ask: How merge works"},
		{"merge 12 with 7", "ask: Merge #12 into #7"},
		{"merge 2 accounts into one", "ask: How merge works"},
		{"tag 42 items as done", "ask: Tag #42 “items as done”"},
		{"tag people", "ask: How tag works"},
		{"link 2 accounts", "ask: How link works"},
		{"link accounts", "ask: How link works"},
		{"digest here", "ask: Send the digest here"},
		{"digest here monday 9:00 Berlin", "ask: Send the digest here"},
		{"channel intake", "ask: Use this channel for intake"},
		{"ship it", "ask: How ship works"},
		{"ship 42 tomorrow", "ask: Ship #42"},
		{"promote", "ask: Write a new story"},
		{"edit comments", "ask: How edit works"},
		{"edit 3 things at once", "ask: Edit #3"},
		{"block <@U0RUI> from my feed", "ask: Block this member"},
		{"hide <@U0RUI|Rui> in the list", "ask: How hide works"},
		{"forget-me", "ask: Forget me"},
		{"forget me", "ask: Forget me"},
		{"stop-notes", "ask: Stop these notes"},
		{"stop notes", "ask: Stop these notes"},
		{"my data", "ask: Show my data"},
		{"hlep", "ask: Show help"},
		{"backlog", "ask: Show the backlog"},
		{"triage", "ask: Start triage"},
		{"settings", "ask: Open the settings"},
		{"doctor", "ask: Check my set-up"},
		{"slow", "ask: How show works"},
	} {
		got := ReadFeedback(tc.text)
		if shown(got) != tc.want {
			t.Errorf("/feedback %q: %s, want %s", tc.text, shown(got), tc.want)
		}
		if lost := lostRunes(tc.text, got); lost {
			t.Errorf("/feedback %q lost words: %+v", tc.text, got)
		}
	}
}

// lostRunes reports whether an intent carries less than the typed text without
// the space around it.
func lostRunes(text string, i Intent) bool {
	typed := strings.TrimFunc(text, unicode.IsSpace)
	switch i := i.(type) {
	case IntentForm:
		return strings.TrimFunc(text, isBlank) != ""
	case IntentFeedback:
		return i.Words != typed
	case IntentCommand:
		return i.Words != typed
	case IntentAsk:
		return i.Words != typed
	}
	return true
}

func TestReadFeedback_the_second_button_runs_a_whole_command(t *testing.T) {
	t.Parallel()
	ask, ok := ReadFeedback("merge #12, 13 with 7").(IntentAsk)
	want := Command{Verb: VerbMerge, Items: []int{12, 13}, Item: 7}
	if !ok || !reflect.DeepEqual(ask.Likely, want) {
		t.Errorf("got %+v, want %+v", ask, want)
	}
}

func FuzzReadFeedback(f *testing.F) {
	for _, seed := range []string{
		"", "top", "vote 42", "merge 12, 13 into 7", "status 42 not planned", "/heed heed /heed top", "heed heed heed",
		"role <@U1|a b> pm", "<@", "<@|>", "<@U1", "digest here 0 9 * * 1 Berlin", "\xff\xfevote 42", "#", "##42", "vote #",
		"🇩🇪🇩🇪 top", "block <@U1> 99999999999999999999d", "tag 1 \u0301", "my", "my data", "\u200btop\u200b", "“",
		"digest @", "digest 9: berlin", "block <@1> 7 w",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := ReadFeedback(text)
		if lostRunes(text, got) {
			t.Fatalf("%q lost words: %+v", text, got)
		}
		if ask, ok := got.(IntentAsk); ok && (ask.Label == "" || ask.Likely.Verb == "") {
			t.Fatalf("%q asks without a second choice: %+v", text, ask)
		}
		if run, ok := got.(IntentCommand); ok {
			if again, err := ParseHeed(text); err != nil || !reflect.DeepEqual(again, run.Command) {
				t.Fatalf("%q is %+v after /feedback and %+v, %v after /heed", text, run.Command, again, err)
			}
		}
		c, err := ParseHeed(text)
		if (err == nil) != (c.Verb != "") {
			t.Fatalf("%q: %+v, %v", text, c, err)
		}
	})
}

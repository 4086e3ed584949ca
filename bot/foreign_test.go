package bot_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"heed/bot"
)

// everyPress is each button's verb with ids of things that are somebody else's.
func everyPress(number, id int) []bot.Action {
	var out []bot.Action
	for _, verb := range []string{
		"vote", "details", "read", "quotes", "follow", "unfollow", "edit", "more", "withdraw", "withdrawnow", "unask", "why", "answer", "missed", "off", "manage", "setstatus",
		"settags", "setaudience", "setmerge", "hide", "unhide", "later", "notlater", "promote", "ship", "blockauthor", "putback", "seen", "notsame", "story", "storyedit", "storydone",
		"storydrop", "items", "backlog", "triage",
	} {
		out = append(out, bot.Act(verb, number, 1, 1))
	}
	for _, verb := range []string{"undo", "unname", "notrequest", "own", "letgo", "held", "runheld", "letin", "keepout"} {
		out = append(out, bot.Act(verb, id))
	}
	for _, verb := range []string{ // of channels, of what waits, and of one's own
		"asked", "channel", "channelform", "decisions", "digest", "discuss", "doctor", "forget", "give", "intake", "keepme", "keepoutblock", "keepoutwhy", "leaveboard", "linkboard",
		"linkme", "linknot", "openagain", "paste", "publish", "reopen", "review", "reviewpicture", "reviewread", "sendask", "sendaway", "settings", "stage", "start", "stop", "takerole", "toppin", "voted", "welcome",
	} {
		out = append(out, bot.Act(verb, id, number), bot.Act(verb, "C1", id))
	}
	return append(out, bot.Act("same", id, number), bot.Act("sameas", number, number+1), bot.Act("rank", number, "top", 0),
		bot.Act("ask", "pm", id, "status", number), bot.Act("share", "item", number), bot.Act("share", "items", number), "share top", "share roadmap", "top", "mine", "roadmap", "mydata")
}

// everySubmit is each form that names a thing, with one that is somebody else's.
func everySubmit(number, id int) []bot.Submission {
	values := map[string]string{
		"words": "forged words", "title": "forged title", "status": "declined", "reason": "forged reason", "i_want": "a forged story", "criteria": "It is forged.",
		"tags": "forged", "audience": "community", "into": fmt.Sprint(number + 1), "note": "forged note", "emoji": ":+1:",
	}
	var out []bot.Submission
	for form, state := range map[string]string{
		"edit": "%[1]d", "more": "%[1]d", "tell": "answer %[1]d", "status": "%[1]d", "ship": "%[1]d", "promote": "%[1]d forged", "story": "%[1]d 1", "tags": "%[1]d",
		"audience": "%[1]d", "merge": "%[1]d", "hide": "%[1]d", "save": "%[2]d", "channel": "C1",
		"keepoutwhy": "%[2]d", "publish": "%[1]d %[2]d", "settings": "%[2]d", "welcome": "C1 %[2]d", "paste": "C1 %[2]d",
	} {
		out = append(out, bot.Submission{Form: form, State: strings.Split(fmt.Sprintf(state+"|", number, id), "|")[0], Values: values})
	}
	return out
}

// foreignLines are commands with numbers that are somebody else's.
var foreignLines = []string{
	"show 1", "top", "search merger ledger seal", "mine", "vote 1", "unvote 1", "merge 1 into 2", "unmerge 1", "status 1 planned", "tag 1 forged", "untag 1 forged", "hide 1", "retitle 1 forged",
	"withdraw 1", "edit 1", "follow 2", "unfollow 2", "audience 1 community", "promote 1", "ship 1", "block <@URUI>", "triage", "backlog", "roadmap", "roadmap 1 later", "held",
	"my data", "doctor", "digest preview", "help",
}

// ownLines are commands that name nothing but the caller, their channel or their board,
// or add something of their own: what they do there is theirs to do.
var ownLines = map[string]string{
	"feedback": "adds a request of one's own", "channel": "the channel one stands in", "role": "of one's own board", "settings": "of one's own board", "link": "by a code that nobody guesses",
	"unlink": "one's own workspace, or one that shares the board", "link-me": "one's own account", "stop-notes": "one's own", "start-notes": "one's own", "forget-me": "one's own; asks first",
}

// TestForeign_knows_every_way_in fails where somebody adds a button, a form or a command
// and not what happens when it names what is somebody else's.
func TestForeign_knows_every_way_in(t *testing.T) {
	t.Parallel()
	b := bot.New(nil, bot.SystemClock{}, slog.New(slog.DiscardHandler), nil, bot.Options{})
	presses, forms, verbs := bot.Routes(b)
	tried := map[string]bool{"forgetnow": true, "form give": true} // the caller alone (TestForgetMe), and a request of one's own
	for _, a := range everyPress(1, 1) {
		verb, _ := a.Parts()
		tried[verb] = true
	}
	for _, s := range everySubmit(1, 1) {
		tried["form "+s.Form] = true
	}
	for _, line := range foreignLines {
		cmd, err := bot.ParseHeed(line)
		if err != nil {
			t.Errorf("%s is no command: %v", line, err)
		}
		tried["/"+string(cmd.Verb)] = true
	}
	for verb := range ownLines {
		tried["/"+verb] = true
	}
	want := map[string]bool{}
	for _, p := range presses {
		want[p] = true
	}
	for _, f := range forms {
		want["form "+f] = true
	}
	for _, v := range verbs {
		want["/"+v] = true
	}
	for way := range want {
		if !tried[way] {
			t.Errorf("%s is a way in that nobody tries on what is not theirs", way)
		}
	}
	for way := range tried {
		if !want[way] {
			t.Errorf("%s leads nowhere any more", way)
		}
	}
}

// secrets is a board with something of every kind, all of it the team's, and how to
// tell whether any of it was changed.
func (w *world) secrets() func() string {
	w.t.Helper()
	w.chat.members["UZOE"] = bot.MemberSeen{Account: "UZOE", Name: "Zoe", Admin: true, Complete: true}
	w.says("UZOE", "C1", "/feedback The secret merger needs a secret page")
	w.says("URUI", "C1", "/feedback Export the secret ledger")
	w.says("UOMAR", "C1", "/feedback the secret merger needs a secret page, please") // held
	w.says("UZOE", "C1", "/feedback staus 1")                                        // held
	w.says("UZOE", "C1", "/heed status 2 under review")
	saved := w.saves("UZOE", "C1", heard("UMIRA", "Invoices with a secret seal"))
	w.fills("UZOE", "C1", saved, nil)
	w.fills("UZOE", "C1", w.says("UZOE", "C1", "/promote 1"), map[string]string{"i_want": "the secret merger", "criteria": "It is secret."})
	w.drain()
	return func() string {
		w.t.Helper()
		var sum string
		w.must(w.db.Get(&sum, `select md5(concat(
			(select string_agg(x::text, ',' order by x::text) from items x where board_id = $1),
			(select string_agg(x::text, ',' order by x::text) from evidence x where board_id = $1),
			(select string_agg(x::text, ',' order by x::text) from held x where board_id = $1),
			(select string_agg(x::text, ',' order by x::text) from stories x where board_id = $1),
			(select string_agg(x::text, ',' order by x::text) from votes x where board_id = $1),
			(select string_agg(x::text, ',' order by x::text) from ballots x where board_id = $1),
			(select string_agg(x::text, ',' order by x::text) from channels x where board_id = $1 and channel_ref = 'C1'),
			(select string_agg(x::text, ',' order by x::text) from grants x where board_id = $1),
			(select string_agg(x::text, ',' order by x::text) from history x where board_id = $1)))`, w.ws.Board))
		return sum
	}
}

// TestForeign has people reach for what is not theirs to read or change, by buttons and
// forms that they were never given.
func TestForeign(t *testing.T) {
	t.Parallel()
	attack := func(t *testing.T, w *world, call func() bot.Call, ids int) {
		t.Helper()
		same := w.secrets()
		before := same()
		check := func(what string, r bot.Reply, err error) {
			t.Helper()
			if err != nil {
				t.Errorf("%s: %v", what, err)
			}
			if strings.Contains(answer(r), "secret") {
				t.Errorf("%s shows\n%s", what, answer(r))
			}
			if now := same(); now != before {
				t.Errorf("%s changed something, and read\n%s", what, answer(r))
				before = now
			}
		}
		for n := 1; n <= 3; n++ {
			for id := 1; id <= ids; id += 3 {
				for i, a := range everyPress(n, id+n-1) {
					if id > 1 && i < 37 {
						continue // of numbers alone
					}
					r, err := w.bot.Press(t.Context(), call(), a)
					check(string(a), r, err)
				}
			}
			for _, s := range everySubmit(n, n) {
				r, err := w.bot.Submit(t.Context(), call(), s)
				check("form "+s.Form, r, err)
			}
		}
		for _, line := range foreignLines {
			r, err := w.bot.Command(t.Context(), call(), "/heed", line)
			check(line, r, err)
		}
		home, err := w.bot.Home(t.Context(), call())
		check("home", bot.Say{Doc: home.Doc}, err)
		w.drain()
		for _, channel := range []string{"C1", "C2"} {
			for _, n := range w.notes(channel) {
				if strings.Contains(answer(n), "secret") && strings.Contains(answer(n), "Shared by") {
					t.Errorf("shared in %s:\n%s", channel, answer(n))
				}
			}
		}
	}
	t.Run("an_admin_of_another_board", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		ref := bot.WorkspaceRef{Platform: bot.Slack, Ref: "T2"}
		_, err := w.bot.Attach(t.Context(), bot.Workspace{Ref: ref, Name: "Initech", BotAccount: "B2"})
		w.must(err)
		attack(t, w, func() bot.Call {
			c := w.by("UBILL", "C2")
			c.Workspace, c.Member = ref, bot.MemberSeen{Account: "UBILL", Name: "Bill", Admin: true, Complete: true}
			return c
		}, 24)
	})
	t.Run("a_guest_of_the_board", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		attack(t, w, func() bot.Call {
			c := w.by("UGUEST", "C2")
			c.Member = bot.MemberSeen{Account: "UGUEST", Name: "Gus", Guest: true, Complete: true}
			return c
		}, 24)
	})
}

package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"heed/bot"
)

// asks makes an item by its own command and answers it.
func (w *world) asks(account, channel, words string) bot.Item {
	w.t.Helper()
	before := w.number(`select count(*) from items`)
	r := w.says(account, channel, "/feedback “"+words+"”")
	if w.number(`select count(*) from items`) != before+1 {
		w.t.Fatalf("%q made no item:\n%s", words, answer(r))
	}
	return w.numbered(w.number(`select max(number) from items`))
}

func TestLists(t *testing.T) {
	t.Parallel()
	t.Run("empty_ones_say_what_to_do", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		reads(t, w.says("rui", "C1", "/heed top"), "/feedback", "[Give feedback]")
		reads(t, w.says("rui", "C1", "/heed mine"), "haven't asked", "[Give feedback]")
		reads(t, w.says("rui", "C1", "/heed held"), "Nothing waits for you")
		reads(t, w.says("rui", "C1", "/roadmap"), "empty for now", "[See the top 10]")
		reads(t, w.says("rui", "C1", "/heed search dark"), "Nothing sounds like “dark” yet", "/feedback dark")
	})
	t.Run("top_by_votes_a_page_at_a_time_with_buttons_that_vote", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		for i := range 13 {
			w.item(fmt.Sprintf("Wish %c", 'A'+i), nil)
		}
		w.says("rui", "C1", "/heed vote 13")
		r := w.says("omar", "C1", "/heed top")
		reads(t, r, "1  #13 Wish M · 👍 1 · New", "1–10 of 13", "[Next 3]", "[Share here]")
		w.presses("omar", "C1", r, "👍 Vote")
		reads(t, w.says("omar", "C1", "/heed top"), "👍 2 · New · you too", "[Take 👍 back]")
		next := w.presses("omar", "C1", r, "Next 3")
		reads(t, next, "11  #10 Wish J", "13  #12 Wish L", "11–13 of 13")
		hides(t, next, "[Next")
		hides(t, w.says("omar", "C1", "/heed top 5"), "#5 Wish E")
	})
	t.Run("mine_shows_requests_votes_and_what_waits", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.asks("omar", "C1", "Dark theme everywhere")
		w.asks("rui", "C1", "Export invoices as PDF")
		w.says("rui", "C1", "/heed vote 1")
		w.says("rui", "C1", "/feedback a dark theme")
		r := w.says("rui", "C1", "/heed mine")
		reads(t, r, "Waiting", "a dark theme", "You asked for", "#2 Export invoices as PDF", "You voted for", "#1 Dark theme everywhere · 👍 2")
		w.presses("rui", "C1", r, "Mine is different")
		reads(t, w.says("rui", "C1", "/heed mine"), "#3 a dark theme")
	})
	t.Run("search_finds_by_word_beginning_misspelling_and_number", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.asks("rui", "C1", "Export invoices as PDF")
		w.asks("omar", "C1", "Dark theme. Reading the calendar at night hurts")
		for _, words := range []string{"invoice", "export pdf", "invioces", "1", "#1"} {
			reads(t, w.says("lena", "C1", "/heed search "+words), "#1 Export invoices as PDF")
		}
		reads(t, w.says("lena", "C1", "/heed search calendar"), "#2 Dark theme")
		hides(t, w.says("lena", "C1", "/heed search calendar"), "#1")
		for _, odd := range []string{"'; drop table items; --", "a & | ! b:*", `\`, "(((", "🌙"} {
			if r := w.says("lena", "C1", "/heed search "+odd); answer(r) == "" {
				t.Errorf("%q is not answered", odd)
			}
		}
	})
	t.Run("roadmap_shows_now_next_and_later", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.item("Saved filters", func(it *bot.Item) { it.Status = bot.StatusStarted })
		w.item("Bulk edit", func(it *bot.Item) { it.Status = bot.StatusPlanned })
		w.exec(`update items set later = true, status = 'under_review' where item_id = $1`, w.item("SSO", nil).ID)
		w.item("Not looked at", func(it *bot.Item) { it.Status = bot.StatusUnderReview })
		r := w.says("rui", "C1", "/roadmap")
		reads(t, r, "Now\n#1 Saved filters", "Next\n#2 Bulk edit", "Later\n#3 SSO")
		hides(t, r, "Not looked at")
	})
	t.Run("shared_here_the_community_sees_its_own_part", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.channel("C9", func(c *bot.Channel) { c.Audience, c.Joined = bot.Community, true })
		w.item("Dark theme", func(it *bot.Item) { it.Audience = bot.Community })
		w.item("Fire the vendor", nil)
		r := w.says("rui", "C9", "/heed top")
		reads(t, r, "#2 Fire the vendor · 👍 0 · New · only the team sees it")
		reads(t, w.presses("rui", "C9", r, "Share here"), "left out")
		w.drain()
		posted := w.chat.in("C9")
		if len(posted) != 1 {
			t.Fatalf("%d posts", len(posted))
		}
		note := bot.Say{Doc: posted[0].(bot.Note).Doc}
		reads(t, note, "#1 Dark theme", "Shared by rui", "[👍 Vote]")
		hides(t, note, "vendor", "[Share here]", "[Next")
	})
	t.Run("home_holds_all_of_it", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.asks("rui", "C1", "Export invoices as PDF")
		home, err := w.bot.Home(t.Context(), w.by("rui", ""))
		w.must(err)
		reads(t, bot.Say{Doc: home.Doc}, "You asked for", "#1 Export invoices as PDF", "What people want most", "[Give feedback]")

		w.asks("omar", "C1", "Dark theme")
		w.says("rui", "C1", "/heed vote 2")
		w.exec(`update items set status = 'started' where number = 2`)
		w.says("rui", "C1", "/feedback a darker theme")
		home, err = w.bot.Home(t.Context(), w.by("rui", ""))
		w.must(err)
		page := answer(bot.Say{Doc: home.Doc})
		asked, voted, _ := strings.Cut(page, "You voted for")
		voted, top, _ := strings.Cut(voted, "What people want most")
		_, way, _ := strings.Cut(top, "On the way: Now")
		for part, want := range map[string]string{
			asked: "#1 Export invoices as PDF · 👍 1 · New", voted: "#2 Dark theme · 👍 2 · In progress", top: "#1 Export", way: "#2 Dark theme",
		} {
			if !strings.Contains(part, want) {
				t.Errorf("no %q in its part of:\n%s", want, page)
			}
		}
		reads(t, w.presses("rui", "", bot.Say{Doc: home.Doc}, "Take 👍 back"), "Taken back")
	})
}

func TestVoteOnAClosedRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, status := range []bot.Status{bot.StatusShipped, bot.StatusDeclined} {
		it := w.item("Wish "+string(status), func(it *bot.Item) { it.Status = status })
		key := w.want(it, "C1")
		w.drain()
		reads(t, w.says("rui", "C1", fmt.Sprintf("/heed vote %d", it.Number)), "Noted for #", "Voting is closed there ("+status.Label()+")")
		w.react("omar", "C1", w.post(key).Message, "+1", bot.Support, w.clock.Now())
		w.drain()
		if n := w.number(`select count(*) from ballots where item_id = $1 and supports`, it.ID); n != 2 || w.count(it) != 2 {
			t.Errorf("%s: %d ballots, %d votes", status, n, w.count(it))
		}
		hides(t, w.says("rui", "C1", fmt.Sprintf("/heed show %d", it.Number)), "Vote]")
		reads(t, w.says("rui", "C1", fmt.Sprintf("/heed unvote %d", it.Number)), "Taken back")
	}
}

func TestDetails(t *testing.T) {
	t.Parallel()
	t.Run("the_whole_text_the_quotes_the_voters_and_the_buttons", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.says("rui", "C1", "/feedback Dark theme. My eyes hurt after 9 pm.")
		w.presses("omar", "C1", w.says("omar", "C1", "/feedback dark theme please, I read at night"), "👍 That's it")
		r := w.says("rui", "C1", "/heed show 1")
		reads(t, r, "#1 Dark theme · New", "Asked by rui", "> Dark theme. My eyes hurt after 9 pm.", "In their words", "> dark theme please, I read at night",
			"2 people: rui and omar", "asked", "[Edit]", "[Withdraw]", "[Unfollow]", "[Take 👍 back]")
		hides(t, r, "[Manage]", "[Promote]", "[Ship]")
		hides(t, w.says("lena", "C1", "/heed show 1"), "[Edit]", "[Withdraw]")
	})
	t.Run("buttons_fit_the_roles", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.chat.members["zoe"] = bot.MemberSeen{Account: "zoe", Name: "Zoe", Admin: true, Complete: true}
		w.asks("rui", "C1", "Dark theme")
		reads(t, w.says("zoe", "C1", "/heed show 1"), "[Manage]", "[Promote]", "[Ship]")
	})
	t.Run("a_guest_reads_no_names_and_no_team_words", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.chat.members["guest"] = bot.MemberSeen{Account: "guest", Name: "Guest", Guest: true, Complete: true}
		w.channel("C9", func(c *bot.Channel) { c.Audience, c.Joined = bot.Community, true })
		w.says("rui", "C9", "/feedback Dark theme. My eyes hurt.")
		w.presses("omar", "C1", w.says("omar", "C1", "/feedback dark theme for the Initech deal"), "👍 That's it")
		r := w.says("guest", "C9", "/heed show 1")
		reads(t, r, "#1 Dark theme", "2 people")
		hides(t, r, "Initech", "omar")
	})
	t.Run("ten_voters_have_a_name_and_the_rest_a_number", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		it := w.item("Dark theme", nil)
		w.votes(it, 13, "U")
		reads(t, w.says("rui", "C1", "/heed show 1"), "13 people: ", " and 3 others")
	})
	t.Run("whom_the_platform_does_not_name_reads_as_the_community", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.asks("rui", "C1", "Fire the vendor")
		w.chat.fail = func(call, _ string) error {
			if call == "member" {
				return &bot.Fault{Kind: bot.FaultTransient, Reason: "timeout"}
			}
			return nil
		}
		hides(t, w.says("stranger", "C1", "/heed top"), "vendor")
	})
	t.Run("a_number_for_other_eyes_reads_like_one_that_is_not_there", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.chat.members["guest"] = bot.MemberSeen{Account: "guest", Name: "Guest", Guest: true, Complete: true}
		w.asks("rui", "C1", "Fire the vendor")
		w.asks("rui", "C1", "Something else entirely")
		w.exec(`update items set gone_at = now() where number = 2`)
		other, err := w.bot.Attach(t.Context(), bot.Workspace{Ref: bot.WorkspaceRef{Platform: bot.Slack, Ref: "T2"}, Name: "Initech"})
		w.must(err)
		_, _, err = w.store.AddItem(t.Context(), bot.Item{Board: other.Board, Title: "Theirs", Status: bot.StatusNew, Audience: bot.Community, CreatedAt: monday}, "x")
		w.must(err)
		for _, line := range []string{"/heed show 1", "/heed show 2", "/heed show 999", "/heed edit 1", "/heed withdraw 1", "/heed vote 1"} {
			r := w.says("guest", "C1", line)
			reads(t, r, "There's no #", "Nothing has changed")
			hides(t, r, "vendor", "Theirs")
		}
	})
	t.Run("a_long_text_can_be_read_to_its_end", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		words := ""
		for i := range 1200 {
			words += fmt.Sprintf("word%d ", i)
		}
		w.says("rui", "C1", "/feedback “"+words+"”")
		r := w.says("rui", "C1", "/heed show 1")
		hides(t, r, "word1199")
		for range 10 {
			r = w.presses("rui", "C1", r, "Read on")
			if len(buttonsOf(r)) == 0 {
				break
			}
		}
		reads(t, r, "word1199")
	})
	t.Run("evidence_goes_on", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		it := w.item("Dark theme", nil)
		for i := range 8 {
			_, _, err := w.store.AddEvidence(t.Context(), it.Board, bot.Evidence{Item: it.ID, Kind: bot.EvidenceSame, Quote: fmt.Sprintf("quote %d", i), Audience: bot.Team, CreatedAt: monday.Add(time.Duration(i) * time.Hour)})
			w.must(err)
		}
		r := w.says("rui", "C1", "/heed show 1")
		hides(t, r, "quote 2")
		reads(t, w.presses("rui", "C1", r, "3 more quotes"), "quote 0", "quote 2")
	})
}

package bot_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heed/bot"
)

// secret stands in every string that only the team may read.
const secret = "TEAMONLY"

// leakBoard is a random board with a community channel (C0), a team channel (C1), a
// guest, and secrets of the team all over.
type leakBoard struct {
	w     *world
	rt    *rapid.T
	ref   bot.WorkspaceRef
	ws    bot.Workspace
	items []bot.Item
}

func (l *leakBoard) must(err error) {
	l.rt.Helper()
	if err != nil {
		l.rt.Fatal(err)
	}
}

func (l *leakBoard) call(account, channel string) bot.Call {
	c := l.w.by(account, channel)
	c.Workspace = l.ref
	if account == "guest" {
		c.Member = bot.MemberSeen{Account: "guest", Name: "Guest", Guest: true, Complete: true}
	}
	return c
}

// build fills the board: items of both audiences, merged, tagged and closed at random,
// with evidence and votes of both.
func (l *leakBoard) build() {
	ctx := l.rt.Context()
	for i, a := range []bot.Audience{bot.Community, bot.Team} {
		name := "open"
		if a == bot.Team {
			name = secret + "-channel"
		}
		c, err := l.w.store.MeetChannel(ctx, l.ws.Board, l.ws.ID, bot.ChannelSeen{Ref: fmt.Sprintf("C%d", i), Name: name, Kind: bot.PublicChannel}, a)
		l.must(err)
		c.Intake, c.Main, c.Joined, c.Customer = true, a == bot.Community, true, secret+" Corp"
		l.must(l.w.store.SaveChannel(ctx, c))
	}
	statuses := bot.Statuses()
	n := rapid.IntRange(1, 5).Draw(l.rt, "items")
	for i := range n {
		it := bot.Item{Board: l.ws.Board, Title: fmt.Sprintf("wish number %d", i), Status: rapid.SampledFrom(statuses).Draw(l.rt, "status"),
			Audience: bot.Community, CreatedAt: monday, StatusAt: monday, Tags: []string{"open"}, Reason: "because"}
		it.AskedIn = bot.ChannelAt{Workspace: l.ws.ID, Ref: fmt.Sprintf("C%d", rapid.IntRange(0, 1).Draw(l.rt, "asked in"))}
		if rapid.Bool().Draw(l.rt, "team") {
			it.Audience, it.Title, it.Tags, it.Reason = bot.Team, it.Title+" "+secret, []string{strings.ToLower(secret) + "-tag"}, secret
		}
		it.Body = it.Title + " and more"
		it, _, err := l.w.store.AddItem(ctx, it, fmt.Sprint("leak-", i))
		l.must(err)
		_, err = l.w.db.ExecContext(ctx, `update items set reason = $3, later = $4 where board_id = $1 and item_id = $2`, it.Board, it.ID, it.Reason, it.Status == bot.StatusUnderReview)
		l.must(err)
		l.items = append(l.items, it)
		l.must(l.w.store.InTx(ctx, func(tx bot.Tx) error {
			_, err := tx.WantPost(ctx, l.ws.Board, bot.Want{Key: fmt.Sprint("card-", i), Kind: bot.PostCard, Workspace: l.ws.ID, Channel: "C0", Item: it.ID, Due: l.w.clock.Now()})
			return err
		}))
		for j := range rapid.IntRange(0, 3).Draw(l.rt, "quotes") {
			e := bot.Evidence{Item: it.ID, Kind: bot.EvidenceSame, Quote: fmt.Sprintf("quote %d", j), Audience: bot.Community, CreatedAt: monday}
			if rapid.Bool().Draw(l.rt, "team quote") {
				e.Audience, e.Quote, e.Permalink = bot.Team, secret, "https://chat.example/"+secret
			}
			_, _, err := l.w.store.AddEvidence(ctx, it.Board, e)
			l.must(err)
		}
		for j := range rapid.IntRange(0, 3).Draw(l.rt, "votes") {
			voter := l.call(fmt.Sprint(secret, "-voter-", j), "C1")
			_, err := l.w.bot.Press(ctx, voter, bot.Act("vote", it.Number))
			l.must(err)
		}
		if i > 0 && rapid.Bool().Draw(l.rt, "merged") {
			into := l.items[rapid.IntRange(0, i-1).Draw(l.rt, "into")]
			if err := l.w.store.InTx(ctx, func(tx bot.Tx) error { return tx.MergeItem(ctx, it.Board, it.ID, into.ID, l.w.clock.Now()) }); err != nil && !errors.Is(err, bot.ErrMerged) {
				l.must(err)
			}
		}
	}
}

// TestNoSecretReachesTheCommunity reads random boards through every command, button,
// page and post that a guest or a community channel has.
func TestNoSecretReachesTheCommunity(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	boards, digests := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		if boards++; boards > 20 { // as many as a test may take time for
			return
		}
		ctx := rt.Context()
		l := &leakBoard{w: w, rt: rt, ref: bot.WorkspaceRef{Platform: bot.Slack, Ref: fmt.Sprintf("L%d", boards)}}
		var err error
		l.ws, err = w.bot.Attach(ctx, bot.Workspace{Ref: l.ref, Name: "Initech"})
		l.must(err)
		l.build()
		check := func(what, said string) {
			if strings.Contains(strings.ToUpper(said), secret) {
				rt.Fatalf("%s leaks:\n%s", what, said)
			}
		}
		commands := []string{"/heed top", "/heed mine", "/heed search wish", "/heed search " + secret, "/roadmap", "/heed my-data", "/heed held",
			"/feedback wish number " + fmt.Sprint(len(l.items)), "/feedback a wish, number 0", "/heed vote 1", "/heed follow 1", "/heed edit 1", "/heed withdraw 1",
			"/heed digest", "/heed digest preview", "/heed digest here", "/heed channel", "/heed channel intake", "/heed settings", "/heed doctor"}
		for _, it := range l.items {
			commands = append(commands, fmt.Sprintf("/heed show %d", it.Number))
		}
		for _, line := range commands {
			name, text, _ := strings.Cut(line, " ")
			r, err := w.bot.Command(ctx, l.call("guest", "C0"), name, text)
			l.must(err)
			if !strings.Contains(text, secret) { // what they typed themselves is no leak
				check(line, answer(r))
			}
			for _, b := range buttonsOf(r) {
				if b.URL != "" || strings.HasPrefix(string(b.Action), "forget") {
					check(line, b.URL)
					continue
				}
				pressed, err := w.bot.Press(ctx, l.call("guest", "C0"), b.Action)
				l.must(err)
				if !strings.Contains(text, secret) {
					check(line+" ["+b.Label+"]", answer(pressed))
				}
			}
		}
		for _, it := range l.items { // numbers that no list gave
			for _, verb := range []string{"details", "vote", "follow", "read", "quotes", "edit", "more", "withdraw", "why", "answer", "missed", "manage", "promote", "ship"} {
				r, err := w.bot.Press(ctx, l.call("guest", "C0"), bot.Act(verb, it.Number, 1))
				l.must(err)
				check(fmt.Sprint(verb, " ", it.Number), answer(r))
				ask, ok := r.(bot.Ask)
				if !ok {
					continue
				}
				r, err = w.bot.Submit(ctx, l.call("guest", "C0"), bot.Submission{Form: ask.Form.ID, State: ask.Form.State, Values: map[string]string{"words": "some words", "title": "a title"}})
				l.must(err)
				check(fmt.Sprint("the form of ", verb, " ", it.Number), answer(r))
			}
			// Somebody of the team shares it among the community.
			r, err := w.bot.Press(ctx, l.call("mira", "C0"), bot.Act("share", "item", it.Number))
			l.must(err)
			check("share", answer(r))
		}
		for _, list := range []string{"share top", "share roadmap", "share items 1 2 3 4 5"} {
			_, err := w.bot.Press(ctx, l.call("mira", "C0"), bot.Action(list))
			l.must(err)
		}
		home, err := w.bot.Home(ctx, l.call("guest", ""))
		l.must(err)
		check("home", home.Doc.Plain())
		_, err = w.bot.DigestAt(ctx, l.ref, w.clock.Now().Add(30*time.Minute), false) // to C0, as cards live there
		l.must(err)
		_, err = w.store.WantPost(ctx, l.ws.Board, bot.Want{Key: "hello", Kind: bot.PostNote, Workspace: l.ws.ID, Channel: "C0",
			Subject: map[string]string{"note": "hello"}, Due: w.clock.Now()})
		l.must(err)
		w.drain()
		for _, c := range append(w.chat.in("C0"), w.chat.in("Dguest")...) {
			check("a post among the community", fmt.Sprintf("%+v", c))
			if _, ok := c.(bot.Digest); ok {
				digests++
			}
		}
		w.clock.move(time.Minute)
	})
	if digests == 0 {
		t.Error("no digest was among the posts")
	}
}

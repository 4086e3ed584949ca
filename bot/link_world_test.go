package bot_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"heed/bot"
)

// linkWorld is Acme's Slack (U1… and Zoe, its admin) and Acme's community on Discord (D1…
// and Gil, its admin), each with a board of its own.
type linkWorld struct {
	*world
	guildRef bot.WorkspaceRef
}

func newLinkWorld(t *testing.T) *linkWorld {
	t.Helper()
	w := &linkWorld{world: newWorld(t), guildRef: bot.WorkspaceRef{Platform: bot.Discord, Ref: "G1"}}
	g, err := w.bot.Attach(t.Context(), bot.Workspace{Ref: w.guildRef, Name: "Acme Community", BotAccount: "B2"})
	w.must(err)
	yes := true
	ch, err := w.store.MeetChannel(t.Context(), g.Board, g.ID, bot.ChannelSeen{Ref: "F1", Name: "ideas", Kind: bot.PublicChannel, Joined: &yes}, bot.Community)
	w.must(err)
	ch.Intake, ch.Main = true, true
	w.must(w.store.SaveChannel(t.Context(), ch))
	return w
}

// here reads a workspace as it is now.
func (w *linkWorld) here(ref bot.WorkspaceRef) bot.Workspace {
	w.t.Helper()
	ws, err := w.store.Workspace(w.t.Context(), ref)
	w.must(err)
	return ws
}

// call is an act of an account; who begins with U is in Slack, others are on Discord.
func (w *linkWorld) call(account string) bot.Call {
	c := bot.Call{
		Key: fmt.Sprintf("act-%d", acts.Add(1)), At: w.clock.Now(), Workspace: acme, Channel: bot.ChannelSeen{Ref: "C1", Name: "feedback-C1", Kind: bot.PublicChannel},
		Member: bot.MemberSeen{Account: account, Name: strings.ToLower(account[1:]), Admin: account == "UZOE" || account == "DGIL", Complete: true},
	}
	if account[0] != 'U' {
		c.Workspace, c.Channel = w.guildRef, bot.ChannelSeen{Ref: "F1", Name: "ideas", Kind: bot.PublicChannel}
	}
	return c
}

// say is a slash command's answer.
func (w *linkWorld) say(account, line string) bot.Reply {
	w.t.Helper()
	name, text, _ := strings.Cut(line, " ")
	r, err := w.bot.Command(w.t.Context(), w.call(account), name, text)
	w.must(err)
	return r
}

// press presses the button with a label on a reply.
func (w *linkWorld) press(account string, r bot.Reply, label string) bot.Reply {
	w.t.Helper()
	out, err := w.bot.Press(w.t.Context(), w.call(account), actionOf(w.t, r, label))
	w.must(err)
	return out
}

var codeWritten = regexp.MustCompile(`\b[2-9A-HJKMNP-Z]{3}-[2-9A-HJKMNP-Z]{3}\b`)

// code asks for a code with this command.
func (w *linkWorld) code(account, line string) string {
	w.t.Helper()
	r := w.say(account, line)
	code := codeWritten.FindString(answer(r))
	if code == "" {
		w.t.Fatalf("no code in:\n%s", answer(r))
	}
	return code
}

// share puts the guild on Slack's board.
func (w *linkWorld) share() {
	w.t.Helper()
	ask := w.say("DGIL", "heed link "+w.code("UZOE", "heed link"))
	reads(w.t, w.press("DGIL", ask, "Share the board"), "Done.")
	if g, s := w.here(w.guildRef), w.here(acme); g.Board != s.Board {
		w.t.Fatalf("the guild is on board %d, Slack on %d", g.Board, s.Board)
	}
}

// leave takes the guild back to a board of its own.
func (w *linkWorld) leave() {
	w.t.Helper()
	reads(w.t, w.press("DGIL", w.say("DGIL", "heed unlink"), "Leave the shared board"), "Done.")
}

// titled finds an item on a workspace's board by its title.
func (w *linkWorld) titled(ref bot.WorkspaceRef, title string) bot.Item {
	w.t.Helper()
	number := 0
	w.must(w.db.Get(&number, `select number from items where board_id = $1 and title = $2`, w.here(ref).Board, title))
	it, err := w.store.ItemByNumber(w.t.Context(), w.here(ref).Board, number)
	w.must(err)
	return it
}

// asks submits a request and releases it where something similar holds it.
func (w *linkWorld) asks(account, words string) {
	w.t.Helper()
	r := w.say(account, "feedback "+words)
	for _, b := range buttonsOf(r) {
		if b.Label == "Mine is different" {
			w.press(account, r, b.Label)
		}
	}
	w.clock.move(time.Minute)
}

// votesHold fails unless every stored vote and count is what the ballots say.
func (w *linkWorld) votesHold() {
	w.t.Helper()
	if n := w.number(`
		with derived as (
		  select i.board_id, i.root_id, m.person_id
		    from ballots b join items i using (board_id, item_id) join members m using (board_id, member_id)
		   where not m.is_bot group by 1, 2, 3)
		select count(*) from derived d full join votes v on v.board_id = d.board_id and v.item_id = d.root_id and v.person_id = d.person_id
		 where d.person_id is null or v.person_id is null`); n != 0 {
		w.t.Errorf("%d votes without ballots, or the other way around", n)
	}
	if n := w.number(`
		select count(*) from items i
		 where i.root_id = i.item_id and i.votes <> (select count(*) from votes v where v.board_id = i.board_id and v.item_id = i.item_id and v.supports)`); n != 0 {
		w.t.Errorf("%d counts are not their votes", n)
	}
	if n := w.number(`
		select count(*) from items i
		 where i.root_id = i.item_id and i.votes <> coalesce((select sum(gained) from item_days d where d.board_id = i.board_id and d.item_id = i.item_id), 0)`); n != 0 {
		w.t.Errorf("%d day counters are not their counts", n)
	}
}

// submit sends the form of a reply, with some of its values changed.
func (w *linkWorld) submit(account string, r bot.Reply, values map[string]string) bot.Reply {
	w.t.Helper()
	ask, ok := r.(bot.Ask)
	if !ok {
		w.t.Fatalf("not a form:\n%s", answer(r))
	}
	out, err := w.bot.Submit(w.t.Context(), w.call(account), bot.Submission{Form: ask.Form.ID, State: ask.Form.State, Values: values})
	w.must(err)
	return out
}

// tables says how many rows each board has where.
func (w *linkWorld) tables() string {
	w.t.Helper()
	var out string
	w.must(w.db.Get(&out, `
		select string_agg(t, ' ' order by t) from (
		  select format('i%s:%s:%s', board_id, item_id, number) t from items union all select format('p%s:%s', board_id, post_id) from posts
		  union all select format('w%s:%s:%s:%s', board_id, workspace_id, ref, state) from workspaces union all select format('m%s:%s:%s', board_id, member_id, active) from members
		  union all select format('b%s:%s', board_id, moved_to) from boards) x`))
	return out
}

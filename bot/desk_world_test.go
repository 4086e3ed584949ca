package bot_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"heed/bot"
	"heed/store"
	"heed/store/storetest"
)

// sentMessage is what stands in a channel.
type sentMessage struct {
	Thread  string
	Content bot.Content
}

// words is the message as plain text.
func (m sentMessage) words() string {
	switch c := m.Content.(type) {
	case bot.Note:
		return c.Doc.Plain()
	case bot.Announcement:
		return c.Doc.Plain()
	case bot.Direct:
		return c.Doc.Plain()
	case bot.Card:
		return fmt.Sprintf("%+v", c)
	}
	return fmt.Sprintf("%T", m.Content)
}

// deskWorld is Acme's board: a Slack workspace with Rui, Lena and Omar who ask, Ana
// (PM), Ben (PO) and Zoe (admin); #support and #feedback for the community, #inside
// for the team.
type deskWorld struct {
	ctx   context.Context
	db    *sqlx.DB
	store *store.Store
	clock *steppedClock
	bot   *bot.Bot
	chat  *chat
	ref   bot.WorkspaceRef
	ws    bot.Workspace
	acts  int
}

// roster is who there is; a guest reads what the community reads.
var roster = map[string]bot.MemberSeen{
	"URUI": {Name: "Rui", Guest: true}, "ULENA": {Name: "Lena"}, "UOMAR": {Name: "Omar"},
	"UANA": {Name: "Ana"}, "UBEN": {Name: "Ben"}, "UZOE": {Name: "Zoe", Admin: true},
}

func newDeskWorld(t *testing.T) *deskWorld {
	t.Helper()
	w := &deskWorld{ctx: t.Context(), db: storetest.New(t), clock: &steppedClock{now: monday}, chat: newChat(), ref: bot.WorkspaceRef{Platform: bot.Slack, Ref: "T1"}}
	w.store = store.New(w.db)
	w.bot = bot.New(w.store, w.clock, slog.New(slog.DiscardHandler), map[bot.Platform]bot.Messenger{bot.Slack: w.chat},
		bot.Options{Jitter: func() float64 { return 0 }, SecretKey: []byte("not a real key, for tests only.."), Patience: time.Minute})
	var err error
	if w.ws, err = w.store.AttachWorkspace(w.ctx, bot.Workspace{Ref: w.ref, Name: "Acme", BotAccount: "UHEED"}, monday); err != nil {
		t.Fatal(err)
	}
	for ref, audience := range map[string]bot.Audience{"CSUPPORT": bot.Community, "CFEEDBACK": bot.Community, "CINSIDE": bot.Team, "CNEWS": bot.Community} {
		yes := true
		ch, err := w.store.MeetChannel(w.ctx, w.ws.Board, w.ws.ID, bot.ChannelSeen{Ref: ref, Name: strings.ToLower(ref[1:]), Kind: bot.PublicChannel, Joined: &yes}, audience)
		if err != nil {
			t.Fatal(err)
		}
		ch.Intake, ch.Main, ch.Announce = ref == "CFEEDBACK", ref == "CFEEDBACK", ref == "CNEWS" || ref == "CINSIDE"
		if err := w.store.SaveChannel(w.ctx, ch); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// withRoles gives Ana and Ben their roles.
func (w *deskWorld) withRoles(t *testing.T) *deskWorld {
	t.Helper()
	for account, role := range map[string]string{"UANA": "pm", "UBEN": "po"} {
		w.say(t, account, "/heed", "help")
		w.says(t, w.say(t, "UZOE", "/heed", "role <@"+account+"> "+role), "now")
	}
	return w
}

// call is one act of somebody, somewhere.
func (w *deskWorld) call(account string) bot.Call {
	w.acts++
	who := roster[account]
	who.Account, who.Complete = account, true
	return bot.Call{
		Key: fmt.Sprintf("act:%d", w.acts), At: w.clock.Now(), Workspace: w.ref, Member: who,
		Channel: bot.ChannelSeen{Ref: "CSUPPORT", Name: "support", Kind: bot.PublicChannel},
	}
}

func (w *deskWorld) say(t *testing.T, account, name, text string) bot.Reply {
	t.Helper()
	r, err := w.bot.Command(w.ctx, w.call(account), name, text)
	if err != nil {
		t.Fatalf("%s %s: %v", name, text, err)
	}
	return r
}

func (w *deskWorld) press(t *testing.T, account string, a bot.Action) bot.Reply {
	t.Helper()
	r, err := w.bot.Press(w.ctx, w.call(account), a)
	if err != nil {
		t.Fatalf("press %s: %v", a, err)
	}
	return r
}

func (w *deskWorld) submit(t *testing.T, account string, f bot.Form, values map[string]string) bot.Reply {
	t.Helper()
	all := map[string]string{}
	for _, field := range f.Fields {
		switch field := field.(type) {
		case bot.TextField:
			all[field.Name] = field.Value
		case bot.ChoiceField:
			all[field.Name] = field.Value
		}
	}
	for k, v := range values {
		all[k] = v
	}
	r, err := w.bot.Submit(w.ctx, w.call(account), bot.Submission{Form: f.ID, State: f.State, Values: all})
	if err != nil {
		t.Fatalf("submit %s: %v", f.ID, err)
	}
	return r
}

// form is the form that a reply opens.
func (w *deskWorld) form(t *testing.T, r bot.Reply) bot.Form {
	t.Helper()
	a, ok := r.(bot.Ask)
	if !ok {
		t.Fatalf("no form but %s", plain(r))
	}
	return a.Form
}

// says checks that a reply holds words.
func (w *deskWorld) says(t *testing.T, r bot.Reply, words ...string) {
	t.Helper()
	for _, want := range words {
		if !strings.Contains(plain(r), want) {
			t.Errorf("reply lacks %q:\n%s", want, plain(r))
		}
	}
}

// plain is a reply as text.
func plain(r bot.Reply) string {
	switch r := r.(type) {
	case bot.Say:
		return r.Doc.Plain()
	case bot.Fix:
		return fmt.Sprint(r.Errors)
	case bot.Ask:
		out := "form " + r.Form.ID + ": " + r.Form.Title + "\n"
		for _, f := range r.Form.Fields {
			switch f := f.(type) {
			case bot.InfoField:
				out += f.Doc.Plain()
			case bot.TextField:
				out += f.Label + " = " + f.Value + "\n"
			case bot.ChoiceField:
				out += f.Label + " = " + f.Value + "\n"
			}
		}
		return out
	}
	return fmt.Sprintf("%T", r)
}

// action is the action of the reply's button whose label begins so.
func action(t *testing.T, r bot.Reply, label string) bot.Action {
	t.Helper()
	say, ok := r.(bot.Say)
	if !ok {
		t.Fatalf("no buttons in %s", plain(r))
	}
	for _, bl := range say.Doc {
		var bs []bot.Button
		switch bl := bl.(type) {
		case bot.Buttons:
			bs = bl
		case bot.Row:
			bs = bl.Buttons
		}
		for _, b := range bs {
			if strings.HasPrefix(b.Label, label) {
				return b.Action
			}
		}
	}
	t.Fatalf("no button %q in:\n%s", label, plain(r))
	return ""
}

// item makes an item of somebody's, asked for in a thread of a channel when thread is given.
func (w *deskWorld) item(t *testing.T, account, title string, audience bot.Audience, channel, thread string) bot.Item {
	t.Helper()
	m := w.member(t, account)
	w.acts++
	it, _, err := w.store.AddItem(w.ctx, bot.Item{
		Board: w.ws.Board, Title: title, Body: title + ", please", Status: bot.StatusNew, Audience: audience, Author: m.ID, CreatedAt: w.clock.Now(),
	}, fmt.Sprintf("test:%d", w.acts))
	if err != nil {
		t.Fatal(err)
	}
	w.exec(t, `insert into evidence (board_id, item_id, kind, member_id, quote, audience, workspace_id, channel_ref, message_ref, created_at)
		values ($1, $2, 'words', $3, $4, $5, $6, $7, $8, $9)`, w.ws.Board, it.ID, m.ID, title+", please. "+account+" says so.", audience, w.ws.ID, channel, thread, w.clock.Now())
	return it
}

// member is somebody's account, met first if need be.
func (w *deskWorld) member(t *testing.T, account string) bot.Member {
	t.Helper()
	m, err := w.store.MemberByAccount(w.ctx, w.ws.Board, w.ws.ID, account)
	if errors.Is(err, bot.ErrNotFound) {
		w.say(t, account, "/heed", "help")
		m, err = w.store.MemberByAccount(w.ctx, w.ws.Board, w.ws.ID, account)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// vote casts somebody's vote for an item.
func (w *deskWorld) vote(t *testing.T, account string, it bot.Item) {
	t.Helper()
	w.member(t, account)
	casts, err := w.store.CastVotes(w.ctx, w.clock.Now(), []bot.Ballot{{
		Workspace: w.ref, Account: account, Item: it.Number, Place: bot.PlaceButton, Act: bot.Support, At: w.clock.Now(), Audience: bot.Team,
	}})
	if err != nil || casts[0].Outcome != bot.CastRecorded {
		t.Fatal(casts, err)
	}
}

func (w *deskWorld) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	if _, err := w.db.ExecContext(w.ctx, query, args...); err != nil {
		t.Fatal(err)
	}
}

// read is an item as it is now.
func (w *deskWorld) read(t *testing.T, it bot.Item) bot.Item {
	t.Helper()
	now, err := w.store.Item(w.ctx, it.Board, it.ID)
	if err != nil {
		t.Fatal(err)
	}
	return now
}

// count answers a query for one number.
func (w *deskWorld) count(t *testing.T, query string, args ...any) int {
	t.Helper()
	var n int
	if err := w.db.GetContext(w.ctx, &n, query, args...); err != nil {
		t.Fatal(err)
	}
	return n
}

// to lists what stands in a channel or, with "@", a person's conversation with Heed.
func (w *deskWorld) to(where string) []sentMessage {
	if account, direct := strings.CutPrefix(where, "@"); direct {
		where = "D" + account
	}
	w.chat.mu.Lock()
	defer w.chat.mu.Unlock()
	var out []sentMessage
	for i := 1; i <= w.chat.next; i++ {
		if m, ok := w.chat.messages[fmt.Sprintf("%s/m%d", where, i)]; ok {
			out = append(out, sentMessage{m.Thread, m.Content})
		}
	}
	return out
}

// dispatch sends all that is due, whatever the pace of lanes.
func (w *deskWorld) dispatch(t *testing.T) {
	t.Helper()
	for {
		w.exec(t, `delete from lanes`)
		did, err := w.bot.DispatchOnce(w.ctx)
		if err != nil {
			t.Fatal(err)
		}
		if did == 0 {
			return
		}
	}
}

// discard is a log that nobody reads.
func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

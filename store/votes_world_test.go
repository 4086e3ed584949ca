package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"heed/bot"
	"heed/store"
	"heed/store/storetest"
)

// monday is when these tests begin.
var monday = time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)

// votesWorld is a board with two workspaces, items with a card each, and a
// captured message for every second item.
type votesWorld struct {
	ctx   context.Context
	db    *sqlx.DB
	store *store.Store
	board bot.BoardID
	slack bot.Workspace
	guild bot.WorkspaceRef
	items []bot.Item
}

func newVotesWorld(t testing.TB, items int) *votesWorld {
	t.Helper()
	w := &votesWorld{ctx: t.Context(), db: storetest.New(t)}
	w.store = store.New(w.db)
	w.populate(t, items)
	return w
}

func (w *votesWorld) populate(t testing.TB, items int) {
	t.Helper()
	var err error
	w.slack, err = w.store.AttachWorkspace(w.ctx, bot.Workspace{Ref: bot.WorkspaceRef{Platform: bot.Slack, Ref: "T1"}, Name: "Acme", BotAccount: "UHEED"}, monday)
	if err != nil {
		t.Fatal(err)
	}
	w.board = w.slack.Board
	w.guild = bot.WorkspaceRef{Platform: bot.Discord, Ref: "G1"}
	w.must(t, `insert into workspaces (board_id, platform, ref, created_at) values ($1, 'discord', 'G1', $2)`, w.board, monday)
	for i := range items {
		it, fresh, err := w.store.AddItem(w.ctx, bot.Item{
			Board: w.board, Title: fmt.Sprintf("Wish %d", i+1), Body: "please", Status: bot.StatusNew, Audience: bot.Community, CreatedAt: monday,
		}, fmt.Sprintf("test:%d", i))
		if err != nil || !fresh {
			t.Fatal(fresh, err)
		}
		w.items = append(w.items, it)
		w.must(t, `insert into posts (board_id, key, kind, workspace_id, channel_ref, message_ref, item_id, shown_version, created_at)
			values ($1, $2, 'card', $3, 'C1', $4, $5, 1, $6)`, w.board, fmt.Sprintf("card:%d", i), w.slack.ID, cardOf(i), it.ID, monday)
		if i%2 == 0 {
			w.must(t, `insert into evidence (board_id, item_id, kind, quote, audience, workspace_id, channel_ref, message_ref, created_at)
				values ($1, $2, 'message', 'words', 'community', $3, 'C2', $4, $5)`, w.board, it.ID, w.slack.ID, savedOf(i), monday)
		}
	}
}

// reset forgets all ballots, people and merges, for the next check of a property.
func (w *votesWorld) reset(t testing.TB) {
	t.Helper()
	for _, table := range []string{"votes", "item_days", "ballots", "members", "people"} {
		w.must(t, `delete from `+table)
	}
	w.must(t, `update items set merged_into = null, root_id = item_id, votes = 0`)
}

func cardOf(i int) string  { return fmt.Sprintf("100.%d", i) }
func savedOf(i int) string { return fmt.Sprintf("200.%d", i) }

func (w *votesWorld) must(t testing.TB, query string, args ...any) {
	t.Helper()
	if _, err := w.db.ExecContext(w.ctx, query, args...); err != nil {
		t.Fatal(err)
	}
}

// thumb is a reaction on an item's card.
func (w *votesWorld) thumb(account string, item int, act bot.BallotAct, at time.Time) bot.Ballot {
	return bot.Ballot{Workspace: w.slack.Ref, Account: account, Channel: "C1", Message: cardOf(item), Emoji: "+1", Act: act, At: at}
}

// press is a ballot by button or command.
func (w *votesWorld) press(account string, item int, place string, act bot.BallotAct, at time.Time) bot.Ballot {
	return bot.Ballot{Workspace: w.slack.Ref, Account: account, Item: w.items[item].Number, Place: place, Act: act, At: at}
}

func (w *votesWorld) cast(t testing.TB, ballots ...bot.Ballot) []bot.Cast {
	t.Helper()
	casts, err := w.store.CastVotes(w.ctx, monday, ballots)
	if err != nil {
		var pe *pq.Error
		if errors.As(err, &pe) {
			t.Log(pe.Detail, pe.Where)
		}
		t.Fatal(err)
	}
	return casts
}

// count is the stored count of the item's root.
func (w *votesWorld) count(t testing.TB, item int) int {
	t.Helper()
	it, err := w.store.Item(w.ctx, w.board, w.items[item].ID)
	if err != nil {
		t.Fatal(err)
	}
	return it.Votes
}

// standing is one derived vote or one day's counters, as comparable text.
type standing map[string]string

// stored reads what is derived as the database has it.
func (w *votesWorld) stored(t testing.TB) standing {
	t.Helper()
	out := standing{}
	var votes []struct {
		Item     int64 `db:"item_id"`
		Person   int64 `db:"person_id"`
		Supports bool
		Since    time.Time
	}
	if err := w.db.SelectContext(w.ctx, &votes, `select item_id, person_id, supports, since from votes`); err != nil {
		t.Fatal(err)
	}
	for _, v := range votes {
		out[fmt.Sprintf("vote %d %d", v.Item, v.Person)] = fmt.Sprint(v.Supports, v.Since.UTC().Format(time.RFC3339Nano))
	}
	var counts []struct {
		Item  int64 `db:"item_id"`
		Votes int
	}
	if err := w.db.SelectContext(w.ctx, &counts, `select item_id, votes from items where votes <> 0`); err != nil {
		t.Fatal(err)
	}
	for _, c := range counts {
		out[fmt.Sprintf("count %d", c.Item)] = fmt.Sprint(c.Votes)
	}
	var days []struct {
		Item         int64 `db:"item_id"`
		Day          time.Time
		Gained, Lost int
	}
	if err := w.db.SelectContext(w.ctx, &days, `select item_id, day, gained, lost from item_days where gained <> 0 or lost <> 0`); err != nil {
		t.Fatal(err)
	}
	for _, d := range days {
		out[fmt.Sprintf("day %d %s", d.Item, d.Day.Format(time.DateOnly))] = fmt.Sprint(d.Gained, d.Lost)
	}
	return out
}

// recomputed derives the same from the facts and lenses alone, by bot.VoteOf.
func (w *votesWorld) recomputed(t testing.TB) standing {
	t.Helper()
	var facts []struct {
		Root     int64 `db:"root_id"`
		Person   int64 `db:"person_id"`
		Place    string
		Supports bool
		At       time.Time
	}
	if err := w.db.SelectContext(w.ctx, &facts, `
		select i.root_id, m.person_id, b.place, b.supports, b.at
		  from ballots b join items i using (board_id, item_id) join members m using (board_id, member_id)
		 where not m.is_bot`); err != nil {
		t.Fatal(err)
	}
	type pair struct{ root, person int64 }
	by := map[pair][]bot.Fact{}
	for _, f := range facts {
		p := pair{f.Root, f.Person}
		by[p] = append(by[p], bot.Fact{Place: f.Place, Supports: f.Supports, At: f.At.UTC()})
	}
	out := standing{}
	counts, gained, lost := map[int64]int{}, map[string]int{}, map[string]int{}
	for p, fs := range by {
		supports, since, _ := bot.VoteOf(fs)
		out[fmt.Sprintf("vote %d %d", p.root, p.person)] = fmt.Sprint(supports, since.Format(time.RFC3339Nano))
		day := fmt.Sprintf("day %d %s", p.root, since.Format(time.DateOnly))
		if supports {
			counts[p.root]++
			gained[day]++
		} else {
			lost[day]++
		}
	}
	for item, n := range counts {
		out[fmt.Sprintf("count %d", item)] = fmt.Sprint(n)
	}
	for day, n := range gained {
		out[day] = fmt.Sprint(n, lost[day])
	}
	for day, n := range lost {
		out[day] = fmt.Sprint(gained[day], n)
	}
	return out
}

package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"heed/bot"
	"heed/store"
	"heed/store/storetest"
)

// TestEveryTableHasItsPlaceInACarriage fails for a table that nobody has thought of: say
// in carry*.go how it goes to another board, or here why it stays.
func TestEveryTableHasItsPlaceInACarriage(t *testing.T) {
	t.Parallel()
	known := map[string]string{
		"boards": "the other has its own", "workspaces": "goes", "channels": "goes", "people": "goes", "members": "goes", "forgotten": "goes",
		"grants": "goes", "blocks": "goes", "mutes": "goes", "items": "goes", "item_tags": "goes", "evidence": "goes", "ballots": "goes",
		"votes": "derived", "item_days": "derived", "follows": "goes", "history": "goes", "held": "goes", "stories": "goes", "story_items": "goes",
		"criteria": "goes", "story_versions": "goes", "announcements": "goes", "schedules": "goes", "digests": "goes",
		"notices": "goes", "posts": "goes", "lanes": "goes", "link_codes": "stays: it opens this board", "link_misses": "stays: counted over all boards",
		"seen": "goes", "drafts": "goes", "pictures": "goes", "playground_messages": "goes",
	}
	var tables []string
	err := storetest.New(t).Select(&tables, `
		select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'board_id'
		 where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range tables {
		if known[name] == "" {
			t.Errorf("%s: not thought of", name)
		}
	}
	for name := range known {
		if !slices.Contains(tables, name) {
			t.Errorf("%s: no such table", name)
		}
	}
}

// TestCarryRefusesStrangers hands Carry ids that are not what they say.
func TestCarryRefusesStrangers(t *testing.T) {
	t.Parallel()
	ctx, s := t.Context(), store.New(storetest.New(t))
	attach := func(ref string) bot.Workspace {
		w, err := s.AttachWorkspace(ctx, bot.Workspace{Ref: bot.WorkspaceRef{Platform: bot.Slack, Ref: ref}, Name: ref}, monday)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	a, b, c := attach("TA"), attach("TB"), attach("TC")
	carry := func(what bot.Carriage) error {
		return s.InTx(ctx, func(tx bot.Tx) error { return tx.Carry(ctx, what, monday) })
	}
	if err := carry(bot.Carriage{From: a.Board, To: b.Board, Workspaces: []bot.WorkspaceID{c.ID}}); err == nil {
		t.Error("a workspace of another board was carried")
	}
	if err := carry(bot.Carriage{From: a.Board, To: b.Board, Workspaces: []bot.WorkspaceID{a.ID}, Whole: true}); err != nil {
		t.Fatal(err)
	}
	if err := carry(bot.Carriage{From: c.Board, To: a.Board, Workspaces: []bot.WorkspaceID{c.ID}, Whole: true}); err == nil {
		t.Error("a workspace was carried to a board that nobody is on")
	}
	if err := carry(bot.Carriage{From: a.Board, To: c.Board, Workspaces: []bot.WorkspaceID{a.ID}, Whole: true}); err == nil {
		t.Error("a workspace was carried from where it is not any more")
	}
	if w, err := s.Workspace(ctx, c.Ref); err != nil || w.Board != c.Board {
		t.Errorf("C is on board %d: %v", w.Board, err)
	}
}

// TestCarryMany carries more than statistics of an empty board foresee, there and back,
// and says how long that took.
func TestCarryMany(t *testing.T) {
	t.Parallel()
	ctx, db := t.Context(), storetest.New(t)
	s := store.New(db)
	from, err := s.AttachWorkspace(ctx, bot.Workspace{Ref: bot.WorkspaceRef{Platform: bot.Slack, Ref: "TA"}, Name: "A"}, monday)
	if err != nil {
		t.Fatal(err)
	}
	to, err := s.AttachWorkspace(ctx, bot.Workspace{Ref: bot.WorkspaceRef{Platform: bot.Discord, Ref: "GB"}, Name: "B"}, monday)
	if err != nil {
		t.Fatal(err)
	}
	const items, people, each = 1_500, 300, 6
	must := func(sql string, args ...any) {
		t.Helper()
		if _, err := db.ExecContext(ctx, sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	must(`insert into people (board_id, created_at) select $1, $2 from generate_series(1, $3::int)`, from.Board, monday, people)
	must(`insert into members (board_id, workspace_id, account, person_id, own_person_id, audience, looked_up_at)
		select $1, $2, 'U' || person_id, person_id, person_id, 'team', $3 from people where board_id = $1`, from.Board, from.ID, monday)
	must(`insert into items (board_id, item_id, number, source_key, title, body, audience, root_id, author_id, asked_workspace, asked_channel, created_at, status_at)
		select $1, 1000000 + n, n, 'x' || n, 'Request ' || md5(n::text), md5(n::text) || ' ' || md5((n*7)::text), 'team', 1000000 + n,
		       (select min(member_id) from members where board_id = $1) + n % $4::int, $2, 'C1', $3, $3 from generate_series(1, $5::int) n`, from.Board, from.ID, monday, people, items)
	must(`insert into evidence (board_id, item_id, kind, member_id, quote, audience, workspace_id, channel_ref, created_at)
		select board_id, item_id, 'words', author_id, body, 'team', asked_workspace, 'C1', created_at from items where board_id = $1`, from.Board)
	must(`insert into history (board_id, item_id, member_id, act, at) select board_id, item_id, author_id, 'submitted', created_at from items where board_id = $1`, from.Board)
	must(`insert into posts (board_id, key, kind, workspace_id, channel_ref, message_ref, item_id, shown_version, created_at)
		select board_id, 'card:' || item_id, 'card', asked_workspace, 'C1', 'm' || item_id, item_id, 1, created_at from items where board_id = $1`, from.Board)
	must(`insert into ballots (board_id, item_id, member_id, place, supports, at)
		select i.board_id, i.item_id, (select min(member_id) from members where board_id = $1) + (i.number * 31 + k * 173) % $2::int, 'button', true, i.created_at
		  from items i cross join generate_series(1, $3::int) k where i.board_id = $1 on conflict do nothing`, from.Board, people, each)
	must(`update boards set next_number = $2 where board_id = $1`, from.Board, items+1)
	must(`analyze`)
	var ballots int
	if err := db.Get(&ballots, `select count(*) from ballots`); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	err = s.InTx(ctx, func(tx bot.Tx) error {
		return tx.Carry(ctx, bot.Carriage{From: from.Board, To: to.Board, Workspaces: []bot.WorkspaceID{from.ID}, Whole: true}, monday)
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d requests with %d votes carried in %s", items, ballots, time.Since(begin).Round(10*time.Millisecond))
	var got string
	if err := db.Get(&got, `select format('%s %s', count(*), sum(votes)) from items where board_id = $1`, to.Board); err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("%d %d", items, ballots); got != want {
		t.Errorf("arrived: %s, want %s", got, want)
	}
	begin = time.Now()
	err = s.InTx(ctx, func(tx bot.Tx) error {
		return tx.Carry(ctx, bot.Carriage{From: to.Board, To: from.Board, Workspaces: []bot.WorkspaceID{from.ID}}, monday)
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("and home in %s", time.Since(begin).Round(10*time.Millisecond))
}

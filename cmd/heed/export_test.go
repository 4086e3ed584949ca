package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"heed/bot"
	"heed/store"
	"heed/store/storetest"
)

// shelf is a database with a board, for the commands that read and write it.
type shelf struct {
	*testing.T
	env   []string
	db    *sqlx.DB
	store *store.Store
	acme  bot.Workspace
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	dsn := storetest.DSN(t)
	s := &shelf{T: t, env: []string{"DATABASE_URL=" + dsn}, db: storetest.Open(t, dsn)}
	s.store = store.New(s.db)
	s.acme = s.attach("acme", "Acme")
	return s
}

func (s *shelf) attach(ref, name string) bot.Workspace {
	s.Helper()
	w, err := s.store.AttachWorkspace(s.Context(), bot.Workspace{Ref: bot.WorkspaceRef{Platform: bot.Playground, Ref: ref}, Name: name}, tuesday)
	if err != nil {
		s.Fatal(err)
	}
	return w
}

func (s *shelf) sql(query string, args ...any) {
	s.Helper()
	if _, err := s.db.ExecContext(s.Context(), query, args...); err != nil {
		s.Fatal(err)
	}
}

// item adds an item, an hour after the one before it.
func (s *shelf) item(title, body string, tags ...string) bot.Item {
	s.Helper()
	var n int
	if err := s.db.Get(&n, `select count(*) from items`); err != nil {
		s.Fatal(err)
	}
	it, _, err := s.store.AddItem(s.Context(), bot.Item{
		Board: s.acme.Board, Title: title, Body: body, Status: bot.StatusNew, Audience: bot.Team, Tags: tags,
		CreatedAt: tuesday.Add(time.Duration(n) * time.Hour),
	}, fmt.Sprintf("test:%d", n))
	if err != nil {
		s.Fatal(err)
	}
	return it
}

// vote casts or takes back votes of accounts.
func (s *shelf) vote(it bot.Item, act bot.BallotAct, at time.Time, accounts ...string) {
	s.Helper()
	for _, a := range accounts {
		_, err := s.store.CastVotes(s.Context(), at, []bot.Ballot{{
			Workspace: s.acme.Ref, Account: a, Item: it.Number, Place: bot.PlaceButton, Act: act, At: at,
		}})
		if err != nil {
			s.Fatal(err)
		}
	}
}

// many adds items, the later ones with the smaller ids.
func (s *shelf) many(n int, body string) {
	s.Helper()
	s.sql(`insert into items (board_id, item_id, number, source_key, title, body, audience, root_id, created_at, status_at)
		select $1, 10000 - n, n, 'test:' || n, 'Wish ' || n, $4, 'team', 10000 - n, $2, $2 from generate_series(1, $3::integer) n`, s.acme.Board, tuesday, n, body)
}

// heed runs a command that must end well, and answers what it printed.
func (s *shelf) heed(args ...string) string {
	s.Helper()
	out, said, code := heed(s.T, s.env, args...)
	if code != exitOK {
		s.Fatalf("heed %v ended with %d:\n%s%s", args, code, out, said)
	}
	return out
}

// lived has one item of each kind: plain with a formula, merged, hidden, withdrawn.
func lived(t *testing.T) *shelf {
	t.Helper()
	s := newShelf(t)
	dark := s.item("=1+1 Dark mode", "=1+1 Dark mode, \"please\".\nMy eyes — עיניים 👁️‍🗨️", "comfort", "night")
	theme := s.item("Dark theme", "- at night")
	hidden, gone := s.item("Spam", "buy"), s.item("Gone", "never mind")
	csvs := s.item("CSV", "@here CSV")
	s.vote(dark, bot.Support, tuesday.Add(time.Minute), "rui", "mira")
	s.vote(theme, bot.Support, tuesday.Add(time.Minute), "omar", "mira")
	s.vote(hidden, bot.Support, tuesday.Add(time.Minute), "omar")
	s.vote(csvs, bot.Support, tuesday.Add(time.Minute), "rui")
	s.vote(csvs, bot.Retract, tuesday.Add(2*time.Minute), "rui")
	if err := s.store.InTx(t.Context(), func(tx bot.Tx) error {
		_, err := tx.LockItems(t.Context(), s.acme.Board, dark.ID, theme.ID)
		return errors.Join(err, tx.MergeItem(t.Context(), s.acme.Board, theme.ID, dark.ID, tuesday.Add(time.Hour)))
	}); err != nil {
		t.Fatal(err)
	}
	s.sql(`update items set hidden_at = $1, title = 'Hidden' where item_id = $2`, tuesday, hidden.ID)
	s.sql(`update items set gone_at = $1 where item_id = $2`, tuesday, gone.ID)
	s.sql(`update members set name = 'Rui' where account = 'rui'`)
	s.sql(`update items set author_id = (select member_id from members where account = 'rui'), status = 'planned' where item_id = $1`, dark.ID)
	s.sql(`insert into evidence (board_id, item_id, kind, quote, audience, permalink, created_at)
		values ($1, $2, 'same', 'so do I', 'team', 'https://acme.example/other', $3), ($1, $2, 'message', 'dark', 'team', 'https://acme.example/p1', $3)`,
		s.acme.Board, dark.ID, tuesday)
	s.sql(`insert into posts (board_id, key, kind, workspace_id, channel_ref, message_ref, permalink, item_id, created_at)
		values ($1, 'card:5', 'card', $2, 'C1', 'm5', 'https://acme.example/card5', $3, $4)`, s.acme.Board, s.acme.ID, csvs.ID, tuesday)
	return s
}

func TestExport(t *testing.T) {
	t.Parallel()

	t.Run("wrong_use_is_told_and_nothing_is_written", func(t *testing.T) {
		t.Parallel()
		s := newShelf(t)
		s.attach("other", "Umbrella")
		s.attach("twin", "Umbrella")
		for _, c := range []struct{ args, says string }{
			{"export", "items, votes or stories"},
			{"export people", "can't be exported"},
			{"export items votes", "not understood"},
			{"export items --board Acme --format xml", "csv or json"},
			{"export items", "2  Umbrella"},
			{"export items --board Initech", "1  Acme"},
			{"export items --board umbrella", "3  Umbrella"},
		} {
			out, said, code := heed(t, s.env, strings.Fields(c.args)...)
			if code != exitUse || out != "" || !strings.Contains(said, c.says) {
				t.Errorf("%s ended with %d:\n%s%s", c.args, code, out, said)
			}
		}
		if out := s.heed("export", "--board", "acme", "items"); out != "number,title,status,votes,author,created_at,tags,permalink,body\n" {
			t.Errorf("an empty board: %q", out)
		}
		if out := s.heed("export", "votes", "--board", "3", "--format", "json"); out != "[]\n" {
			t.Errorf("an empty board: %q", out)
		}
	})

	t.Run("no_board_and_no_schema_say_what_to_do", func(t *testing.T) {
		t.Parallel()
		for dsn, says := range map[string]string{storetest.DSN(t): "there is no board yet", storetest.Empty(t): "heed migrate"} {
			out, said, code := heed(t, []string{"DATABASE_URL=" + dsn}, "export", "items")
			if code != exitFailed || out != "" || !strings.Contains(said, says) {
				t.Errorf("ended with %d:\n%s%s", code, out, said)
			}
		}
	})

	t.Run("a_full_disk_fails_it", func(t *testing.T) {
		t.Parallel()
		s := lived(t)
		var said strings.Builder
		code := program{in: strings.NewReader(""), out: full{}, err: &said, environ: s.env}.run(t.Context(), []string{"export", "items"})
		if code != exitFailed || !strings.Contains(said.String(), "not whole") {
			t.Errorf("ended with %d: %s", code, said.String())
		}
	})

	t.Run("an_interrupted_one_fails", func(t *testing.T) {
		t.Parallel()
		s := newShelf(t)
		s.many(1001, strings.Repeat("long ", 100))
		ctx, cancel := context.WithCancel(t.Context())
		var said strings.Builder
		code := program{in: strings.NewReader(""), out: onWrite(cancel), err: &said, environ: s.env}.run(ctx, []string{"export", "items"})
		if code != exitFailed || !strings.Contains(said.String(), "not whole") {
			t.Errorf("ended with %d: %s", code, said.String())
		}
	})

	t.Run("items", func(t *testing.T) {
		t.Parallel()
		s := lived(t)
		want := `number,title,status,votes,author,created_at,tags,permalink,body
1,'=1+1 Dark mode,planned,3,Rui,2026-11-17T10:00:00Z,"comfort,night",https://acme.example/p1,"'=1+1 Dark mode, ""please"".
My eyes — עיניים 👁️‍🗨️"
2,Dark theme,merged,0,,2026-11-17T11:00:00Z,,,'- at night
5,CSV,new,0,,2026-11-17T14:00:00Z,,https://acme.example/card5,'@here CSV
`
		if out := s.heed("export", "items"); out != want {
			t.Errorf("got\n%s\nwant\n%s", out, want)
		}
		out := s.heed("export", "items", "--format=json")
		if first := strings.Split(out, "\n")[1]; first != `{"number":1,"title":"=1+1 Dark mode","status":"planned","votes":3,"author":"Rui","created_at":"2026-11-17T10:00:00Z",`+
			`"tags":["comfort","night"],"permalink":"https://acme.example/p1","body":"=1+1 Dark mode, \"please\".\nMy eyes — עיניים 👁️‍🗨️"},` {
			t.Errorf("got %s", first)
		}
		var all []map[string]any
		if err := json.Unmarshal([]byte(out), &all); err != nil || len(all) != 3 || len(all[2]["tags"].([]any)) != 0 {
			t.Errorf("%v in\n%s", err, out)
		}
	})

	t.Run("votes_are_as_many_as_the_items_count", func(t *testing.T) {
		t.Parallel()
		s := lived(t)
		rows, err := csv.NewReader(strings.NewReader(s.heed("export", "votes"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(rows[0], ","); got != "number,person,since,supports" {
			t.Errorf("columns: %s", got)
		}
		count := map[string]int{}
		for _, r := range rows[1:] {
			count[r[0]+" "+r[3]]++
		}
		if len(rows) != 5 || count["1 true"] != 3 || count["5 false"] != 1 {
			t.Errorf("got %v", rows)
		}
	})

	t.Run("stories", func(t *testing.T) {
		t.Parallel()
		s := lived(t)
		for i, st := range []bot.Story{
			{AsA: "customer", IWant: "dark mode", SoThat: "my eyes rest", Criteria: []string{"Given night", "-1 glare"}, Estimate: "3", Sprint: "W48", Rank: 20, Items: []bot.ItemID{1, 3}},
			{IWant: "no debt", Label: "tech debt", Rank: 10},
			{IWant: "dropped", Rank: 5, State: bot.StoryState("dropped")},
		} {
			st.Board, st.CreatedAt = s.acme.Board, tuesday
			if _, _, err := s.store.AddStory(t.Context(), st, fmt.Sprint("s", i)); err != nil {
				t.Fatal(err)
			}
		}
		s.sql(`update stories set state = 'dropped' where number = 3`)
		want := `number,state,position,as_a,i_want,so_that,criteria,estimate,sprint,label,items,created_at
1,open,2,customer,dark mode,my eyes rest,"Given night
-1 glare",3,W48,,1,2026-11-17T10:00:00Z
2,open,1,,no debt,,,,,tech debt,,2026-11-17T10:00:00Z
3,dropped,,,dropped,,,,,,,2026-11-17T10:00:00Z
`
		if out := s.heed("export", "stories"); out != want {
			t.Errorf("got\n%s\nwant\n%s", out, want)
		}
		if out := s.heed("export", "stories", "--format", "json"); !strings.Contains(out, `"position":null`) || !strings.Contains(out, `"criteria":["Given night","-1 glare"]`) {
			t.Errorf("got\n%s", out)
		}
	})

	t.Run("more_than_a_page_comes_once_and_in_order", func(t *testing.T) {
		t.Parallel()
		s := newShelf(t)
		s.many(1001, "please")
		s.sql(`insert into people (board_id, person_id, created_at) select $1, n, $2 from generate_series(100, 110) n`, s.acme.Board, tuesday)
		s.sql(`insert into votes (board_id, item_id, person_id, supports, since) select i.board_id, i.item_id, p.person_id, true, $1
			from items i cross join people p`, tuesday)
		rows, err := csv.NewReader(strings.NewReader(s.heed("export", "items"))).ReadAll()
		if err != nil || len(rows) != 1002 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		for n, r := range rows[1:] {
			if r[0] != fmt.Sprint(n+1) {
				t.Fatalf("row %d is #%s", n+1, r[0])
			}
		}
		seen := map[string]bool{}
		for _, line := range strings.Split(strings.TrimSpace(s.heed("export", "votes")), "\n") {
			seen[line] = true
		}
		if len(seen) != 1+1001*11 {
			t.Errorf("%d different lines", len(seen))
		}
	})
}

// full is a disk with no room left.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// onWrite is a writer that calls a function each time.
type onWrite func()

func (w onWrite) Write(p []byte) (int, error) {
	w()
	return len(p), nil
}

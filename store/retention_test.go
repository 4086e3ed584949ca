package store_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"heed/bot"
	"heed/store"
	"heed/store/storetest"
)

// everyKept are the kinds of rows that are deleted after a time.
var everyKept = []bot.Kept{
	bot.KeptActs, bot.KeptHeldWords, bot.KeptHeld, bot.KeptDrafts, bot.KeptPictures, bot.KeptLinkCodes, bot.KeptLinkMisses, bot.KeptLanes, bot.KeptShards,
	bot.KeptNotices, bot.KeptNotes, bot.KeptHistory, bot.KeptDigests, bot.KeptOpenMessages,
}

func TestPrune(t *testing.T) {
	t.Parallel()

	t.Run("old_rows_go_in_batches_and_the_rest_stays", func(t *testing.T) {
		t.Parallel()
		db := storetest.New(t)
		s := store.New(db)
		// Of each kind seven rows that are over, at 1 to 7 o'clock, and what must stay.
		for _, sql := range []string{
			`insert into boards (name, created_at) values ('Acme', '2026-01-01')`,
			`insert into workspaces (board_id, platform, ref, created_at) values (1, 'slack', 'T1', '2026-01-01')`,
			`insert into people (board_id, created_at) select 1, '2026-01-01' from generate_series(1, 9)`,
			`insert into members (board_id, workspace_id, account, person_id, own_person_id, audience) values (1, 1, 'URUI', 1, 1, 'team')`,
			`insert into items (board_id, number, source_key, title, body, audience, root_id, created_at, status_at) values (1, 1, 'a', 'Dark mode', 'Dark mode', 'team', 1, '2026-01-01', '2026-01-01')`,
			`insert into channels (board_id, workspace_id, channel_ref, audience) values (1, 1, 'C1', 'team'), (1, 1, 'C2', 'team')`,
			`insert into schedules (board_id, workspace_id, channel_ref, spec, zone, created_at) values (1, 1, 'C1', '0 9 * * 1', 'UTC', '2026-01-01'), (1, 1, 'C2', '0 9 * * 1', 'UTC', '2026-01-01')`,
			`insert into seen select 1, 'act:' || n, '2026-01-01'::timestamptz + n * interval '1 hour' from generate_series(1, 9) n`,
			`insert into drafts select 1, 1, 'URUI', n::text, '{}', '2026-01-01'::timestamptz + n * interval '1 hour' from generate_series(1, 9) n`,
			`insert into pictures (board_id, workspace_id, source_key, name, media_type, data, created_at)
			 select 1, 1, n::text, 'a.png', 'image/png', '', '2026-01-01'::timestamptz + n * interval '1 hour' from generate_series(1, 9) n`,
			`insert into link_codes (board_id, code_hash, kind, member_id, expires_at, created_at)
			 select 1, '', 'me', 1, '2026-01-01'::timestamptz + n * interval '1 hour', '2026-01-01' from generate_series(1, 9) n`,
			`insert into link_misses select 1, 1, 1, '2026-01-01'::timestamptz + n * interval '1 hour' from generate_series(1, 9) n`,
			`insert into lanes select 1, 1, 'c:' || n, '2026-01-01'::timestamptz + n * interval '1 hour' from generate_series(1, 9) n`,
			`insert into gateway_leases (app, shards, shard, holder, until) select 'heed', 9, n, 'a', '2026-01-01'::timestamptz + n * interval '1 hour' from generate_series(1, 9) n`,
			`insert into held (board_id, member_id, source_key, why, words, until_at, settled_at, created_at)
			 select 1, 1, 'held:' || n, 'review', 'words', '2026-01-01'::timestamptz + n * interval '1 hour', '2026-01-01'::timestamptz + n * interval '1 hour', '2026-01-01' from generate_series(1, 9) n`,
			`insert into held (board_id, member_id, source_key, why, words, until_at, created_at) values (1, 1, 'waits', 'review', 'words', '2026-01-01', '2026-01-01')`,
			`insert into notices (board_id, person_id, item_id, kind, due_at, post_id, created_at)
			 select 1, n, 1, 'shipped', '2026-01-01', 1, '2026-01-01'::timestamptz + n * interval '1 hour' from generate_series(1, 9) n`,
			`insert into notices (board_id, person_id, item_id, kind, due_at, created_at) values (1, 1, 1, 'declined', '2026-01-01', '2026-01-01')`, // not told yet
			`insert into posts (board_id, key, kind, workspace_id, created_at)
			 select 1, kind || ':' || n, kind, 1, '2026-01-01'::timestamptz + n * interval '1 hour' from generate_series(1, 9) n, unnest(array['note', 'digest']) kind`,
			`insert into posts (board_id, key, kind, workspace_id, item_id, due_at, created_at) values
			 (1, 'hello:1:C1', 'note', 1, null, null, '2026-01-01'), (1, 'captured:1', 'note', 1, null, null, '2026-01-01'), (1, 'card:1', 'card', 1, 1, null, '2026-01-01'),
			 (1, 'due', 'note', 1, null, '2026-01-01', '2026-01-01'), (1, 'mark:1', 'mark', 1, null, null, '2026-01-01'), (1, 'top', 'top', 1, null, null, '2026-01-01')`,
			`insert into history (board_id, item_id, act, at) select 1, 1, 'status', '2026-01-01'::timestamptz + n * interval '1 hour' from generate_series(1, 9) n`,
			`insert into digests (board_id, schedule_id, due_at, period, from_at, audience, state, created_at)
			 select 1, s, '2026-01-01'::timestamptz + n * interval '1 hour', '2026-W01', '2026-01-01', 'team', 'sent', '2026-01-01' from generate_series(1, 9) n, generate_series(1, 2) s where s = 1 or n = 1`,
		} {
			if _, err := db.Exec(sql); err != nil {
				t.Fatalf("%v: %s", err, sql)
			}
		}
		before := time.Date(2026, 1, 1, 7, 30, 0, 0, time.UTC)
		for _, what := range everyKept {
			var got []int
			for {
				n, err := s.Prune(t.Context(), what, before, 3)
				if err != nil {
					t.Fatalf("%s: %v", what, err)
				}
				got = append(got, n)
				if n < 3 {
					break
				}
			}
			want := "[3 3 1]"
			if what == bot.KeptLanes { // a walk to the end
				want = "[2]"
			}
			if fmt.Sprint(got) != want {
				t.Errorf("%s went by %v, want %s", what, got, want)
			}
		}
		for table, want := range map[string]int{
			"seen": 2, "drafts": 2, "pictures": 2, "link_codes": 2, "link_misses": 2, "lanes": 2, "gateway_leases": 2, "held": 3, "notices": 3, "history": 2,
			"posts": 2 + 2 + 6, "digests": 3, "items": 1, "members": 1, "schedules": 2,
		} {
			var n int
			if err := db.Get(&n, `select count(*) from `+table); err != nil || n != want {
				t.Errorf("%d %s stay, want %d (%v)", n, table, want, err)
			}
		}
		var left string
		if err := db.Get(&left, `select string_agg(key, ' ' order by key) from posts where kind not in ('digest') and key not like 'note:%'`); err != nil ||
			left != "captured:1 card:1 due hello:1:C1 mark:1 top" {
			t.Errorf("posts left: %s, %v", left, err)
		}
	})

	t.Run("nothing_that_grows_is_read_whole", func(t *testing.T) {
		t.Parallel()
		db := storetest.New(t)
		tx := db.MustBegin()
		t.Cleanup(func() { _ = tx.Rollback() })
		if _, err := tx.Exec(`set local enable_seqscan = off`); err != nil {
			t.Fatal(err)
		}
		for _, what := range everyKept {
			if what == bot.KeptShards { // a row a shard
				continue
			}
			for _, sql := range store.PruneStatements(what) {
				var plan []string
				args := []any{time.Now(), 500}
				if what == bot.KeptLanes {
					args = []any{0, 0, "", time.Now(), 500}
				}
				if err := tx.Select(&plan, `explain `+sql, args...); err != nil {
					t.Fatalf("%s: %v", what, err)
				}
				if all := strings.Join(plan, "\n"); strings.Contains(all, "Seq Scan") || !strings.Contains(all, "Index") {
					t.Errorf("%s:\n%s", what, all)
				}
			}
		}
	})

	t.Run("two_replicas_at_it_do_not_wait_for_each_other", func(t *testing.T) {
		t.Parallel()
		db := storetest.New(t)
		if _, err := db.Exec(`insert into boards (name, created_at) values ('Acme', '2026-01-01')`); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(`insert into seen select 1, 'act:' || n, '2026-01-01' from generate_series(1, 3000) n`); err != nil {
			t.Fatal(err)
		}
		one := db.MustBegin() // a replica that stopped in the middle of its batch
		if _, err := one.Exec(`delete from seen where ctid = any (array(select ctid from seen order by expires_at limit 500 for update skip locked))`); err != nil {
			t.Fatal(err)
		}
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				for n := 500; n == 500; {
					var err error
					if n, err = store.New(db).Prune(t.Context(), bot.KeptActs, time.Now(), 500); err != nil {
						t.Error(err)
					}
				}
			})
		}
		both.Wait()
		if err := one.Rollback(); err != nil {
			t.Fatal(err)
		}
		var left int
		if err := db.Get(&left, `select count(*) from seen`); err != nil || left != 500 {
			t.Errorf("%d are left of the batch that was rolled back, %v", left, err)
		}
	})
}

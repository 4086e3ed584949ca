package crowd

import (
	"fmt"
	"strings"
)

// step is a part of the filling. Its statements run two at a time, in any order.
type step struct {
	name       string
	statements []string
}

// How requests are worded: few words stand in many of them, as in any language.
const (
	vocabulary = 6000
	shorts     = 8192  // of two or three words; two make a title
	longs      = 16384 // of ten words; one makes a body
)

// steps are the filling, in order.
func steps(s Size) []step {
	return []step{
		{"words and boards", []string{words, boards(s)}},
		{"sentences and workspaces", []string{
			sentences("crowd_shorts", shorts, "2 + n % 2"),
			sentences("crowd_longs", longs, "10"),
			`insert into boards (board_id, name, next_number, created_at) select board_id, 'Crowd ' || board_id, items + 1, now() - interval '2 years' from crowd_boards`,
		}},
		{"people", []string{
			`insert into workspaces (board_id, platform, ref, name, created_at) select board_id, 'slack', 'TCROWD' || board_id, 'Crowd', now() - interval '2 years' from crowd_boards`,
			`insert into people (board_id, person_id, created_at) select board_id, first_person + n, now() - interval '2 years' from crowd_boards cross join lateral generate_series(0, people - 1) n`,
		}},
		{"members", []string{
			`insert into members (board_id, workspace_id, member_id, account, person_id, own_person_id, audience, name, looked_up_at)
			 select b.board_id, w.workspace_id, b.first_person + n, 'U' || n, b.first_person + n, b.first_person + n,
			        case when b.mixed and n % 2 = 0 then 'community' else 'team' end, 'Member ' || n, now()
			   from crowd_boards b join workspaces w using (board_id) cross join lateral generate_series(0, b.people - 1) n`,
			`insert into channels (board_id, workspace_id, channel_ref, name, audience, intake, member, customer)
			 select w.board_id, w.workspace_id, 'C' || n, 'requests-' || n, 'team', true, true, case when n = 3 then 'Globex' else '' end
			   from crowd_boards join workspaces w using (board_id) cross join generate_series(1, 3) n`,
		}},
		{"requests", []string{
			`analyze crowd_words, crowd_shorts, crowd_longs, crowd_boards, workspaces`,
			`insert into schedules (board_id, workspace_id, channel_ref, spec, zone, next_at, created_at)
			 select w.board_id, w.workspace_id, 'C1', '0 9 * * 1', 'UTC', now() + interval '3 days', now() from crowd_boards join workspaces w using (board_id)`,
			items(s, 1, s.Items/2), items(s, s.Items/2+1, s.Items),
		}},
		{"votes and quotes", []string{votes(0), votes(1),
			`insert into evidence (board_id, item_id, kind, member_id, quote, audience, workspace_id, channel_ref, message_ref, created_at)
			 select i.board_id, i.item_id, 'words', i.author_id, i.body, i.audience, i.asked_workspace, i.asked_channel, 'E' || i.item_id, i.created_at
			   from items i join crowd_boards using (board_id)`,
		}},
		{"ballots and cards", []string{
			`insert into ballots (board_id, item_id, member_id, place, supports, at)
			 select v.board_id, v.item_id, v.person_id, 'r:C1:P' || v.item_id || ':+1', true, v.since from votes v join crowd_boards using (board_id)`,
			`insert into posts (board_id, key, kind, workspace_id, channel_ref, message_ref, item_id, shown_version, created_at)
			 select i.board_id, 'card:' || i.item_id, 'card', i.asked_workspace, i.asked_channel, 'P' || i.item_id, i.item_id, 1, i.created_at
			   from items i join crowd_boards using (board_id)`,
			`insert into item_days (board_id, item_id, day, gained)
			 select v.board_id, v.item_id, (v.since at time zone 'UTC')::date, count(*) from votes v join crowd_boards using (board_id) group by 1, 2, 3`,
			`select setval(pg_get_serial_sequence('boards', 'board_id'), (select max(board_id) from boards)),
			        setval(pg_get_serial_sequence('people', 'person_id'), (select max(person_id) from people)),
			        setval(pg_get_serial_sequence('members', 'member_id'), (select max(member_id) from members)),
			        setval(pg_get_serial_sequence('items', 'item_id'), (select max(item_id) from items))`,
		}},
	}
}

// words is a vocabulary of made-up words, a few of them in other scripts.
var words = fmt.Sprintf(`
	create unlogged table crowd_words as
	select n, case when n %% 40 = 0
	            then (array['тёмная', 'экспорт', 'отчёт', 'カレンダー', 'بحث', '通知', 'größe', 'señal', 'búsqueda', 'réglages'])[1 + n / 40 %% 10] || case when n >= 400 then (n / 400)::text else '' end
	            else (array['ex', 'im', 're', 'un', 'pre', 'da', 'no', 'ca', 'ta', 'sy', 'fi', 'lo', 'ma', 'pro', 'in', 'se'])[1 + n %% 16] ||
	                 (array['port', 'mode', 'fil', 'cal', 'sync', 'dash', 'board', 'sear', 'tab', 'link', 'noti', 'chart', 'user', 'team', 'rol', 'view', 'gri'])[1 + n / 16 %% 17] ||
	                 (array['', 'er', 'ing', 's', 'ed', 'ly', 'able', 'ion', 'al', 'ic', 'ty', 'ment', 'or', 'ar', 'um', 'et', 'is', 'ox', 'ap', 'ub', 'ek', 'id', 'on'])[1 + n / 272 %% 23] end as word
	  from generate_series(0, %d) n;
	create unique index on crowd_words (n); analyze crowd_words`, vocabulary-1)

// sentences makes a table of texts, each of so many words: the n-th word of the
// vocabulary as often as 1/n.
func sentences(table string, n int, words string) string {
	return fmt.Sprintf(`
		create unlogged table %s as
		select n, (select string_agg(w.word, ' ' order by k)
		             from (select k, floor(%d ^ random())::int - 1 + 0 * n as x from generate_series(1, %s) k) p join crowd_words w on w.n = p.x) as text
		  from generate_series(0, %d) n`, table, vocabulary, words, n-1)
}

// boards makes a table of what each board is to hold. Ids of boards and people begin where
// others end.
func boards(s Size) string {
	return fmt.Sprintf(`
		create unlogged table crowd_boards as
		select b.top + n as board_id, n as nth, n > %[1]d as big, n %% 4 = 3 and n <= %[1]d as mixed, p.top + 1 + (n - 1) * %[3]d as first_person,
		       case when n > %[1]d then %[5]d else %[2]d end as items, case when n > %[1]d then %[6]d else %[3]d end as people,
		       case when n > %[1]d then %[7]d else %[4]d end as votes, i.top as last_item
		  from generate_series(1, %[1]d + 1) n,
		       (select coalesce(max(board_id), 0) as top from boards) b, (select coalesce(max(item_id), 0) as top from items) i,
		       (select greatest((select max(person_id) from people), (select max(member_id) from members), 0) as top) p`,
		s.Boards, s.Items, s.People, s.Votes, s.BigItems, s.BigPeople, s.BigVotes)
}

// items makes the items from a number to another, of all boards by turns, as they are
// asked in real life; of the big board as many more a turn. An item's rank by votes has
// nothing to do with its age: rank ^ -0.6 of the most votes are its.
func items(s Size, from, to int) string {
	per := max(s.BigItems/s.Items, 1)
	return strings.NewReplacer("FROM", fmt.Sprint(from), "TO", fmt.Sprint(to), "PER", fmt.Sprint(per), "TURN", fmt.Sprint(s.Boards+per),
		"SHORTS", fmt.Sprint(shorts-1), "LONGS", fmt.Sprint(longs-1)).Replace(`
		insert into items (board_id, item_id, number, source_key, title, body, status, audience, root_id, votes, author_id, triage,
		                   asked_workspace, asked_channel, created_at, status_at)
		select x.board_id, x.id, x.number, 'crowd:' || x.id, initcap(a.text) || ' ' || b.text, initcap(c.text) || '.',
		       (array['new', 'new', 'new', 'new', 'under_review', 'needs_info', 'planned', 'started', 'shipped', 'declined'])[1 + x.id * 31 % 97 % 10],
		       case when x.mixed and x.id % 2 = 0 then 'community' else 'team' end, x.id,
		       floor(x.votes / (x.number::bigint * 7919 % x.items + 1) ^ 0.6), x.first_person + x.id % x.people, x.id % 50 = 0,
		       w.workspace_id, 'C' || 1 + x.id % 3, x.at, now() - (now() - x.at) * (x.id % 17 / 17.0)
		  from (select y.*, y.last_item + (y.turn - 1) * TURN + y.place as id, now() - interval '730 days' * (1 - y.number::float / y.items) as at
		          from (select t as turn, case when b.big then (t - 1) * PER + j else t end as number, case when b.big then b.nth - 1 + j else b.nth end as place, b.*
		                  from generate_series(FROM, TO) t cross join crowd_boards b cross join lateral generate_series(1, case when b.big then PER else 1 end) j) y) x
		  join workspaces w on w.board_id = x.board_id
		  join crowd_shorts a on a.n = hashint8(x.id * 2) & SHORTS
		  join crowd_shorts b on b.n = hashint8(x.id * 2 + 1) & SHORTS
		  join crowd_longs c on c.n = hashint8(x.id * 3 + 7) & LONGS`)
}

// votes makes the votes of every other board, in the order in which they were cast: four
// on a day, on days of the item's whole life.
func votes(half int) string {
	return fmt.Sprintf(`
		insert into votes (board_id, item_id, person_id, supports, since)
		select b.board_id, i.item_id, b.first_person + (i.item_id * 7919 + j) %% b.people, true,
		       i.created_at + make_interval(days => ((j / 4 * 7919 + i.item_id) %% (extract(day from now() - i.created_at)::int + 1))::int) as since
		  from items i join crowd_boards b on b.board_id = i.board_id cross join lateral generate_series(0, i.votes - 1) j
		 where i.board_id %% 2 = %d
		 order by 5`, half)
}

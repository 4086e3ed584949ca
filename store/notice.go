package store

import (
	"context"
	"time"

	"github.com/lib/pq"

	"heed/bot"
)

// Notify keeps notices; see bot.NoticeStore.
func (q queries) Notify(ctx context.Context, b bot.BoardID, ns []bot.Notice, now time.Time) error {
	if len(ns) == 0 {
		return nil
	}
	people, items, subjects := make([]int64, len(ns)), make([]int64, len(ns)), make([]int64, len(ns))
	kinds, dues := make([]string, len(ns)), make([]time.Time, len(ns))
	for i, n := range ns {
		people[i], items[i], subjects[i], kinds[i], dues[i] = int64(n.Person), int64(n.Item), n.Subject, n.Kind, n.Due
	}
	_, err := q.exec(ctx, `
		insert into notices (board_id, person_id, item_id, kind, subject, due_at, created_at)
		select $1, n.person_id, n.item_id, n.kind, n.subject, n.due_at, $7
		  from unnest($2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::timestamptz[]) n (person_id, item_id, kind, subject, due_at)
		on conflict (board_id, person_id, kind, item_id, subject) do nothing`,
		b, pq.Array(people), pq.Array(items), pq.Array(kinds), pq.Array(subjects), pq.Array(dues), now)
	return err
}

// DropNotices takes back notices that no batch took; see bot.NoticeStore.
func (q queries) DropNotices(ctx context.Context, b bot.BoardID, kind string, subject int64, now time.Time) (int, error) {
	n, err := q.exec(ctx, `
		update notices set dropped_at = $4
		 where board_id = $1 and kind = $2 and subject = $3 and post_id is null and dropped_at is null`, b, kind, subject, now)
	return int(n), err
}

package store

import (
	"context"
	"fmt"
	"time"

	"heed/bot"
)

// digestLate is how long a schedule's time may have passed before it counts as late.
const digestLate = 5 * time.Minute

// Figures reads what the operator is shown of all boards; see bot.Figures. It looks at
// what is due alone (posts_due, schedules_due), so that it costs the same however much
// there is.
func (s *Store) Figures(ctx context.Context, now time.Time) (bot.Figures, error) {
	var f bot.Figures
	var posts []struct {
		Platform bot.Platform
		Waiting  int
		Age      float64
	}
	err := s.rows(ctx, &posts, `
		select w.platform, count(*) as waiting, extract(epoch from $1::timestamptz - min(p.due_at))::float8 as age
		  from posts p
		  join workspaces w on w.board_id = p.board_id and w.workspace_id = p.workspace_id and w.state = 'active'
		 where p.due_at <= $1 and p.gone_at is null
		 group by w.platform order by w.platform`, now)
	if err != nil {
		return f, fmt.Errorf("posts that wait: %w", err)
	}
	for _, p := range posts {
		f.Posts = append(f.Posts, bot.PostFigures{Platform: p.Platform, Waiting: p.Waiting, Age: time.Duration(p.Age * float64(time.Second))})
	}
	err = s.rows(ctx, &f.Workspaces, `
		select platform, count(*) as active, count(gap_since) as gaps from workspaces where state = 'active' group by platform order by platform`)
	if err != nil {
		return f, fmt.Errorf("workspaces: %w", err)
	}
	err = s.row(ctx, &f.DigestsLate, `select count(*) from schedules where next_at < $1`, now.Add(-digestLate))
	if err != nil {
		return f, fmt.Errorf("late digests: %w", err)
	}
	return f, nil
}

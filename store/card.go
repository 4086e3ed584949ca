package store

import (
	"context"
	"fmt"
	"time"

	"heed/bot"
)

// CardFacts reads what a card says besides its item; see bot.PostStore. Evidence counts
// over all items of the root: those that these readers may see, and not hidden ones.
func (q queries) CardFacts(ctx context.Context, b bot.BoardID, item bot.ItemID, audience bot.Audience, now time.Time) (bot.CardFacts, error) {
	var r struct {
		AskedBy   string `db:"asked_by"`
		AskedIn   string `db:"asked_in"`
		AskedRef  string `db:"asked_ref"`
		Quotes    int
		Original  string
		Week      int
		Root      int
		RootTitle string          `db:"root_title"`
		RootOpen  bool            `db:"root_open"`
		AskedAt   bot.WorkspaceID `db:"asked_workspace"`
	}
	err := q.row(ctx, &r, `
		select coalesce(case when open."all" or $3 = 'team' then m.name end, '') as asked_by,
		       coalesce(case when c.kind = 'public' and (c.audience = 'community' and c.customer = '' and open."all" or $3 = 'team') then c.name end, '') as asked_in,
		       coalesce(i.asked_workspace, 0) as asked_workspace,
		       i.asked_channel as asked_ref,
		       (select count(*)
		          from evidence e
		          join items x on x.board_id = e.board_id and x.item_id = e.item_id
		         where e.board_id = i.board_id and x.root_id = i.root_id and x.hidden_at is null and e.removed_at is null
		           and ($3 = 'team' or e.audience = 'community' and x.audience = 'community' and (x.shared_at is null or e.created_at > x.shared_at))
		           and e.evidence_id is distinct from first.evidence_id) as quotes,
		       coalesce(case when first.audience = 'community' and open."all" or $3 = 'team' then first.permalink end, '') as original,
		       (select coalesce(sum(d.gained), 0) from item_days d
		         where d.board_id = i.board_id and d.item_id = i.root_id and d.day > ($4::timestamptz at time zone 'UTC')::date - 7) as week,
		       root.number as root,
		       case when not root_seen.ok then '' when $3 = 'team' and root.team_title <> '' then root.team_title else root.title end as root_title, root_seen.ok as root_open
		  from items i
		  join items root on root.board_id = i.board_id and root.item_id = i.root_id
		 cross join lateral (select root.hidden_at is null and root.gone_at is null and (root.audience = 'community' or $3 = 'team')) root_seen (ok)
		  left join members m on m.board_id = i.board_id and m.member_id = i.author_id
		  left join channels c on c.board_id = i.board_id and c.workspace_id = i.asked_workspace and c.channel_ref = i.asked_channel
		  left join lateral (
		    select e.evidence_id, e.permalink, e.audience, e.workspace_id from evidence e
		     where e.board_id = i.board_id and e.item_id = i.item_id and e.removed_at is null and e.kind in ('words', 'message')
		     order by e.created_at, e.evidence_id limit 1) first on true
		 -- What was asked among the team names nobody to others, even where the request was opened to them.
		 cross join lateral (select i.shared_at is null and coalesce(first.audience, 'community') = 'community') open ("all")
		 where i.board_id = $1 and i.item_id = $2`, b, item, audience, now)
	if err != nil {
		return bot.CardFacts{}, fmt.Errorf("card facts: %w", err)
	}
	return bot.CardFacts{
		AskedBy: r.AskedBy, AskedIn: r.AskedIn, AskedRef: r.AskedRef, Quotes: r.Quotes, Original: r.Original,
		AskedAt: r.AskedAt, Week: r.Week, Root: r.Root, RootTitle: r.RootTitle, RootOpen: r.RootOpen,
	}, nil
}

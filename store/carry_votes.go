package store

import (
	"fmt"

	"github.com/lib/pq"

	"heed/bot"
)

// whose says which person a member was, on the board that a carriage goes to.
type whose struct {
	MemberID bot.MemberID `db:"member_id"`
	PersonID bot.PersonID `db:"person_id"`
}

// settleAtOnce is how many votes one statement derives.
const settleAtOnce = 5000

// votes derives, from the ballots that stand now, the votes on all that was carried, and
// those of people whose accounts were joined or parted by it. Votes that no ballot carries
// go.
func (c *carrier) votes() {
	var members, people []int64
	for _, w := range c.changed {
		members, people = append(members, int64(w.MemberID)), append(people, int64(w.PersonID))
	}
	if c.err != nil {
		return
	}
	var pairs []struct {
		Root   int64 `db:"root_id"`
		Person int64 `db:"person_id"`
	}
	c.err = c.rows(c.ctx, &pairs, `
		with touched as (
		  select distinct i.root_id from items s join items i on i.board_id = $1 and i.item_id = s.item_id where s.board_id = $2),
		was as (
		  select u.member_id, u.person_id from unnest($3::bigint[], $4::bigint[]) u (member_id, person_id)
		    join members m on m.board_id = $1 and m.member_id = u.member_id and m.person_id <> u.person_id)
		select i.root_id, m.person_id
		  from touched join items i on i.board_id = $1 and i.root_id = touched.root_id
		  join ballots b on b.board_id = $1 and b.item_id = i.item_id
		  join members m on m.board_id = $1 and m.member_id = b.member_id
		union
		select v.item_id, v.person_id from items s join votes v on v.board_id = $1 and v.item_id = s.item_id where s.board_id = $2
		union
		select v.item_id, v.person_id from touched join votes v on v.board_id = $1 and v.item_id = touched.root_id
		union
		select i.root_id, p.person_id
		  from was
		  join ballots b on b.board_id = $1 and b.member_id = was.member_id
		  join items i on i.board_id = $1 and i.item_id = b.item_id
		  join members m on m.board_id = $1 and m.member_id = was.member_id
		 cross join lateral (values (was.person_id), (m.person_id)) p (person_id)
		 order by 1, 2`, c.what.To, c.what.From, pq.Array(members), pq.Array(people))
	for round := 1; len(pairs) > 0 && c.err == nil; round++ {
		if round == 2 || round == 4 { // votes there were none of yet
			c.count("votes, item_days")
		}
		part := pairs[:min(settleAtOnce*min(round, 4)/4, len(pairs))]
		pairs = pairs[len(part):]
		roots, who := make([]int64, len(part)), make([]int64, len(part))
		for i, p := range part {
			roots[i], who[i] = p.Root, p.Person
		}

		_, c.err = c.exec(c.ctx, `
			select count(*) from settle_votes($4, (select array_agg($1::bigint) from unnest($2::bigint[])), $2::bigint[], $3::bigint[], array[$5::text])`,
			c.what.To, pq.Array(roots), pq.Array(who), c.now, bot.EventOf(c.ctx))
	}
	if c.err != nil {
		c.err = fmt.Errorf("carry votes: %w", c.err)
	}
}

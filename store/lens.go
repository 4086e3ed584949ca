package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"

	"heed/bot"
)

// errAgain ends a transaction that has to be run again: what it locked was not
// all that it needs.
var errAgain = errors.New("run the transaction again")

// MergeItem makes one item a part of another; see bot.VoteStore.
func (q queries) MergeItem(ctx context.Context, b bot.BoardID, from, into bot.ItemID, now time.Time) error {
	items, err := q.LockItems(ctx, b, from, into)
	if err != nil {
		return err
	}
	a, ok := items[from]
	z, found := items[into]
	if !ok || !found {
		return bot.ErrNotFound
	}
	if a.Into != 0 || z.Root == from {
		return bot.ErrMerged
	}
	if _, err := q.exec(ctx, `
		update items
		   set root_id = $4, merged_into = case when item_id = $2 then $3 else merged_into end
		 where board_id = $1 and root_id = $2`, b, from, into, z.Root); err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	if err := q.settleRoots(ctx, b, []int64{int64(from), int64(z.Root)}, now); err != nil {
		return err
	}
	return q.TouchItem(ctx, b, into, now)
}

// UnmergeItem makes a merged item its own again; see bot.VoteStore.
func (q queries) UnmergeItem(ctx context.Context, b bot.BoardID, item bot.ItemID, now time.Time) error {
	items, err := q.LockItems(ctx, b, item)
	if err != nil {
		return err
	}
	it, ok := items[item]
	if !ok {
		return bot.ErrNotFound
	}
	if it.Into == 0 {
		return bot.ErrMerged
	}
	if _, err := q.exec(ctx, `
		with recursive part as (
		  select $2::bigint as item_id
		  union
		  select i.item_id from items i join part on i.board_id = $1 and i.merged_into = part.item_id)
		update items i
		   set root_id = $2, merged_into = case when i.item_id = $2 then null else i.merged_into end
		  from part where i.board_id = $1 and i.item_id = part.item_id`, b, item); err != nil {
		return fmt.Errorf("unmerge: %w", err)
	}
	if err := q.settleRoots(ctx, b, []int64{int64(item), int64(it.Root)}, now); err != nil {
		return err
	}
	if err := q.TouchItem(ctx, b, item, now); err != nil {
		return err
	}
	return q.TouchItem(ctx, b, it.Root, now)
}

// settleRoots derives all votes of these locked roots, and of people who had one.
func (q queries) settleRoots(ctx context.Context, b bot.BoardID, roots []int64, now time.Time) error {
	_, err := q.exec(ctx, `
		with who as (
		  select person_id from votes where board_id = $1 and item_id = any($2::bigint[])
		  union
		  select m.person_id from items i
		    join ballots x on x.board_id = i.board_id and x.item_id = i.item_id
		    join members m on m.board_id = x.board_id and m.member_id = x.member_id
		   where i.board_id = $1 and i.root_id = any($2::bigint[])),
		pair as (
		  select array_agg($1::bigint) as boards, array_agg(root) as roots, array_agg(person_id) as people
		    from who cross join unnest($2::bigint[]) root)
		select count(*) from pair, settle_votes($3, pair.boards, pair.roots, pair.people, array[$4::text])`, b, pq.Array(roots), now, bot.EventOf(ctx))
	if err != nil {
		return fmt.Errorf("settle roots: %w", err)
	}
	return nil
}

// LinkMember moves a member to a person; see bot.VoteStore.
func (q queries) LinkMember(ctx context.Context, b bot.BoardID, m bot.MemberID, person bot.PersonID, now time.Time) error {
	return q.memberSettled(ctx, b, m, now, func() error {
		n, err := q.exec(ctx, `
			update members set person_id = case when $3::bigint = 0 then own_person_id else $3 end
			 where board_id = $1 and member_id = $2`, b, m, person)
		if err == nil && n == 0 {
			return bot.ErrNotFound
		}
		return err
	})
}

// RecountMember derives a member's votes anew; see bot.VoteStore.
func (q queries) RecountMember(ctx context.Context, b bot.BoardID, m bot.MemberID, now time.Time) error {
	return q.memberSettled(ctx, b, m, now, func() error { return nil })
}

// DropBallots forgets a member's facts; see bot.VoteStore.
func (q queries) DropBallots(ctx context.Context, b bot.BoardID, m bot.MemberID, now time.Time) error {
	return q.memberSettled(ctx, b, m, now, func() error {
		_, err := q.exec(ctx, `delete from ballots where board_id = $1 and member_id = $2`, b, m)
		return err
	})
}

// memberSettled runs change with the roots of all that the member voted on locked,
// then derives these roots' votes of the person before and the person after.
func (q queries) memberSettled(ctx context.Context, b bot.BoardID, m bot.MemberID, now time.Time, change func() error) error {
	roots, err := q.votedRoots(ctx, b, m)
	if err != nil {
		return err
	}
	if _, err := q.exec(ctx, `
		select from items where board_id = $1 and item_id = any($2::bigint[]) order by item_id for update`, b, pq.Array(roots)); err != nil {
		return fmt.Errorf("lock roots: %w", err)
	}
	var before int64
	if err := q.row(ctx, &before, `select person_id from members where board_id = $1 and member_id = $2 for update`, b, m); err != nil {
		return err
	}
	again, err := q.votedRoots(ctx, b, m)
	if err != nil {
		return err
	}
	for _, r := range again {
		if !contains(roots, r) {
			return errAgain // a first vote elsewhere, or a merge, came between
		}
	}
	if err := change(); err != nil {
		return err
	}
	_, err = q.exec(ctx, `
		with pair as (
		  select array_agg($1::bigint) as boards, array_agg(root) as roots, array_agg(person_id) as people
		    from unnest($3::bigint[]) root
		   cross join (select $2::bigint as person_id union select person_id from members where board_id = $1 and member_id = $4) who)
		select count(*) from pair, settle_votes($5, pair.boards, pair.roots, pair.people, array[$6::text])`, b, before, pq.Array(roots), m, now, bot.EventOf(ctx))
	if err != nil {
		return fmt.Errorf("settle member: %w", err)
	}
	return nil
}

// votedRoots are the roots of the items that a member has facts on.
func (q queries) votedRoots(ctx context.Context, b bot.BoardID, m bot.MemberID) ([]int64, error) {
	var roots []int64
	err := q.rows(ctx, &roots, `
		select distinct i.root_id from ballots x join items i on i.board_id = x.board_id and i.item_id = x.item_id
		 where x.board_id = $1 and x.member_id = $2 order by 1`, b, m)
	if err != nil {
		return nil, fmt.Errorf("voted roots: %w", err)
	}
	return roots, nil
}

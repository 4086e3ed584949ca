package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"heed/bot"
)

// ItemByKey finds an item by the act it came from.
func (q queries) ItemByKey(ctx context.Context, b bot.BoardID, key string) (bot.Item, error) {
	var r itemRow
	err := q.row(ctx, &r, `select `+itemColumns+` from items i where i.board_id = $1 and i.source_key = $2`+confirm, b, key)
	return r.item(), err
}

// LockMember locks a member's row.
func (q queries) LockMember(ctx context.Context, b bot.BoardID, m bot.MemberID) error {
	var id bot.MemberID
	return q.row(ctx, &id, `select member_id from members where board_id = $1 and member_id = $2 for no key update`, b, m)
}

// AsksSince counts what a person asked for; see bot.AskStore. A message that they
// saved counts as theirs, not as its author's; what was imported is nobody's asking.
func (q queries) AsksSince(ctx context.Context, b bot.BoardID, p bot.PersonID, since time.Time) (bot.Asked, error) {
	var r struct {
		Count int
		First sql.NullTime
		Last  sql.NullTime
	}
	err := q.row(ctx, &r, `
		select count(*) as count, min(a.at) as first, max(a.at) as last
		  from members m
		  join lateral (
		    select i.created_at as at from evidence e join items i on i.board_id = e.board_id and i.item_id = e.item_id
		     where e.board_id = m.board_id and e.member_id = m.member_id and e.kind = 'words' and i.created_at > $3
		       and i.source_key not like 'import:%'
		    union all
		    select i.created_at from evidence e join items i on i.board_id = e.board_id and i.item_id = e.item_id
		     where e.board_id = m.board_id and e.saved_by = m.member_id and i.created_at > $3
		    union all
		    select h.created_at from held h
		     where h.board_id = m.board_id and h.member_id = m.member_id and h.created_at > $3
		       and (h.settled_at is null and h.why = 'similar'
		            or h.why = 'review' and not h.data ? 'review' and (h.settled_at is null or h.item_id is null and h.words <> ''))) a on true
		 where m.board_id = $1 and m.person_id = $2`, b, p, since)
	return bot.Asked{Count: r.Count, First: r.First.Time, Last: r.Last.Time}, err
}

// BlockedUntil tells until when a person is blocked; see bot.AskStore.
func (q queries) BlockedUntil(ctx context.Context, b bot.BoardID, p bot.PersonID, now time.Time) (time.Time, error) {
	var until sql.NullTime
	err := q.row(ctx, &until, `
		select max(x.until_at) from blocks x join members m using (board_id, member_id)
		 where m.board_id = $1 and m.person_id = $2 and x.until_at > $3`, b, p, now)
	return until.Time, err
}

// OthersFor counts the other people who support a root item.
func (q queries) OthersFor(ctx context.Context, b bot.BoardID, root bot.ItemID, p bot.PersonID) (int, error) {
	var n int
	err := q.row(ctx, &n, `
		select i.votes - (select count(*) from votes v where v.board_id = $1 and v.item_id = $2 and v.person_id = $3 and v.supports)
		  from items i where i.board_id = $1 and i.item_id = $2 and i.root_id = i.item_id`, b, root, p)
	if errors.Is(err, bot.ErrNotFound) {
		return 0, nil
	}
	return n, err
}

// Forgotten tells whether an account asked to be forgotten; see bot.ForgetStore.
func (q queries) Forgotten(ctx context.Context, b bot.BoardID, hash []byte, at time.Time) (bool, error) {
	var yes bool
	err := q.row(ctx, &yes, `select exists (select from forgotten where board_id = $1 and account_hash = $2 and at >= $3)`, b, hash, at)
	if errors.Is(err, bot.ErrNotFound) {
		return false, nil
	}
	return yes, err
}

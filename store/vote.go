package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"

	"heed/bot"
)

// castRow is an answer of cast_votes.
type castRow struct {
	Ballot    int             `db:"o_ballot"` // whose it is, from 1
	Outcome   bot.CastOutcome `db:"o_outcome"`
	Board     bot.BoardID     `db:"o_board"`
	Member    bot.MemberID    `db:"o_member"`
	Item      bot.ItemID      `db:"o_item"`
	Number    int             `db:"o_number"`
	Title     string          `db:"o_title"`
	Status    bot.Status      `db:"o_status"`
	Supports  bool            `db:"o_supports"`
	Changed   bool            `db:"o_changed"`
	Votes     int             `db:"o_votes"`
	NewMember bool            `db:"o_new"`
	FirstVote bool            `db:"o_first"`
}

// CastVotes records ballots and commits them; see bot.VoteStore.
func (s *Store) CastVotes(ctx context.Context, now time.Time, ballots []bot.Ballot) ([]bot.Cast, error) {
	var out []bot.Cast
	err := retried(ctx, func() (err error) {
		out, err = s.queries.CastVotes(ctx, now, ballots)
		return err
	})
	return out, err
}

// CastVotes records ballots; see bot.VoteStore. It is one call of cast_votes, or
// several where one account has more than one ballot: each sees the one before.
func (q queries) CastVotes(ctx context.Context, now time.Time, ballots []bot.Ballot) ([]bot.Cast, error) {
	type account struct {
		workspace bot.WorkspaceRef
		account   string
	}
	out := make([]bot.Cast, 0, len(ballots))
	seen := map[account]bool{}
	from := 0
	for i, b := range ballots {
		who := account{b.Workspace, b.Account}
		if seen[who] {
			casts, err := q.castRound(ctx, now, ballots[from:i])
			if err != nil {
				return nil, err
			}
			out, from = append(out, casts...), i
			clear(seen)
		}
		seen[who] = true
	}
	casts, err := q.castRound(ctx, now, ballots[from:])
	if err != nil {
		return nil, err
	}
	return append(out, casts...), nil
}

// castRound records ballots of different accounts.
func (q queries) castRound(ctx context.Context, now time.Time, ballots []bot.Ballot) ([]bot.Cast, error) {
	n := len(ballots)
	if n == 0 {
		return nil, nil
	}
	platform, ref, account, audience := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	channel, message, emoji, place, act := make([]string, n), make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	hash, number, at := make([][]byte, n), make([]int64, n), make([]time.Time, n)
	fresh, reconcile, cause := make([]bool, n), make([]bool, n), make([]string, n)
	event := bot.EventOf(ctx)
	for i, b := range ballots {
		platform[i], ref[i], account[i], audience[i] = string(b.Workspace.Platform), b.Workspace.Ref, b.Account, string(b.Audience)
		channel[i], message[i], emoji[i], place[i], act[i] = b.Channel, b.Message, bot.BaseEmoji(b.Emoji), placeOf(b), string(b.Act)
		hash[i], number[i], at[i], fresh[i], reconcile[i] = b.Hash, int64(b.Item), b.At, b.Fresh, b.Reconcile
		if cause[i] = b.Event; b.Event == "" {
			cause[i] = event
		}
		if b.Audience == "" {
			audience[i] = string(bot.Community)
		}
		if hash[i] == nil {
			hash[i] = []byte{}
		}
	}
	var rs []castRow
	err := q.rows(ctx, &rs, `
		select o_ballot, o_outcome, o_board, o_member, o_item, o_number, o_title, o_status, o_supports, o_changed, o_votes, o_new, o_first
		  from cast_votes($1, $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::integer[], $8::text[], $9::text[],
		                  $10::text[], $11::text[], $12::text[], $13::timestamptz[], $14::boolean[], $15::boolean[], $16::text[])`,
		now, pq.Array(platform), pq.Array(ref), pq.Array(account), pq.Array(audience), pq.Array(hash), pq.Array(number), pq.Array(channel),
		pq.Array(message), pq.Array(emoji), pq.Array(place), pq.Array(act), pq.Array(at), pq.Array(fresh), pq.Array(reconcile), pq.Array(cause))
	if err != nil {
		return nil, fmt.Errorf("cast votes: %w", err)
	}
	if len(rs) != n {
		return nil, fmt.Errorf("cast votes: %d answers to %d ballots", len(rs), n)
	}
	out := make([]bot.Cast, n)
	for _, r := range rs {
		out[r.Ballot-1] = bot.Cast{
			Outcome: r.Outcome, Board: r.Board, Member: r.Member, Item: r.Item, Number: r.Number, Title: r.Title, Status: r.Status,
			Supports: r.Supports, Changed: r.Changed, Votes: r.Votes, NewMember: r.NewMember, FirstVote: r.FirstVote,
		}
	}
	return out, nil
}

// placeOf is the ballot's place as it is kept: a reaction's message and exact
// emoji, or the word for the other places.
func placeOf(b bot.Ballot) string {
	if b.Emoji == "" {
		return b.Place
	}
	return "r:" + b.Channel + ":" + b.Message + ":" + b.Emoji
}

// BallotsSince counts a member's ballots; it leans on ballots_member.
func (q queries) BallotsSince(ctx context.Context, b bot.BoardID, m bot.MemberID, since time.Time) (int, error) {
	var n int
	err := q.row(ctx, &n, `select count(*) from ballots where board_id = $1 and member_id = $2 and at >= $3`, b, m, since)
	return n, err
}

// CardAt tells whether a message is a card, or may be one that is under way; it leans on
// posts_message and posts_turn. One statement: between two the card could be kept.
func (q queries) CardAt(ctx context.Context, w bot.WorkspaceRef, channel, message string) (stands, underWay bool, err error) {
	var r struct {
		Stands bool
		Under  bool
	}
	err = q.row(ctx, &r, `
		select exists (
		         select from posts p
		          where p.board_id = w.board_id and p.workspace_id = w.workspace_id and p.channel_ref = $3 and p.message_ref = $4
		            and p.message_ref <> '' and p.kind = 'card') as stands,
		       exists (
		         select from posts p
		          where p.due_at is not null and p.gone_at is null and p.board_id = w.board_id and p.workspace_id = w.workspace_id and p.kind = 'card'
		            and p.method = 'm:post' and p.lane = 'c:' || $3 and p.lease_until > clock_timestamp()) as under
		  from workspaces w where w.platform = $1 and w.ref = $2`, w.Platform, w.Ref, channel, message)
	if errors.Is(err, bot.ErrNotFound) {
		return false, false, nil
	}
	return r.Stands, r.Under, err
}

// Follow keeps whether a member wants to hear of an item.
func (q queries) Follow(ctx context.Context, b bot.BoardID, m bot.MemberID, item bot.ItemID, follows bool, at time.Time) error {
	_, err := q.exec(ctx, `
		insert into follows as f (board_id, member_id, item_id, follows, at) values ($1, $2, $3, $4, $5)
		on conflict (board_id, member_id, item_id) do update set follows = excluded.follows, at = excluded.at where excluded.at >= f.at`,
		b, m, item, follows, at)
	return err
}

package store

import (
	"context"
	"fmt"
	"time"

	"heed/bot"
)

// PersonMembers lists a person's accounts.
func (q queries) PersonMembers(ctx context.Context, b bot.BoardID, p bot.PersonID) ([]bot.Member, error) {
	var rs []memberRow
	err := q.rows(ctx, &rs, `select `+memberColumns+` from members m where m.board_id = $1 and m.person_id = $2 order by m.member_id`, b, p)
	out := make([]bot.Member, len(rs))
	for i, r := range rs {
		out[i] = r.member()
	}
	return out, err
}

// ForgetMember removes a member; see bot.ForgetStore. Statements run in the order of
// the foreign keys. Grants, follows, mutes and blocks go with the row.
func (q queries) ForgetMember(ctx context.Context, b bot.BoardID, m bot.MemberID, hash []byte, now time.Time) error {
	for _, s := range []struct{ what, sql string }{
		{"words taken back", `
			update evidence e set quote = '', permalink = '', removed_at = coalesce(e.removed_at, i.gone_at)
			  from items i
			 where i.board_id = $1 and i.author_id = $2 and i.gone_at is not null and e.board_id = i.board_id and e.item_id = i.item_id`},
		{"requests taken back", `
			update items set title = 'Removed', body = '', team_title = '', team_body = '', team_reason = ''
			 where board_id = $1 and author_id = $2 and gone_at is not null`},
		{"items", `update items set author_id = null where board_id = $1 and author_id = $2`},
		{"status", `update items set status_by = null where board_id = $1 and status_by = $2`},
		{"hidden", `update items set hidden_by = null where board_id = $1 and hidden_by = $2`},
		{"quotes", `update evidence set member_id = null, permalink = '' where board_id = $1 and member_id = $2`},
		{"saved", `update evidence set saved_by = null where board_id = $1 and saved_by = $2`},
		{"history", `update history set member_id = null where board_id = $1 and member_id = $2`},
		{"held", `delete from held where board_id = $1 and member_id = $2`},
		{"decided", `update held set settled_by = null where board_id = $1 and settled_by = $2`},
		{"grants", `update grants set granted_by = null where board_id = $1 and granted_by = $2`},
		{"blocks", `update blocks set blocked_by = null where board_id = $1 and blocked_by = $2`},
		{"stories", `update stories set created_by = null where board_id = $1 and created_by = $2`},
		{"story versions", `update story_versions set edited_by = null where board_id = $1 and edited_by = $2`},
		{"announcements", `update announcements set shipped_by = null where board_id = $1 and shipped_by = $2`},
		{"schedules", `update schedules set created_by = null where board_id = $1 and created_by = $2`},
		{"drafts", `delete from drafts d using members m where m.board_id = $1 and m.member_id = $2 and d.board_id = m.board_id and d.workspace_id = m.workspace_id and d.account = m.account`},
		{"news", `delete from notices n using members m where m.board_id = $1 and m.member_id = $2 and n.board_id = m.board_id and n.person_id = m.person_id`},
	} {
		if _, err := q.exec(ctx, s.sql, b, m); err != nil {
			return fmt.Errorf("forget %s: %w", s.what, err)
		}
	}
	if _, err := q.exec(ctx, `
		update posts p set account = '', due_at = null, gone_at = coalesce(p.gone_at, $3)
		  from members m
		 where m.board_id = $1 and m.member_id = $2 and p.board_id = m.board_id and p.workspace_id = m.workspace_id
		   and p.account = m.account and p.account <> ''`, b, m, now); err != nil {
		return fmt.Errorf("forget posts: %w", err)
	}
	if _, err := q.exec(ctx, `
		insert into forgotten (board_id, account_hash, at) values ($1, $2, $3)
		on conflict (board_id, account_hash) do update set at = excluded.at`, b, hash, now); err != nil {
		return fmt.Errorf("forgotten: %w", err)
	}
	var own, person bot.PersonID
	if err := q.row(ctx, &own, `select own_person_id from members where board_id = $1 and member_id = $2`, b, m); err != nil {
		return fmt.Errorf("own person: %w", err)
	}
	if err := q.row(ctx, &person, `delete from members where board_id = $1 and member_id = $2 returning person_id`, b, m); err != nil {
		return fmt.Errorf("forget member: %w", err)
	}
	for _, p := range []bot.PersonID{own, person} {
		if _, err := q.exec(ctx, `
			delete from votes where board_id = $1 and person_id = $2
			   and not exists (select from members where board_id = $1 and person_id = $2)`, b, p); err != nil {
			return fmt.Errorf("forget votes: %w", err)
		}
		if _, err := q.exec(ctx, `
			delete from people where board_id = $1 and person_id = $2
			   and not exists (select from members where board_id = $1 and (person_id = $2 or own_person_id = $2))`, b, p); err != nil {
			return fmt.Errorf("forget person: %w", err)
		}
	}
	return nil
}

// WipeWords empties an item's text and removes its quotes.
func (q queries) WipeWords(ctx context.Context, b bot.BoardID, item bot.ItemID, now time.Time) error {
	if _, err := q.exec(ctx, `
		update items set title = 'Removed', body = '', team_title = '', team_body = '', team_reason = '' where board_id = $1 and item_id = $2`, b, item); err != nil {
		return fmt.Errorf("wipe item: %w", err)
	}
	if _, err := q.exec(ctx, `
		update evidence set quote = '', permalink = '', removed_at = coalesce(removed_at, $3) where board_id = $1 and item_id = $2`, b, item, now); err != nil {
		return fmt.Errorf("wipe quotes: %w", err)
	}
	if _, err := q.exec(ctx, `update held set `+wiped+` where board_id = $1 and item_id = $2 and settled_at is not null`, b, item); err != nil {
		return fmt.Errorf("wipe held words: %w", err)
	}
	if _, err := q.exec(ctx, `delete from pictures where board_id = $1 and item_id = $2`, b, item); err != nil {
		return fmt.Errorf("wipe pictures: %w", err)
	}
	_, err := q.exec(ctx, `update history set data = '{}' where board_id = $1 and item_id = $2`, b, item)
	return err
}

// VotesCast counts what is kept of a person's support.
func (q queries) VotesCast(ctx context.Context, b bot.BoardID, p bot.PersonID) (ballots, follows int, err error) {
	var r struct{ Ballots, Follows int }
	err = q.row(ctx, &r, `
		select (select count(*) from ballots x join members m using (board_id, member_id) where m.board_id = $1 and m.person_id = $2) as ballots,
		       (select count(*) from follows x join members m using (board_id, member_id) where m.board_id = $1 and m.person_id = $2) as follows`, b, p)
	return r.Ballots, r.Follows, err
}

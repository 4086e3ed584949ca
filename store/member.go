package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"heed/bot"
)

const memberColumns = `m.board_id, m.member_id, m.workspace_id, m.account, m.person_id, m.name, m.is_bot, m.is_admin, m.audience, m.zone,
	m.active, m.joined_at, m.looked_up_at, m.closed_at is not null as closed, m.closed_told,
	exists (select from mutes x where x.board_id = m.board_id and x.member_id = m.member_id) as muted`

type memberRow struct {
	BoardID     bot.BoardID     `db:"board_id"`
	MemberID    bot.MemberID    `db:"member_id"`
	WorkspaceID bot.WorkspaceID `db:"workspace_id"`
	Account     string
	PersonID    bot.PersonID `db:"person_id"`
	Name        string
	IsBot       bool `db:"is_bot"`
	IsAdmin     bool `db:"is_admin"`
	Audience    bot.Audience
	Zone        string
	Active      bool
	JoinedAt    sql.NullTime `db:"joined_at"`
	LookedUpAt  sql.NullTime `db:"looked_up_at"`
	Closed      bool
	ClosedTold  bool `db:"closed_told"`
	Muted       bool
}

func (r memberRow) member() bot.Member {
	return bot.Member{
		Board: r.BoardID, ID: r.MemberID, Workspace: r.WorkspaceID, Account: r.Account, Person: r.PersonID, Name: r.Name,
		Bot: r.IsBot, Admin: r.IsAdmin, Audience: r.Audience, Zone: r.Zone, Active: r.Active,
		JoinedAt: r.JoinedAt.Time, LookedUp: r.LookedUpAt.Valid, Muted: r.Muted, Closed: r.Closed, Told: r.ClosedTold,
	}
}

// Member reads a member.
func (q queries) Member(ctx context.Context, b bot.BoardID, id bot.MemberID) (bot.Member, error) {
	var r memberRow
	err := q.row(ctx, &r, `select `+memberColumns+` from members m where m.board_id = $1 and m.member_id = $2`, b, id)
	return r.member(), err
}

// MemberByAccount finds a member by the platform's account.
func (q queries) MemberByAccount(ctx context.Context, b bot.BoardID, w bot.WorkspaceID, account string) (bot.Member, error) {
	var r memberRow
	err := q.row(ctx, &r, `select `+memberColumns+` from members m where m.board_id = $1 and m.workspace_id = $2 and m.account = $3`, b, w, account)
	return r.member(), err
}

// MeetMember makes the account known; see bot.MemberStore.
func (q queries) MeetMember(ctx context.Context, b bot.BoardID, w bot.WorkspaceID, seen bot.MemberSeen, audience bot.Audience, now time.Time) (bot.Member, error) {
	update := func() (bot.Member, error) {
		var r memberRow
		err := q.row(ctx, &r, `
			update members m
			   set spoke_at = greatest(m.spoke_at, $4),
			       name = case when $5 = '' then m.name else $5 end,
			       zone = case when $7 and $6 <> '' then $6 else m.zone end,
			       is_admin = case when $7 then $8 else m.is_admin end,
			       is_bot = case when $7 then $9 else m.is_bot end,
			       active = case when $7 then not $10 else m.active end,
			       audience = case when $7 then $11 else m.audience end,
			       joined_at = coalesce($12, m.joined_at),
			       looked_up_at = case when $7 then greatest(m.looked_up_at, $4) else m.looked_up_at end
			 where m.board_id = $1 and m.workspace_id = $2 and m.account = $3
			returning `+memberColumns,
			b, w, seen.Account, now, seen.Name, seen.Zone, seen.Complete, seen.Admin, seen.Bot, seen.Gone, audience, nullTime(seen.JoinedAt))
		return r.member(), err
	}
	m, err := update()
	if !errors.Is(err, bot.ErrNotFound) {
		return m, err
	}
	if _, err := q.exec(ctx, `
		with human as (
		  insert into people (board_id, created_at)
		  select $1, $4 where not exists (select from members where board_id = $1 and workspace_id = $2 and account = $3)
		  returning person_id)
		insert into members (board_id, workspace_id, account, person_id, own_person_id, audience)
		select $1, $2, $3, person_id, person_id, $5 from human
		on conflict (board_id, workspace_id, account) do nothing`, b, w, seen.Account, now, audience); err != nil {
		return m, fmt.Errorf("new member: %w", err)
	}
	return update()
}

// platformAdmin tells of member m that its platform makes it an admin of the board.
// Discord does so only where the board is the community's alone: who runs a server that
// shares a board with a team's chat is not of that team, unless somebody says so.
const platformAdmin = ` (m.is_admin and m.active and (
	not exists (select from workspaces own where own.board_id = m.board_id and own.workspace_id = m.workspace_id and own.platform = 'discord')
	or not exists (select from workspaces other where other.board_id = m.board_id and other.platform <> 'discord'))) `

// RolesOf unites a person's roles; see bot.MemberStore.
func (q queries) RolesOf(ctx context.Context, b bot.BoardID, p bot.PersonID) (bot.RoleSet, error) {
	var names []string
	err := q.rows(ctx, &names, `
		with mine as (
		  select g.role from grants g join members m using (board_id, member_id)
		   where m.board_id = $1 and m.person_id = $2 and m.active
		  union
		  select 'admin' from members m where m.board_id = $1 and m.person_id = $2 and `+platformAdmin+`)
		select role from mine
		union
		select r.role from (values ('pm'), ('po')) r (role)
		 where exists (select from mine where role = 'admin')
		   and not exists (select from grants g join members m using (board_id, member_id)
		                    where g.board_id = $1 and g.role = r.role and m.active)
		 order by role`, b, p)
	out := make(bot.RoleSet, len(names))
	for i, n := range names {
		out[i] = bot.Role(n)
	}
	return out, err
}

// Holders lists who holds a role; see bot.MemberStore.
func (q queries) Holders(ctx context.Context, b bot.BoardID, r bot.Role) ([]bot.Member, error) {
	var rs []memberRow
	err := q.rows(ctx, &rs, `
		select distinct on (m.person_id) `+memberColumns+`
		  from members m
		 where m.board_id = $1 and m.active and not m.is_bot
		   and (exists (select from grants g where g.board_id = m.board_id and g.member_id = m.member_id and g.role = $2)
		        or $2 = 'admin' and `+platformAdmin+`)
		 order by m.person_id, m.spoke_at desc nulls last`, b, string(r))
	out := make([]bot.Member, len(rs))
	for i, r := range rs {
		out[i] = r.member()
	}
	return out, err
}

// Grant gives or takes a role.
func (q queries) Grant(ctx context.Context, b bot.BoardID, m bot.MemberID, r bot.Role, on bool, by bot.MemberID, now time.Time) error {
	if !on {
		_, err := q.exec(ctx, `delete from grants where board_id = $1 and member_id = $2 and role = $3`, b, m, string(r))
		return err
	}
	_, err := q.exec(ctx, `
		insert into grants (board_id, member_id, role, granted_by, at) values ($1, $2, $3, $4, $5)
		on conflict (board_id, member_id, role) do nothing`, b, m, string(r), null(by), now)
	return err
}

// null makes the zero id a null.
func null[T ~int64](id T) sql.NullInt64 { return sql.NullInt64{Int64: int64(id), Valid: id != 0} }

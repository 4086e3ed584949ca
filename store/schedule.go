package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/lib/pq"

	"heed/bot"
)

type scheduleRow struct {
	BoardID     bot.BoardID     `db:"board_id"`
	ScheduleID  bot.ScheduleID  `db:"schedule_id"`
	WorkspaceID bot.WorkspaceID `db:"workspace_id"`
	ChannelRef  string          `db:"channel_ref"`
	Spec        string
	Zone        string
	NextAt      sql.NullTime  `db:"next_at"`
	CreatedBy   sql.NullInt64 `db:"created_by"`
}

const scheduleColumns = `s.board_id, s.schedule_id, s.workspace_id, s.channel_ref, s.spec, s.zone, s.next_at, s.created_by`

func (r scheduleRow) schedule() bot.ChannelSchedule {
	return bot.ChannelSchedule{
		Board: r.BoardID, ID: r.ScheduleID, Workspace: r.WorkspaceID, Channel: r.ChannelRef, Spec: r.Spec, Zone: r.Zone,
		NextAt: r.NextAt.Time, CreatedBy: bot.MemberID(r.CreatedBy.Int64),
	}
}

func schedules(rs []scheduleRow) []bot.ChannelSchedule {
	out := make([]bot.ChannelSchedule, len(rs))
	for i, r := range rs {
		out[i] = r.schedule()
	}
	return out
}

// SaveSchedule gives a channel its schedule; see bot.DigestStore.
func (q queries) SaveSchedule(ctx context.Context, s bot.ChannelSchedule, now time.Time) (bot.ChannelSchedule, error) {
	var r scheduleRow
	err := q.row(ctx, &r, `
		insert into schedules as s (board_id, workspace_id, channel_ref, spec, zone, next_at, created_by, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (board_id, workspace_id, channel_ref) do update
		   set spec = $4, zone = $5, next_at = $6, created_by = coalesce($7, s.created_by)
		returning `+scheduleColumns,
		s.Board, s.Workspace, s.Channel, s.Spec, s.Zone, nullTime(s.NextAt), null(s.CreatedBy), now)
	return r.schedule(), err
}

// ScheduleOf reads a channel's schedule.
func (q queries) ScheduleOf(ctx context.Context, b bot.BoardID, w bot.WorkspaceID, channel string) (bot.ChannelSchedule, error) {
	var r scheduleRow
	err := q.row(ctx, &r, `select `+scheduleColumns+` from schedules s where s.board_id = $1 and s.workspace_id = $2 and s.channel_ref = $3`, b, w, channel)
	return r.schedule(), err
}

// Schedules lists a board's schedules.
func (q queries) Schedules(ctx context.Context, b bot.BoardID) ([]bot.ChannelSchedule, error) {
	var rs []scheduleRow
	err := q.rows(ctx, &rs, `select `+scheduleColumns+` from schedules s where s.board_id = $1 order by s.schedule_id`, b)
	return schedules(rs), err
}

// DueSchedules lists the schedules that are due, but for those of a workspace that is
// gone or a channel that is archived: they wait.
func (q queries) DueSchedules(ctx context.Context, now time.Time) ([]bot.ChannelSchedule, error) {
	var rs []scheduleRow
	err := q.rows(ctx, &rs, `
		select `+scheduleColumns+` from schedules s
		  join workspaces w on w.board_id = s.board_id and w.workspace_id = s.workspace_id and w.state = 'active'
		 where s.next_at <= $1
		   and not exists (select from channels c where c.board_id = s.board_id and c.workspace_id = s.workspace_id
		                      and c.channel_ref = s.channel_ref and c.state = 'archived')
		 order by s.next_at, s.schedule_id`, now)
	return schedules(rs), err
}

// LockSchedules locks schedules; see bot.DigestStore. In the order of their ids, so that
// two replicas never wait for each other.
func (q queries) LockSchedules(ctx context.Context, b bot.BoardID, ids []bot.ScheduleID) ([]bot.LockedSchedule, error) {
	keys := make([]int64, len(ids))
	for i, id := range ids {
		keys[i] = int64(id)
	}
	var rs []struct {
		scheduleRow
		Audience bot.Audience
		Platform bot.Platform
	}
	err := q.rows(ctx, &rs, `
		select `+scheduleColumns+`, c.audience, w.platform from schedules s
		  join workspaces w on w.board_id = s.board_id and w.workspace_id = s.workspace_id
		  join channels c on c.board_id = s.board_id and c.workspace_id = s.workspace_id and c.channel_ref = s.channel_ref
		 where s.board_id = $1::bigint and s.schedule_id = any($2::bigint[])
		 order by s.schedule_id for update of s`, b, pq.Array(keys))
	out := make([]bot.LockedSchedule, len(rs))
	for i, r := range rs {
		out[i] = bot.LockedSchedule{ChannelSchedule: r.schedule(), Audience: r.Audience, Platform: r.Platform}
	}
	return out, err
}

// SetNextRuns keeps when schedules are due next; see bot.DigestStore.
func (q queries) SetNextRuns(ctx context.Context, b bot.BoardID, next []bot.NextRun) error {
	var ids []int64
	var at []sql.NullTime
	for _, n := range next {
		ids, at = append(ids, int64(n.Schedule)), append(at, nullTime(n.At))
	}
	_, err := q.exec(ctx, `
		update schedules s set next_at = n.next_at from unnest($2::bigint[], $3::timestamptz[]) n (schedule_id, next_at)
		 where s.board_id = $1::bigint and s.schedule_id = n.schedule_id`, b, pq.Array(ids), pq.Array(at))
	return err
}

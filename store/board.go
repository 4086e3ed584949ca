package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/lib/pq"

	"heed/bot"
)

// Board reads a board.
func (q queries) Board(ctx context.Context, b bot.BoardID) (bot.Board, error) {
	var r struct {
		BoardID  bot.BoardID `db:"board_id"`
		Name     string
		Zone     string
		Settings string
	}
	if err := q.row(ctx, &r, `select board_id, name, zone, settings::text as settings from boards where board_id = $1`, b); err != nil {
		return bot.Board{}, fmt.Errorf("board: %w", err)
	}
	out := bot.Board{ID: r.BoardID, Name: r.Name, Zone: r.Zone}
	if err := json.Unmarshal([]byte(r.Settings), &out.Settings); err != nil {
		return out, fmt.Errorf("board settings: %w", err)
	}
	return out, nil
}

// leftMark parts the ref of a workspace from the board that it left, in the row that
// stays there: so it is no way in any more.
const leftMark = "@"

const workspaceColumns = `board_id, workspace_id, platform, ref, name, state, bot_account, scopes, welcomed_at, event_at, first_board, moved_at`

type workspaceRow struct {
	BoardID     bot.BoardID     `db:"board_id"`
	WorkspaceID bot.WorkspaceID `db:"workspace_id"`
	Platform    bot.Platform
	Ref         string
	Name        string
	State       string
	BotAccount  string `db:"bot_account"`
	Scopes      pq.StringArray
	WelcomedAt  sql.NullTime  `db:"welcomed_at"`
	EventAt     sql.NullTime  `db:"event_at"`
	FirstBoard  sql.NullInt64 `db:"first_board"`
	MovedAt     sql.NullTime  `db:"moved_at"`
}

func (r workspaceRow) workspace() bot.Workspace {
	if r.State == "left" {
		r.Ref, _, _ = strings.Cut(r.Ref, leftMark)
	}
	return bot.Workspace{
		Board: r.BoardID, ID: r.WorkspaceID, Ref: bot.WorkspaceRef{Platform: r.Platform, Ref: r.Ref}, Name: r.Name,
		Gone: r.State == "gone", BotAccount: r.BotAccount, Scopes: r.Scopes, WelcomedAt: r.WelcomedAt.Time, EventAt: r.EventAt.Time,
		Left: r.State == "left", FirstBoard: bot.BoardID(r.FirstBoard.Int64), MovedAt: r.MovedAt.Time,
	}
}

// Workspace finds a workspace by its platform's name.
func (q queries) Workspace(ctx context.Context, ref bot.WorkspaceRef) (bot.Workspace, error) {
	var r workspaceRow
	err := q.row(ctx, &r, `select `+workspaceColumns+` from workspaces where platform = $1 and ref = $2`, ref.Platform, ref.Ref)
	return r.workspace(), err
}

// WorkspaceByID reads a workspace of a board.
func (q queries) WorkspaceByID(ctx context.Context, b bot.BoardID, w bot.WorkspaceID) (bot.Workspace, error) {
	var r workspaceRow
	err := q.row(ctx, &r, `select `+workspaceColumns+` from workspaces where board_id = $1 and workspace_id = $2`, b, w)
	return r.workspace(), err
}

// Workspaces lists a board's workspaces, or all boards' with board 0.
func (q queries) Workspaces(ctx context.Context, b bot.BoardID) ([]bot.Workspace, error) {
	var rs []workspaceRow
	err := q.rows(ctx, &rs, `select `+workspaceColumns+` from workspaces where ($1::bigint = 0 or board_id = $1) and state <> 'left' order by board_id, workspace_id`, b)
	out := make([]bot.Workspace, len(rs))
	for i, r := range rs {
		out[i] = r.workspace()
	}
	return out, err
}

// AttachWorkspace makes the workspace known and active; see bot.BoardStore. Two
// callers at once make one board: the loser's board goes with its failed insert.
func (q queries) AttachWorkspace(ctx context.Context, w bot.Workspace, now time.Time) (bot.Workspace, error) {
	var r workspaceRow
	const update = `
		update workspaces
		   set state = 'active',
		       name = case when $3 = '' then name else $3 end,
		       bot_account = case when $4 = '' then bot_account else $4 end,
		       scopes = case when cardinality($5::text[]) = 0 then scopes else $5::text[] end
		 where platform = $1 and ref = $2
		returning ` + workspaceColumns
	args := []any{w.Ref.Platform, w.Ref.Ref, w.Name, w.BotAccount, pq.Array(append([]string{}, w.Scopes...))}
	err := q.row(ctx, &r, update, args...)
	if !errors.Is(err, bot.ErrNotFound) {
		return r.workspace(), err
	}
	err = q.row(ctx, &r, `
		with board as (
		  insert into boards (name, created_at)
		  select case when $3 = '' then $2 else $3 end, $6
		   where pg_advisory_xact_lock(hashtextextended($1 || ':' || $2, 0)) is not null
		     and not exists (select from workspaces where platform = $1 and ref = $2)
		  returning board_id)
		insert into workspaces (board_id, platform, ref, name, bot_account, scopes, created_at)
		select board_id, $1, $2, $3, $4, $5::text[], $6 from board
		on conflict (platform, ref) do nothing
		returning `+workspaceColumns, append(args, now)...)
	if errors.Is(err, bot.ErrNotFound) { // somebody else was first
		err = q.row(ctx, &r, update, args...)
	}
	return r.workspace(), err
}

const channelColumns = `board_id, workspace_id, channel_ref, name, kind, forum, audience, intake, intake_at, main_intake, announce, emoji, customer, review, saving, member, state`

type channelRow struct {
	BoardID     bot.BoardID     `db:"board_id"`
	WorkspaceID bot.WorkspaceID `db:"workspace_id"`
	ChannelRef  string          `db:"channel_ref"`
	Name        string
	Kind        bot.ChannelKind
	Forum       bool
	Audience    bot.Audience
	Intake      bool
	IntakeAt    sql.NullTime `db:"intake_at"`
	MainIntake  bool         `db:"main_intake"`
	Announce    bool
	Emoji       pq.StringArray
	Customer    string
	Review      bot.Review
	Saving      bot.Saving
	Member      bool
	State       string
}

func (r channelRow) channel() bot.Channel {
	return bot.Channel{
		Board: r.BoardID, Workspace: r.WorkspaceID, Ref: r.ChannelRef, Name: r.Name, Kind: r.Kind, Forum: r.Forum, Audience: r.Audience,
		Intake: r.Intake, IntakeAt: r.IntakeAt.Time, Main: r.MainIntake, Announce: r.Announce, Emoji: r.Emoji, Customer: r.Customer,
		Review: r.Review, Saving: r.Saving, Joined: r.Member, State: r.State,
	}
}

// Channel reads a channel.
func (q queries) Channel(ctx context.Context, b bot.BoardID, w bot.WorkspaceID, ref string) (bot.Channel, error) {
	var r channelRow
	err := q.row(ctx, &r, `select `+channelColumns+` from channels where board_id = $1 and workspace_id = $2 and channel_ref = $3`, b, w, ref)
	return r.channel(), err
}

// WorkspaceAndChannel reads both; see bot.BoardStore.
func (q queries) WorkspaceAndChannel(ctx context.Context, b bot.BoardID, w bot.WorkspaceID, ref string) (bot.Workspace, bot.Channel, error) {
	var r struct {
		Workspace workspaceRow `db:"w"`
		Channel   channelRow   `db:"c"`
	}
	err := q.row(ctx, &r, `
		select w.board_id as "w.board_id", w.workspace_id as "w.workspace_id", w.platform as "w.platform", w.ref as "w.ref", w.name as "w.name",
		       w.state as "w.state", w.bot_account as "w.bot_account", w.scopes as "w.scopes", w.welcomed_at as "w.welcomed_at", w.event_at as "w.event_at",
		       w.first_board as "w.first_board", w.moved_at as "w.moved_at",
		       w.board_id as "c.board_id", w.workspace_id as "c.workspace_id", coalesce(c.channel_ref, '') as "c.channel_ref", coalesce(c.name, '') as "c.name",
		       coalesce(c.kind, '') as "c.kind", coalesce(c.forum, false) as "c.forum", coalesce(c.audience, '') as "c.audience",
		       coalesce(c.intake, false) as "c.intake", c.intake_at as "c.intake_at", coalesce(c.main_intake, false) as "c.main_intake",
		       coalesce(c.announce, false) as "c.announce", c.emoji as "c.emoji", coalesce(c.customer, '') as "c.customer",
		       coalesce(c.review, '') as "c.review", coalesce(c.saving, '') as "c.saving", coalesce(c.member, false) as "c.member", coalesce(c.state, '') as "c.state"
		  from workspaces w
		  left join channels c on c.board_id = w.board_id and c.workspace_id = w.workspace_id and c.channel_ref = $3
		 where w.board_id = $1::bigint and w.workspace_id = $2::bigint`, b, w, ref)
	if err != nil {
		return bot.Workspace{}, bot.Channel{}, err
	}
	if r.Channel.ChannelRef == "" {
		return r.Workspace.workspace(), bot.Channel{}, nil
	}
	return r.Workspace.workspace(), r.Channel.channel(), nil
}

// MeetChannel makes the channel known; see bot.BoardStore. A channel that is known
// and unchanged is only read.
func (q queries) MeetChannel(ctx context.Context, b bot.BoardID, w bot.WorkspaceID, seen bot.ChannelSeen, audience bot.Audience) (bot.Channel, error) {
	known, err := q.Channel(ctx, b, w, seen.Ref)
	unchanged := (seen.Name == "" || seen.Name == known.Name) && (seen.Kind == "" || seen.Kind == known.Kind) &&
		(seen.Joined == nil || *seen.Joined == known.Joined) && (seen.Forum == nil || *seen.Forum == known.Forum)
	if err == nil && unchanged || err != nil && !errors.Is(err, bot.ErrNotFound) {
		return known, err
	}
	var r channelRow
	err = q.row(ctx, &r, `
		insert into channels as c (board_id, workspace_id, channel_ref, name, kind, audience, member, forum)
		values ($1, $2, $3, $4, case when $5 = '' then 'public' else $5 end, $6, coalesce($7::boolean, false), coalesce($8::boolean, false))
		on conflict (board_id, workspace_id, channel_ref) do update
		   set name = case when $4 = '' then c.name else $4 end,
		       kind = case when $5 = '' then c.kind else $5 end,
		       member = coalesce($7::boolean, c.member),
		       forum = coalesce($8::boolean, c.forum)
		returning `+channelColumns, b, w, seen.Ref, seen.Name, seen.Kind, audience, seen.Joined, seen.Forum)
	return r.channel(), err
}

// SaveChannel writes what was decided about a channel. Only one channel of a
// workspace is the main intake: the one before it stops being so.
func (q queries) SaveChannel(ctx context.Context, c bot.Channel) error {
	if c.Main {
		if _, err := q.exec(ctx, `
			update channels set main_intake = false
			 where board_id = $1 and workspace_id = $2 and main_intake and channel_ref <> $3`, c.Board, c.Workspace, c.Ref); err != nil {
			return fmt.Errorf("main intake: %w", err)
		}
	}
	n, err := q.exec(ctx, `
		update channels
		   set audience = $4, intake = $5, main_intake = $6, announce = $7, emoji = $8, customer = $9, member = $10, state = $11, review = $12, saving = $13,
		       intake_at = $14
		 where board_id = $1 and workspace_id = $2 and channel_ref = $3`,
		c.Board, c.Workspace, c.Ref, c.Audience, c.Intake, c.Main, c.Announce, pq.Array(c.Emoji), c.Customer, c.Joined, c.State, c.Review, c.Saving, nullTime(c.IntakeAt))
	if err == nil && n == 0 {
		return bot.ErrNotFound
	}
	return err
}

// Channels lists channels that are for something.
func (q queries) Channels(ctx context.Context, b bot.BoardID, w bot.WorkspaceID) ([]bot.Channel, error) {
	var rs []channelRow
	err := q.rows(ctx, &rs, `
		select `+channelColumns+` from channels
		 where board_id = $1 and ($2::bigint = 0 or workspace_id = $2) and (intake or announce or customer <> '')
		 order by workspace_id, channel_ref`, b, w)
	out := make([]bot.Channel, len(rs))
	for i, r := range rs {
		out[i] = r.channel()
	}
	return out, err
}

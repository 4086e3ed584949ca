package main

import (
	"context"
	"fmt"
	"time"

	"heed/adapters/slack/slackfake"
)

type (
	message = slackfake.Message
	channel = slackfake.Channel
	person  = slackfake.User
)

// snapshot is what the database holds and what the platform shows, read at one time by the
// harness's own SQL and eyes.
type snapshot struct {
	DatabaseWell bool // all the time, as far as the harness is concerned
	Lossy        bool // answers that can't be given where they belong go to a direct message

	Items     []itemRow
	Votes     []voteRow
	Places    []placeRow
	Held      []heldRow
	Posts     []postRow
	Digests   []digestRow
	Due       []dueDigest
	Waiting   []waitingRow
	Announced []announcedRow
	Shown     []shown
}

// itemRow is one request; Words is all that was said for it.
type itemRow struct {
	Board  int64
	Item   int64
	Root   int64
	Number int
	Team   string // where it was asked
	Author string
	Title  string
	Words  string
	Status string
	Votes  int
	Gained int // of its days
	Gone   bool
}

// voteRow is one person's account that supports an item now.
type voteRow struct {
	Board   int64
	Item    int64
	Team    string
	Account string
}

// placeRow is a message by which people vote for an item.
type placeRow struct {
	Board   int64
	Item    int64
	Team    string
	Channel string
	Message string
}

type heldRow struct {
	Board int64
	Words string
}

type postRow struct {
	Board   int64
	Post    int64
	Kind    string
	Team    string
	Channel string
	Thread  string
	Message string
	Item    int64
	Gone    bool
	Fault   string
}

type digestRow struct {
	Board    int64
	Schedule int64
	Due      time.Time
	State    string
	Team     string
	Channel  string
}

// waitingRow is news for a person that waits for its day.
type waitingRow struct {
	Board   int64
	Item    int64
	Team    string
	Account string
}

type announcedRow struct {
	Board int64
	Item  int64
	How   string
}

// shown is one message of Heed's that stands on the platform.
type shown struct {
	Team, Channel, Thread, TS, Text string
	Direct                          bool
	User                            string // of a direct one
}

// look reads everything.
func (w *world) look(ctx context.Context) (s snapshot, err error) {
	for _, q := range []struct {
		into any
		sql  string
	}{
		{&s.Items, `
			select i.board_id as board, i.item_id as item, i.root_id as root, i.number, coalesce(w.ref, '') as team, coalesce(m.account, '') as author,
			       i.title, i.title || ' ' || i.body || ' ' || coalesce((select string_agg(e.quote, ' ') from evidence e where e.board_id = i.board_id and e.item_id = i.item_id), '') as words,
			       i.status, i.votes,
			       coalesce((select sum(d.gained) from item_days d where d.board_id = i.board_id and d.item_id = i.item_id), 0)::int as gained,
			       i.gone_at is not null or i.hidden_at is not null as gone
			  from items i
			  left join workspaces w on w.board_id = i.board_id and w.workspace_id = i.asked_workspace
			  left join members m on m.board_id = i.board_id and m.member_id = i.author_id`},
		{&s.Votes, `
			select v.board_id as board, v.item_id as item, w.ref as team, m.account
			  from votes v
			  join members m on m.board_id = v.board_id and m.person_id = v.person_id
			  join workspaces w on w.board_id = m.board_id and w.workspace_id = m.workspace_id
			 where v.supports`},
		{&s.Places, `
			select p.board_id as board, i.root_id as item, w.ref as team, p.channel_ref as channel, p.message_ref as message
			  from posts p
			  join items i on i.board_id = p.board_id and i.item_id = p.item_id
			  join workspaces w on w.board_id = p.board_id and w.workspace_id = p.workspace_id
			 where p.kind = 'card' and p.message_ref <> ''
			union all
			select e.board_id, i.root_id, w.ref, e.channel_ref, e.message_ref
			  from evidence e
			  join items i on i.board_id = e.board_id and i.item_id = e.item_id
			  join workspaces w on w.board_id = e.board_id and w.workspace_id = e.workspace_id
			 where e.message_ref <> '' and e.removed_at is null`},
		{&s.Held, `select board_id as board, words from held where settled_at is null`},
		{&s.Posts, `
			select p.board_id as board, p.post_id as post, p.kind, w.ref as team, p.channel_ref as channel, p.thread_ref as thread, p.message_ref as message,
			       coalesce(p.item_id, 0) as item, p.gone_at is not null as gone, p.fault
			  from posts p join workspaces w on w.board_id = p.board_id and w.workspace_id = p.workspace_id`},
		{&s.Digests, `
			select d.board_id as board, d.schedule_id as schedule, d.due_at as due, d.state, w.ref as team, c.channel_ref as channel
			  from digests d
			  join schedules c on c.board_id = d.board_id and c.schedule_id = d.schedule_id
			  join workspaces w on w.board_id = c.board_id and w.workspace_id = c.workspace_id`},
		{&s.Waiting, `
			select n.board_id as board, n.item_id as item, w.ref as team, m.account
			  from notices n
			  join members m on m.board_id = n.board_id and m.person_id = n.person_id
			  join workspaces w on w.board_id = m.board_id and w.workspace_id = m.workspace_id
			 where n.kind = 'shipped' and n.post_id is null and n.dropped_at is null and n.due_at > now()`},
		{&s.Announced, `select board_id as board, item_id as item, how from announcements where undone_at is null`},
	} {
		if err := w.db.SelectContext(ctx, q.into, q.sql); err != nil {
			return s, fmt.Errorf("look: %w", err)
		}
	}
	s.Shown, s.DatabaseWell, s.Lossy, s.Due = w.shown(), w.wellKept, w.lossy, w.due.list()
	return s, nil
}

// shown is what Heed has on the platform.
func (w *world) shown() []shown {
	var out []shown
	for _, t := range w.teams {
		add := func(to, of string, from ...message) {
			for _, m := range from {
				if m.ByApp {
					out = append(out, shown{Team: t.ID, Channel: of, Thread: m.ThreadTS, TS: m.TS, Text: m.String(), Direct: to != "", User: to})
				}
			}
		}
		for _, ch := range []*channel{t.support, t.requests, t.inside, t.all} {
			for _, m := range w.slack.Messages(ch) {
				add("", ch.ID(), m)
				if m.ThreadTS != "" {
					add("", ch.ID(), w.slack.Thread(m)...)
				}
			}
		}
		for _, u := range append([]*person{t.zoe, t.ana, t.ben}, t.members...) {
			add(u.ID, u.DM().ID(), w.slack.DMs(u)...)
		}
	}
	return out
}

// replies are what Heed answered by response_url, by the last part of the address, and
// what it showed to one person alone, by toPerson.
func (w *world) replies() map[string][]string {
	out := map[string][]string{}
	for _, c := range w.slack.Calls("chat.postEphemeral") {
		to := toPerson(c.Team, c.Args["user"])
		out[to] = append(out[to], c.Args["text"])
	}
	for _, c := range w.slack.Calls("response_url") {
		if c.OK {
			out[c.Args["hook"]] = append(out[c.Args["hook"]], saidIn([]byte(c.Args["body"])))
		}
	}
	return out
}

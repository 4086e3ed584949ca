package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/lib/pq"

	"heed/adapters/slack/slackfake"
	"heed/bot"
	"heed/store"
)

// peopled says what a world holds: so many boards of one workspace each, alike.
type peopled struct {
	boards   int
	items    int  // a board
	members  int  // a board, all known to heed
	votes    int  // a board, spread over its items so that few have many
	cards    bool // every item has a card in Slack
	channels int  // a board, besides the intake; for digests
	young    bool // Postgres has not looked at the tables yet, as in the first minute
}

// populate makes the boards, in Slack and in the database.
func (w *world) populate(ctx context.Context, p peopled) error {
	key, err := bot.SealingKey(notSecret)
	if err != nil {
		return err
	}
	s := store.New(w.db)
	var boards, workspaces []int64
	var refs []string
	var channelBoards, channelWorkspaces []int64
	var channels []string
	for i := range p.boards {
		team := w.slack.AddTeam(fmt.Sprintf("acme-%d", i+1))
		token := team.Install()
		intake := team.AddChannel("requests", team.Bot())
		ref := bot.WorkspaceRef{Platform: bot.Slack, Ref: team.ID}
		at, err := s.AttachWorkspace(ctx, bot.Workspace{Ref: ref, Name: team.Name(), BotAccount: team.Bot().ID, Scopes: slackfake.DefaultScopes}, time.Now())
		if err != nil {
			return fmt.Errorf("attach: %w", err)
		}
		sealed, err := bot.Seal(key, []byte(token), bot.SealedToken(ref))
		if err != nil {
			return err
		}
		if err := s.KeepSealedToken(ctx, at, sealed); err != nil {
			return fmt.Errorf("token: %w", err)
		}
		w.places = append(w.places, &place{team: team, board: at.Board, workspace: at.ID})
		boards, workspaces, refs = append(boards, int64(at.Board)), append(workspaces, int64(at.ID)), append(refs, intake.ID())
		for n := range p.channels {
			channelBoards, channelWorkspaces = append(channelBoards, int64(at.Board)), append(channelWorkspaces, int64(at.ID))
			channels = append(channels, team.AddChannel(fmt.Sprintf("digest-%d", n+1), team.Bot()).ID())
		}
	}
	if err := w.exec(ctx, []any{pq.Array(boards), pq.Array(workspaces), pq.Array(refs)},
		`insert into channels (board_id, workspace_id, channel_ref, name, audience, intake, intake_at, main_intake, member)
		 select b, w, c, 'requests', 'team', true, now(), true, true from unnest($1::bigint[], $2::bigint[], $3::text[]) u (b, w, c)`,
		`update workspaces set welcomed_at = now() where $1::bigint[] is not null and $2::bigint[] is not null and $3::text[] is not null`); err != nil {
		return err
	}
	if err := w.exec(ctx, []any{pq.Array(channelBoards), pq.Array(channelWorkspaces), pq.Array(channels)},
		`insert into channels (board_id, workspace_id, channel_ref, name, audience, member)
		 select b, w, c, 'digest', 'team', true from unnest($1::bigint[], $2::bigint[], $3::text[]) u (b, w, c)`); err != nil {
		return err
	}
	if err := w.people(ctx, boards, workspaces, p.members); err != nil {
		return err
	}
	if err := w.items(ctx, boards, p); err != nil {
		return err
	}
	if p.cards {
		if err := w.cards(ctx, refs, p); err != nil {
			return err
		}
	}
	if p.young {
		return nil
	}
	return w.exec(ctx, nil, `analyze`)
}

// people makes the members of each board; of board b the n-th has the ids b * 1,000,000 + n.
func (w *world) people(ctx context.Context, boards, workspaces []int64, n int) error {
	return w.exec(ctx, []any{pq.Array(boards), pq.Array(workspaces), n},
		`insert into people (board_id, person_id, created_at)
		 select b, b * 1000000 + n, now() from unnest($1::bigint[], $2::bigint[]) u (b, w) cross join generate_series(1, $3::bigint) n`,
		`insert into members (board_id, workspace_id, member_id, account, person_id, own_person_id, audience, name, zone, looked_up_at)
		 select b, w, b * 1000000 + n, 'U' || n, b * 1000000 + n, b * 1000000 + n, 'team', 'Member ' || n, 'Europe/Berlin', now()
		   from unnest($1::bigint[], $2::bigint[]) u (b, w) cross join generate_series(1, $3::bigint) n`)
}

// wishes are the words that titles are made of.
const wishes = `array['dark mode', 'export to CSV', 'faster search', 'keyboard shortcuts', 'a calendar view', 'single sign-on', 'offline drafts', 'better filters', 'an audit log', 'webhooks']`

// items makes the items of each board, with the votes that stand from before; of board b
// the n-th has the id b * 1,000,000 + n.
func (w *world) items(ctx context.Context, boards []int64, p peopled) error {
	err := w.exec(ctx, []any{pq.Array(boards), p.items},
		`insert into items (board_id, item_id, number, source_key, title, body, status, audience, root_id, author_id, created_at, status_at)
		 select b, b * 1000000 + n, n, 'bench:' || n, initcap((`+wishes+`)[1 + n % 10]) || ' for ' || (`+wishes+`)[1 + (n / 10) % 10] || ' ' || n,
		        'We need this every week, please.', (array['new', 'new', 'under_review', 'planned', 'started'])[1 + n % 5], 'team', b * 1000000 + n,
		        b * 1000000 + 1, now() - make_interval(hours => n * 7 % 400), now() - interval '1 hour'
		   from unnest($1::bigint[]) u (b) cross join generate_series(1, $2::integer) n`,
		`insert into evidence (board_id, item_id, kind, member_id, quote, audience, created_at)
		 select board_id, item_id, 'words', author_id, title || ': it takes us hours every week to do this by hand, please.', 'team', created_at
		   from items where $1::bigint[] is not null and $2::integer > 0`,
		`update boards set next_number = $2::integer + 1 where board_id = any ($1::bigint[])`)
	if err != nil || p.votes == 0 {
		return err
	}
	return w.exec(ctx, []any{pq.Array(boards), p.items, p.members, p.votes},
		`insert into votes (board_id, item_id, person_id, supports, since)
		 select b, b * 1000000 + 1 + (n % ($2::integer)) * (n % 7) / 7, b * 1000000 + $3::integer - n / 7 % ($3::integer / 2), true, now() - make_interval(hours => n % 300)
		   from unnest($1::bigint[]) u (b) cross join generate_series(1, $4::integer) n
		 on conflict do nothing`,
		`insert into ballots (board_id, item_id, member_id, place, supports, at)
		 select board_id, item_id, person_id, 'button', true, since from votes where $1::bigint[] is not null and $2::integer + $3::integer + $4::integer > 0`,
		`update items i set votes = v.votes from (select board_id, item_id, count(*) as votes from votes group by 1, 2) v
		  where v.board_id = i.board_id and v.item_id = i.item_id and $1::bigint[] is not null and $2::integer + $3::integer + $4::integer > 0`)
}

// cards posts a card for each item in its board's intake, with the tokens of heed but
// without it, and has them known: heed did so long ago.
func (w *world) cards(ctx context.Context, channels []string, p peopled) error {
	var boards, workspaces, items []int64
	var refs, messages []string
	for i, at := range w.places {
		for n := range p.items {
			ts, err := w.post(ctx, at.team.Token(), channels[i], fmt.Sprintf("Request %d", n+1))
			if err != nil {
				return err
			}
			item := int64(at.board)*1_000_000 + int64(n) + 1
			at.cards = append(at.cards, card{bot.ItemID(item), channels[i], ts})
			boards, workspaces, items = append(boards, int64(at.board)), append(workspaces, int64(at.workspace)), append(items, item)
			refs, messages = append(refs, channels[i]), append(messages, ts)
		}
	}
	return w.exec(ctx, []any{pq.Array(boards), pq.Array(workspaces), pq.Array(items), pq.Array(refs), pq.Array(messages)},
		`insert into posts (board_id, key, kind, workspace_id, channel_ref, message_ref, item_id, shown_version, created_at)
		 select b, 'card:' || i || ':' || w || ':' || c, 'card', w, c, m, i, 1, now()
		   from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[]) u (b, w, i, c, m)`)
}

// post posts a message as Slack's Web API takes it, and answers where it stands.
func (w *world) post(ctx context.Context, token, channel, text string) (string, error) {
	form := url.Values{"channel": {channel}, "text": {text}}.Encode()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.slack.APIURL()+"chat.postMessage", strings.NewReader(form))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer func() { _ = res.Body.Close() }()
	var said struct {
		OK    bool
		Error string
		TS    string
	}
	if err := json.NewDecoder(res.Body).Decode(&said); err != nil || !said.OK {
		return "", fmt.Errorf("chat.postMessage: %s %w", said.Error, err)
	}
	return said.TS, nil
}

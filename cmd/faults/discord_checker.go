package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"heed/adapters/discord/discordfake"
)

// receipts are what somebody was told about a wish.
func (g *guild) receipts(token string, who *discordfake.User) (saved bool) {
	for _, m := range append(g.discord.Ephemerals(who), g.discord.DMs(who)...) {
		if text := m.String(); strings.Contains(text, token) && strings.Contains(text, "Saved as") {
			return true
		}
	}
	return false
}

// saved is how many wishes Heed said to have saved.
func (g *guild) saved() (n int) {
	for token, who := range g.asked {
		if g.receipts(token, who) {
			n++
		}
	}
	return n
}

// wrong is what differs between the chat and the database.
func (g *guild) wrong(ctx context.Context) ([]string, error) {
	var rows []struct{ Title, Status, Message, Author, Voters string }
	if err := g.db.SelectContext(ctx, &rows, `
		select i.title, i.status, coalesce(p.message_ref, '') as message, coalesce(a.account, '') as author,
		       coalesce((select string_agg(m.account, ' ' order by m.account) from votes v
		          join members m on m.board_id = v.board_id and m.person_id = v.person_id
		         where v.board_id = i.board_id and v.item_id = i.item_id and v.supports), '') as voters
		  from items i
		  left join members a on a.board_id = i.board_id and a.member_id = i.author_id
		  left join posts p on p.board_id = i.board_id and p.item_id = i.item_id and p.kind = 'card' and p.gone_at is null`); err != nil {
		return nil, fmt.Errorf("look: %w", err)
	}
	var out []string
	items, stand := map[string]int{}, map[string]string{}
	for _, m := range g.shown() {
		token := wishToken.FindString(m.String())
		if stand[token] != "" {
			out = append(out, token+" has two cards")
		}
		stand[token] = m.ID
	}
	for _, r := range rows {
		token := wishToken.FindString(r.Title)
		items[token]++
		if r.Message == "" || stand[token] != r.Message {
			out = append(out, token+" has no card, or another than Heed knows")
			continue
		}
		m, _ := g.discord.Message(discordfake.Message{ID: r.Message, Channel: g.requests})
		want := []string{r.Author}
		for _, reaction := range m.Reactions {
			if reaction.Emoji == "👍" {
				want = append(want, reaction.Users...)
			}
		}
		slices.Sort(want)
		want = slices.DeleteFunc(slices.Compact(want), func(id string) bool { return id == g.discord.Bot().ID })
		if got := strings.Fields(r.Voters); !slices.Equal(got, want) {
			out = append(out, fmt.Sprintf("%s has votes of %d accounts, the chat of %d", token, len(got), len(want)))
		}
		people := fmt.Sprintf("%d people", len(want))
		if len(want) == 1 {
			people = "1 person"
		}
		if !strings.Contains(m.String(), people) {
			out = append(out, fmt.Sprintf("%s does not show %s", token, people))
		}
		if label := statusLabels[r.Status]; !strings.Contains(m.String(), label) {
			out = append(out, fmt.Sprintf("%s does not say %s", token, label))
		}
	}
	for token, who := range g.asked {
		switch n := items[token]; {
		case n > 1:
			out = append(out, fmt.Sprintf("%s is there %d times", token, n))
		case n == 0 && g.receipts(token, who):
			out = append(out, token+" was said to be saved and is not there")
		}
	}
	digests, err := g.wrongDigests(ctx)
	if err != nil {
		return nil, err
	}
	out = append(out, digests...)
	var gaps int
	if err := g.db.GetContext(ctx, &gaps, `select count(*) from workspaces where gap_since is not null`); err != nil {
		return nil, err
	}
	if gaps > 0 {
		out = append(out, "votes are still being read back")
	}
	if len(rows) == 0 {
		return nil, errors.New("no requests are there")
	}
	slices.Sort(out)
	return out, nil
}

// wrongDigests is what differs between the digests that were due, those that Heed has, and
// those that stand in the chat.
func (g *guild) wrongDigests(ctx context.Context) (out []string, err error) {
	var rows []struct {
		Due   time.Time
		State string
	}
	if err := g.db.SelectContext(ctx, &rows, `select due_at as due, state from digests`); err != nil {
		return nil, fmt.Errorf("look: %w", err)
	}
	sent, there := 0, map[int64]bool{}
	for _, r := range rows {
		there[r.Due.UnixMicro()] = true
		if r.State == "sent" {
			sent++
		}
	}
	for _, d := range g.due.list() {
		if !there[d.At.UnixMicro()] {
			out = append(out, fmt.Sprintf("the digest for %s is not there", d.At.UTC().Format(time.TimeOnly)))
		}
	}
	if n := len(g.discord.Messages(g.digests)) - g.before; n != sent {
		out = append(out, fmt.Sprintf("%d digests were sent, %d are shown", sent, n))
	}
	return out, nil
}

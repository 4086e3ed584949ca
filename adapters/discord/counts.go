package discord

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"heed/bot"
)

var _ bot.Counter = (*Messenger)(nil)

// Counts reads how many reacted to messages of a channel: a page of up to a hundred
// messages holds all the counts in it, so cards that stand close together cost one call.
func (m *Messenger) Counts(ctx context.Context, _ bot.Workspace, channel string, messages []string) (map[string]map[string]int, error) {
	wanted := make([]uint64, 0, len(messages))
	for _, id := range messages {
		if n, ok := snowflakeNumber(id); ok {
			wanted = append(wanted, n)
		}
	}
	slices.Sort(wanted)
	out := make(map[string]map[string]int, len(messages))
	for len(wanted) > 0 { // the newest that is left, and what stands before it
		newest := wanted[len(wanted)-1]
		query := url.Values{"before": {strconv.FormatUint(newest+1, 10)}, "limit": {strconv.Itoa(findPage)}}
		page, err := get[[]wireMessage](ctx, m.rest, at(http.MethodGet, "channels", channel, "messages").with(query))
		if err != nil {
			return nil, err
		}
		oldest := newest
		for _, x := range page {
			n, ok := snowflakeNumber(x.ID)
			if !ok || n > newest {
				continue
			}
			oldest = min(oldest, n)
			if slices.Contains(messages, x.ID) {
				out[x.ID] = reactionCounts(x)
			}
		}
		if len(page) < findPage {
			break // there is nothing before it
		}
		for len(wanted) > 0 && wanted[len(wanted)-1] >= oldest {
			wanted = wanted[:len(wanted)-1]
		}
	}
	return out, nil
}

// reactionCounts is how many reacted to a message with each exact emoji, Heed's own left out.
func reactionCounts(x wireMessage) map[string]int {
	counts := make(map[string]int, len(x.Reactions))
	for _, r := range x.Reactions {
		name := r.Emoji.coreName()
		normal, super := r.Count, 0
		if r.Details != nil {
			normal, super = r.Details.Normal, r.Details.Burst
		}
		if r.Me {
			normal--
		}
		if normal > 0 {
			counts[name] += normal
		}
		if super > 0 {
			counts[name+burst] += super
		}
	}
	return counts
}

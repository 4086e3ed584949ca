package slackfake

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// parseTS reads a ts such as "1605853634.000400" into microseconds.
func parseTS(ts string) (int64, error) {
	whole, part, _ := strings.Cut(ts, ".")
	seconds, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("ts %q: %w", ts, err)
	}
	micro, err := strconv.ParseInt((part + "000000")[:6], 10, 64)
	if err != nil {
		return 0, fmt.Errorf("ts %q: %w", ts, err)
	}
	return seconds*1e6 + micro, nil
}

// span is what the arguments oldest, latest, inclusive and limit ask for.
type span struct {
	oldest, latest int64
	inclusive      bool
	limit          int
}

func (c *call) span(standard int) (span, *refusal) {
	s := span{latest: 1<<63 - 1, inclusive: c.args.bool("inclusive"), limit: standard}
	var err error
	if ts := c.args["oldest"]; ts != "" && ts != "0" {
		if s.oldest, err = parseTS(ts); err != nil {
			return s, refuse("invalid_ts_oldest")
		}
	}
	if ts := c.args["latest"]; ts != "" && ts != "now" {
		if s.latest, err = parseTS(ts); err != nil {
			return s, refuse("invalid_ts_latest")
		}
	}
	if text := c.args["limit"]; text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > MaxPage {
			return s, refuse("invalid_limit")
		}
		if n > 0 {
			s.limit = n
		}
	}
	return s, nil
}

func (s span) holds(m *message) bool {
	at, _ := parseTS(m.ts)
	if s.inclusive {
		return at >= s.oldest && at <= s.latest
	}
	return at > s.oldest && at < s.latest
}

// readable finds a channel whose messages the app may read.
func (c *call) readable() (*Channel, *refusal) {
	ch, refused := c.channel("channel", false)
	if refused != nil {
		return nil, refused
	}
	if refused := c.need(ch.kind.scope() + ":history"); refused != nil {
		return nil, refused
	}
	if !slices.Contains(ch.members, c.team.bot) {
		return nil, refuse("not_in_channel")
	}
	return ch, nil
}

// cursor of a history page: the ts at which the next page starts, so that new
// messages move nothing.
func (c *call) cursorTS() (string, *refusal) {
	if c.args["cursor"] == "" {
		return "", nil
	}
	raw, err := base64.StdEncoding.DecodeString(c.args["cursor"])
	ts, ok := strings.CutPrefix(string(raw), "next_ts:")
	if err != nil || !ok {
		return "", refuse("invalid_cursor")
	}
	return ts, nil
}

// pageOf answers with the messages from the cursor on, in the order given.
func (c *call) pageOf(found []*message, limit int) (object, *refusal) {
	from, refused := c.cursorTS()
	if refused != nil {
		return nil, refused
	}
	if at := slices.IndexFunc(found, func(m *message) bool { return m.ts == from }); at > 0 {
		found = found[at:]
	}
	next := ""
	if len(found) > limit {
		next = base64.StdEncoding.EncodeToString([]byte("next_ts:" + found[limit].ts))
		found = found[:limit]
	}
	page := []object{}
	for _, m := range found {
		page = append(page, m.wire(c.args.bool("include_all_metadata")))
	}
	answer := object{"messages": page, "has_more": next != ""}
	if next != "" {
		answer["response_metadata"] = object{"next_cursor": next}
	}
	return answer, nil
}

func conversationsHistory(c *call) (object, *refusal) {
	ch, refused := c.readable()
	if refused != nil {
		return nil, refused
	}
	s, refused := c.span(100)
	if refused != nil {
		return nil, refused
	}
	var found []*message
	for _, m := range slices.Backward(ch.messages) { // the newest first
		inThread := m.threadTS != "" && m.threadTS != m.ts && !m.broadcast
		if !inThread && s.holds(m) {
			found = append(found, m)
		}
	}
	answer, refused := c.pageOf(found, s.limit)
	if refused != nil {
		return nil, refused
	}
	answer["pin_count"] = 0
	return answer, nil
}

func conversationsReplies(c *call) (object, *refusal) {
	ch, refused := c.readable()
	if refused != nil {
		return nil, refused
	}
	s, refused := c.span(1000)
	if refused != nil {
		return nil, refused
	}
	root := ch.find(c.args["ts"])
	if root == nil {
		return nil, refuse("thread_not_found")
	}
	if root.threadTS != "" && root.threadTS != root.ts {
		root = ch.find(root.threadTS)
	}
	found := []*message{root}
	for _, m := range ch.replies(root.ts) {
		if s.holds(m) {
			found = append(found, m)
		}
	}
	return c.pageOf(found, s.limit)
}

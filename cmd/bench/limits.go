package main

import (
	"fmt"
	"slices"
	"time"

	"heed/adapters/slack/slackfake"
)

// Slack's limits, as a checker reads them: of the record of what the fake was asked, and
// apart from what the fake itself refused.
// https://docs.slack.dev/apis/web-api/rate-limits
const (
	channelGap = time.Second // "no more than one message per second per channel"
	tierWindow = time.Minute
)

// tiers are calls a minute and workspace; of chat.postMessage "several hundred".
var tiers = map[string]int{
	"chat.postMessage": 400, "chat.update": 50, "chat.delete": 50, "conversations.open": 50, "conversations.info": 50, "conversations.join": 50,
	"reactions.add": 50, "reactions.get": 50, "users.info": 100, "users.list": 20, "pins.add": 20,
}

// overLimits are the ways in which calls went beyond a limit of Slack's: two messages in
// a channel within a second, more calls of a method within a minute than its tier has,
// or an answer of the fake that said so.
func overLimits(calls []slackfake.Call) (broken []string) {
	posts, methods := map[string][]time.Time{}, map[string][]time.Time{}
	for _, c := range calls {
		if c.Error == "ratelimited" {
			broken = append(broken, "refused: "+c.Method+" "+c.Team+" "+c.Args["channel"])
		}
		if c.Method == "chat.postMessage" || c.Method == "chat.update" {
			posts[c.Team+" "+c.Args["channel"]] = append(posts[c.Team+" "+c.Args["channel"]], c.Time)
		}
		if tiers[c.Method] > 0 {
			methods[c.Team+" "+c.Method] = append(methods[c.Team+" "+c.Method], c.Time)
		}
	}
	for channel, at := range posts {
		slices.SortFunc(at, time.Time.Compare)
		for i := 1; i < len(at); i++ {
			if gap := at[i].Sub(at[i-1]); gap < channelGap {
				broken = append(broken, fmt.Sprintf("%s: two messages within %v", channel, gap))
			}
		}
	}
	for key, at := range methods {
		slices.SortFunc(at, time.Time.Compare)
		var team, method string
		if _, err := fmt.Sscan(key, &team, &method); err != nil {
			continue
		}
		for i := tiers[method]; i < len(at); i++ {
			if gap := at[i].Sub(at[i-tiers[method]]); gap < tierWindow {
				broken = append(broken, fmt.Sprintf("%s: %d calls of %s within %v", team, tiers[method]+1, method, gap))
			}
		}
	}
	return broken
}

package main

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// accountKey is an account's vote for an item.
type accountKey struct {
	Board, Item   int64
	Team, Account string
}

// fact is one thing that bears on a vote, with what it may have done.
type fact struct {
	place string // a reaction is "r:" and where; else how
	at    time.Time
	may   []effect
}

// effect is what an act may have come to: nothing at all, support or its end.
type effect int

const (
	nothing effect = iota
	supports
	ends
)

// mostUncertain bounds the acts without a known outcome of one account on one item whose
// outcomes are all tried; beyond, either vote is possible.
const mostUncertain = 10

// votes: each account's vote is what its acts make of it, and the counts are their sum.
func (c *checker) votes() {
	facts := c.facts()
	stored := map[accountKey]int{}
	count := map[itemKey]int{}
	for _, v := range c.s.Votes {
		stored[accountKey(v)]++
		count[itemKey{v.Board, v.Item}]++
	}
	for key, n := range stored {
		if n > 1 {
			c.find(doubled, "%s's vote for item %d of board %d is counted %d times", key.Account, key.Item, key.Board, n)
		}
		if len(facts[key]) == 0 {
			c.find(phantom, "%s never voted for item %d of board %d and is counted", key.Account, key.Item, key.Board)
		}
	}
	for key, own := range facts {
		yes, no := outcomes(own)
		switch has := stored[key] > 0; {
		case has && !yes:
			c.find(phantom, "%s's vote for item %d of board %d was taken back and is counted", key.Account, key.Item, key.Board)
		case !has && !no:
			c.find(lost, "%s's vote for item %d of board %d was acknowledged and is not counted", key.Account, key.Item, key.Board)
		}
	}
	for _, it := range c.s.Items {
		if it.Root != it.Item {
			continue
		}
		if n := count[itemKey{it.Board, it.Item}]; n != it.Votes {
			c.find(untrue, "item #%d of board %d says %d votes and has %d", it.Number, it.Board, it.Votes, n)
		}
		if it.Gained != it.Votes {
			c.find(untrue, "the days of item #%d of board %d sum up to %d votes, it has %d", it.Number, it.Board, it.Gained, it.Votes)
		}
	}
}

// facts sorts what people did to items by who and which.
func (c *checker) facts() map[accountKey][]fact {
	type place struct{ team, channel, ts string }
	at := map[place]itemKey{}
	for _, p := range c.s.Places {
		at[place{p.Team, p.Channel, p.Message}] = itemKey{p.Board, p.Item}
	}
	out := map[accountKey][]fact{}
	add := func(it itemKey, a act, f fact) {
		key := accountKey{it.Board, it.Item, a.Team, a.User}
		out[key] = append(out[key], f)
	}
	for _, a := range c.acts {
		if a.Kind != reacted && a.Kind != pressed {
			continue
		}
		it, ok := at[place{a.Team, a.Channel, a.Message}]
		if !ok {
			if a.Verdict == kept && a.Kind == pressed {
				c.find(lost, "%s's press was answered, and the card that was pressed is no item's", a.User)
			}
			continue
		}
		f := fact{place: "button", at: a.At, may: []effect{nothing, supports, ends}}
		if a.Kind == reacted {
			f.place, f.may = "r:"+a.Message+":"+a.Emoji, []effect{nothing, effectOf(a.Adds)}
		}
		switch {
		case a.Verdict == kept:
			f.may = []effect{effectOf(a.Adds)}
		case a.Verdict == refused:
			f.may = []effect{nothing}
		case a.Kind == pressed && a.Silent && c.s.DatabaseWell:
			f.may = []effect{supports, ends}
		}
		add(it, a, f)
	}
	for _, it := range c.s.Items { // who asks has a vote, as the item says
		if it.Author == "" {
			continue
		}
		first := fact{place: "asked", may: []effect{supports}}
		for _, a := range c.acts {
			if token := wishToken.FindString(a.Words); token != "" && (a.Kind == asked || a.Kind == wrote) && strings.Contains(it.Words, token) {
				first.at = a.At
			}
		}
		key := accountKey{it.Board, it.Root, it.Team, it.Author}
		out[key] = append(out[key], first)
	}
	for _, own := range out { // a press is the opposite of what stands: the only one adds
		if len(own) == 1 && len(own[0].may) == 2 && own[0].may[0] == supports {
			own[0].may = own[0].may[:1]
		}
	}
	return out
}

func effectOf(adds bool) effect {
	if adds {
		return supports
	}
	return ends
}

// outcomes tells whether the vote may stand, and whether it may not, over all that the
// uncertain acts may have come to.
func outcomes(all []fact) (yes, no bool) {
	slices.SortStableFunc(all, func(a, b fact) int { return a.at.Compare(b.at) })
	open := 0
	for _, f := range all {
		if len(f.may) > 1 {
			open++
		}
	}
	if open > mostUncertain {
		return true, true
	}
	chosen := make([]effect, len(all))
	var try func(i int)
	try = func(i int) {
		if yes && no {
			return
		}
		if i == len(all) {
			if stands(all, chosen) {
				yes = true
			} else {
				no = true
			}
			return
		}
		for _, e := range all[i].may {
			chosen[i] = e
			try(i + 1)
		}
	}
	try(0)
	return yes, no
}

// stands is the rule as the documentation tells it: at each place the latest act counts; a
// reaction supports until it is removed itself or a later retraction elsewhere; any other
// support until any later retraction. Sorted by time.
func stands(all []fact, chosen []effect) bool {
	last := map[string]fact{}
	does := map[string]effect{}
	for i, f := range all {
		if chosen[i] == nothing {
			continue
		}
		if before, ok := last[f.place]; ok && before.at.Equal(f.at) && does[f.place] == ends {
			continue // of two at the same instant the retraction
		}
		last[f.place], does[f.place] = f, chosen[i]
	}
	var retracted, removed time.Time
	for place, f := range last {
		if does[place] != ends {
			continue
		}
		if strings.HasPrefix(place, "r:") {
			removed = later(removed, f.at)
		} else {
			retracted = later(retracted, f.at)
		}
	}
	for place, f := range last {
		if does[place] != supports || !f.at.After(retracted) && !retracted.IsZero() {
			continue
		}
		if strings.HasPrefix(place, "r:") || f.at.After(removed) || removed.IsZero() {
			return true
		}
	}
	return false
}

func later(a, b time.Time) time.Time {
	if cmp.Compare(a.UnixNano(), b.UnixNano()) < 0 || a.IsZero() {
		return b
	}
	return a
}

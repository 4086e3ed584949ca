package bot

import (
	"sync"
	"time"
)

// How fast acts may come: commands, presses, forms, words said to Heed. Reactions are not
// among them: nobody could be answered, and a vote is what the latest one says however
// many there were. A person who types or presses does not come near this, a script does at
// once. A workspace may do what Slack delivers of one in an hour
// (https://docs.slack.dev/apis/events-api#rate_limiting), all of it at once if it likes.
const (
	actsOfPerson    = 120 // at once; then
	personPace      = time.Second
	actsOfWorkspace = 30_000
	workspacePace   = time.Hour / actsOfWorkspace
)

// haste bounds how fast acts come, by person and by workspace, in the memory of this
// process: what it guards is this process' time and the database's, so that two replicas
// together take twice as much. What counts for a person whatever the replica (requests a
// day, votes a minute) is counted in the database. Safe for concurrent use.
type haste struct {
	clock Clock

	mu         sync.Mutex
	people     buckets
	workspaces buckets
}

func newHaste(clock Clock) *haste {
	return &haste{
		clock: clock, people: buckets{most: actsOfPerson, pace: personPace}, workspaces: buckets{most: actsOfWorkspace, pace: workspacePace},
	}
}

// over is how long the caller has to wait, 0 when they need not; of everyone: it is their
// whole workspace that has to. An act that has to wait is not counted.
func (h *haste) over(c Call) (wait time.Duration, everyone bool) {
	now := h.clock.Now()
	h.mu.Lock()
	defer h.mu.Unlock()
	w := string(c.Workspace.Platform) + " " + c.Workspace.Ref
	own := h.people.of(w+" "+c.Member.Account, now)
	all := h.workspaces.of(w, now)
	if wait = own.wait(); wait > 0 {
		return wait, false
	}
	if wait = all.wait(); wait > 0 {
		return wait, true
	}
	own.left--
	all.left--
	return 0, false
}

// buckets are one for each of whom something was heard lately. One that nobody took of
// for as long as it takes to fill is as good as a new one: they are kept in two
// generations, of which the older is let go of then.
type buckets struct {
	most int
	pace time.Duration // until one more is there

	young, old map[string]*bucket
	since      time.Time // of the young
}

// bucket is what one may still do.
type bucket struct {
	left int
	at   time.Time // since when the next one fills
	pace time.Duration
}

// of is the bucket of one, filled up to now.
func (b *buckets) of(who string, now time.Time) *bucket {
	if age := now.Sub(b.since); b.young == nil || age < 0 || age > time.Duration(b.most)*b.pace {
		b.old, b.young, b.since = b.young, map[string]*bucket{}, now
	}
	x := b.young[who]
	if x == nil {
		if x = b.old[who]; x == nil {
			x = &bucket{left: b.most, at: now, pace: b.pace}
		}
		b.young[who] = x
	}
	since := now.Sub(x.at)
	if since < 0 { // the clock was put back
		x.at, since = now, 0
	}
	more := int(min(since/b.pace, time.Duration(b.most)))
	x.left, x.at = min(x.left+more, b.most), x.at.Add(time.Duration(more)*b.pace)
	if x.left == b.most {
		x.at = now
	}
	return x
}

// wait is how long until one may act again; rounded to ten seconds, since to whoever is told
// to come back in one it would be said again after the next.
func (x *bucket) wait() time.Duration {
	if x.left > 0 {
		return 0
	}
	return max(x.pace, 10*time.Second)
}

// hasty is the answer to an act that comes too fast, with the words that it carries; false:
// it does not.
func (b *Bot) hasty(call Call, words string) (Say, bool) {
	wait, everyone := b.haste.over(call)
	if wait == 0 {
		return Say{}, false
	}
	say := Sayf("That's more from you in a moment than people do, so I stop here.")
	if everyone {
		say = Sayf("More comes from this workspace than I take in an hour, so I stop here for a moment.")
	}
	if Empty(words) {
		return say.With(Small{Textf("Nothing has changed; all from before is kept. Please go on in %s.", span(wait))}), true
	}
	return say.With(Para{Textf("Here are your words:")}, Quote{Literal(spoken(words))},
		Small{Textf("Nothing was saved of them; all from before is kept. Please send them again in %s.", span(wait))}), true
}

// hastyForm is the same for a form, which stays as it was filled in.
func (b *Bot) hastyForm(call Call) (Fix, bool) {
	wait, everyone := b.haste.over(call)
	if wait == 0 {
		return Fix{}, false
	}
	who := "you in a moment than people do"
	if everyone {
		who = "this workspace than I take in an hour"
	}
	return Fix{map[string]string{"": "Not sent yet: more comes from " + who + ". Nothing is lost; please send this again in " + span(wait) + "."}}, true
}

package bot

import (
	"container/list"
	"errors"
	"sync"
	"time"
)

// ErrBusy is that an act was turned away unread, since more is under way than can be done
// in time. Nothing of it was kept.
var ErrBusy = errors.New("too much at once")

const (
	// doorOutliers is how many acts may be slow without being taken for a queue: one that
	// waits for a lock, or for another platform, says nothing of the rest.
	doorOutliers = 8
	// doorLeast is how many acts come in at once however slow it is.
	doorLeast = 2 * doorOutliers
	// doorEase is by how much each act that was done in time lets more in.
	doorEase = 0.1
)

// Door lets in what can be done in time and turns away the rest at once. Work that waits
// for longer than its platform does is delivered again while it still waits, so a queue
// without an end does nothing in time and grows; whoever is told so at once comes back
// when there is room. Two things make it busy: a number, which bounds the memory, and
// time: what was let in before and is still not done, outliers aside, is older than the
// patience. The number alone would be too many where the database is slow and too few
// where it is quick; the time alone knows no bound. So the number follows the time: it
// is halved when it was too many to be done in time, and grows with each that was.
//
// While it is busy everybody inside has a fair share: who holds more is turned away, who
// holds less comes in. So one workspace's flood costs the others nothing but a moment.
// Safe for concurrent use.
type Door struct {
	most     int           // acts inside
	patience time.Duration // of whom is inside

	mu     sync.Mutex
	inside *list.List     // since when, the oldest first
	by     map[string]int // how many of each
	room   float64        // acts that can be done in time, as far as is known: at most most
	shrunk time.Time      // when it was found to be too many
}

// NewDoor makes a door for at most so many acts at once, half of them of one kind of
// guest, that are done within patience where all is well.
func NewDoor(most int, patience time.Duration) *Door {
	return &Door{most: most, patience: patience, inside: list.New(), by: map[string]int{}, room: float64(most)}
}

// Enter answers how to leave again, to be called once when the act is done, whatever came
// of it; false: it was turned away. who is what shares are counted by, a workspace.
func (d *Door) Enter(who string) (leave func(), ok bool) {
	now := time.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.inside.Len() >= d.most || d.by[who] >= d.share(who, now) {
		return nil, false
	}
	d.by[who]++
	place := d.inside.PushBack(now)
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.inside.Remove(place)
		if time.Since(now) < d.patience/2 {
			d.room = min(d.room+doorEase, float64(d.most))
		}
		if d.by[who]--; d.by[who] == 0 {
			delete(d.by, who)
		}
	}, true
}

// share is how many acts one guest may have inside now. Called with mu held.
func (d *Door) share(who string, now time.Time) int {
	guests := len(d.by)
	if d.by[who] == 0 {
		guests++
	}
	late := d.late(now)
	if late && now.Sub(d.shrunk) > d.patience {
		d.room, d.shrunk = max(min(d.room, float64(d.inside.Len()))/2, doorLeast), now
	}
	room := int(d.room)
	switch {
	case late || d.inside.Len() >= room: // each half of what it has, until it is in time again
		return max(d.inside.Len()/(2*guests), 1)
	case d.inside.Len() >= room/2:
		return max(room/2/guests, 1)
	}
	return d.most
}

// late tells whether what is inside takes longer than it should. Called with mu held.
func (d *Door) late(now time.Time) bool {
	place := d.inside.Front()
	for n := 0; place != nil && n < doorOutliers; n++ {
		place = place.Next()
	}
	if place == nil {
		return false
	}
	since, _ := place.Value.(time.Time)
	return now.Sub(since) > d.patience
}

package playground

import (
	"encoding/json"
	"sync"
)

// The events that a page hears.
const (
	eventMessage = "message" // a message is new or has changed
	eventGone    = "gone"    // a message is no more
	eventRoom    = "room"    // a channel is new or has changed
	eventClock   = "clock"   // the clock was moved
	eventGuide   = "guide"   // the guided path went on
	eventReset   = "reset"   // read everything again
)

// The stream's bounds: how many events a page that lost its connection can catch up
// on, and how many pages may listen at once.
const (
	eventsKept    = 512
	listenersMost = 64
)

// event is one change, for those who see its channel.
type event struct {
	ID      int64  // given by the hub
	Name    string //
	Channel string // "": for everyone
	To      string // not "": for this account alone
	Data    any    // marshalled when it is published
	json    []byte
}

// hub passes events on to the pages that are open. A page reads from what the hub
// keeps, at its own pace; one that fell behind what is kept reads everything anew.
type hub struct {
	epoch string // of this process: an id of another one means nothing here

	mu        sync.Mutex
	kept      []event // the newest, oldest first
	last      int64
	listeners map[chan struct{}]bool
	closed    bool
}

func newHub(epoch string) *hub { return &hub{epoch: epoch, listeners: map[chan struct{}]bool{}} }

// publish passes an event on. It never waits for a page.
func (h *hub) publish(e event) {
	data, err := json.Marshal(e.Data)
	if err != nil { // every event's data is made of strings, numbers and times
		data = []byte("null")
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last++
	e.ID, e.json, e.Data = h.last, data, nil
	h.kept = append(h.kept, e)
	if len(h.kept) > eventsKept {
		h.kept = append([]event(nil), h.kept[len(h.kept)-eventsKept:]...)
	}
	for wake := range h.listeners {
		select {
		case wake <- struct{}{}:
		default:
		}
	}
}

// listen opens a page's ear: wake tells that something is new, or is closed with the
// hub. ok is false when too many listen or the hub is closed.
func (h *hub) listen() (wake chan struct{}, leave func(), ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || len(h.listeners) >= listenersMost {
		return nil, nil, false
	}
	wake = make(chan struct{}, 1)
	h.listeners[wake] = true
	return wake, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.listeners, wake)
	}, true
}

// after returns the events after an id, and whether none between is missing.
func (h *hub) after(id int64) (events []event, whole bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if id > h.last || len(h.kept) > 0 && id < h.kept[0].ID-1 {
		return nil, false
	}
	for i, e := range h.kept {
		if e.ID > id {
			return append([]event(nil), h.kept[i:]...), true
		}
	}
	return nil, true
}

// position is the id of the newest event.
func (h *hub) position() int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.last
}

// close ends all ears.
func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return
	}
	h.closed = true
	for wake := range h.listeners {
		close(wake)
	}
	h.listeners = map[chan struct{}]bool{}
}

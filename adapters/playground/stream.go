package playground

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// pulse is how often an idle stream says that it is alive, so that both ends notice
// when the other is gone.
const pulse = 20 * time.Second

// writePatience is how long a page may take to accept an event.
const writePatience = 10 * time.Second

// serveEvents streams what a persona sees, from Last-Event-ID on, else from the
// position that the page's state named. A page that missed more than is kept, or comes
// from an earlier start of Heed, is told to read everything anew.
func (a *Adapter) serveEvents(w http.ResponseWriter, r *http.Request) {
	who, ok := a.person(r.URL.Query().Get("as"))
	if !ok || !who.Persona {
		refuse(w, http.StatusNotFound, "Nobody here has that name.")
		return
	}
	wake, leave, ok := a.hub.listen()
	if !ok {
		refuse(w, http.StatusServiceUnavailable, "Too many pages are open. Please close one.")
		return
	}
	defer leave()
	from := r.Header.Get("Last-Event-ID")
	if from == "" {
		from = r.URL.Query().Get("from")
	}
	s := stream{w: w, out: http.NewResponseController(w), epoch: a.hub.epoch}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	last, known := s.position(from)
	if !known {
		last = a.hub.position()
		if s.write(event{ID: last, Name: eventReset, json: []byte("null")}) != nil {
			return
		}
	}
	if s.beat() != nil {
		return
	}
	ticker := time.NewTicker(pulse)
	defer ticker.Stop()
	for {
		events, whole := a.hub.after(last)
		if !whole {
			last = a.hub.position()
			events = []event{{ID: last, Name: eventReset, json: []byte("null")}}
		}
		for _, e := range events {
			last = e.ID
			if e.Channel != "" && !a.chat.sees(who.Account, e.Channel, e.To) {
				continue
			}
			if s.write(e) != nil {
				return
			}
		}
		select {
		case _, open := <-wake:
			if !open {
				return
			}
		case <-ticker.C:
			if s.beat() != nil {
				return
			}
		case <-r.Context().Done():
			return
		}
	}
}

// stream writes server-sent events.
type stream struct {
	w     http.ResponseWriter
	out   *http.ResponseController
	epoch string
}

// position reads an id as write wrote it. known is false for one of another process.
func (s stream) position(id string) (last int64, known bool) {
	epoch, n, _ := strings.Cut(id, "-")
	last, err := strconv.ParseInt(n, 10, 64)
	return last, err == nil && epoch == s.epoch
}

func (s stream) write(e event) error {
	return s.send(fmt.Sprintf("id: %s-%d\nevent: %s\ndata: %s\n\n", s.epoch, e.ID, e.Name, e.json))
}

func (s stream) beat() error { return s.send(": here\n\n") }

func (s stream) send(text string) error {
	if err := s.out.SetWriteDeadline(time.Now().Add(writePatience)); err != nil {
		return err
	}
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.out.Flush()
}

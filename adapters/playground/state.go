package playground

import (
	"context"
	"net/http"
	"time"
)

// state is all that a page shows to one persona when it opens.
type state struct {
	Company  string    `json:"company"`
	People   []Person  `json:"people"`
	Rooms    []room    `json:"rooms"`
	Messages []message `json:"messages"`
	Emojis   []emoji   `json:"emojis"`
	Heed     string    `json:"heed"` // Heed's own account
	Newest   int       `json:"newest"`
	Now      time.Time `json:"now"`
	Zone     string    `json:"zone"`
	Moves    bool      `json:"moves"` // the clock may be moved
	Restarts bool      `json:"restarts"`
	Rows     bool      `json:"rows"`
	Guide    guided    `json:"guide"`
	Epoch    string    `json:"epoch"`
	Position int64     `json:"position"` // listen from here
}

func (a *Adapter) serveState(w http.ResponseWriter, r *http.Request) {
	who, ok := a.person(r.URL.Query().Get("as"))
	if !ok || !who.Persona {
		refuse(w, http.StatusNotFound, "Nobody here has that name.")
		return
	}
	if a.started() == nil {
		refuse(w, http.StatusServiceUnavailable, "Heed is still starting.")
		return
	}
	s := state{
		Company: a.options.Name, People: a.people, Emojis: emojis(), Heed: heedAccount, Now: a.options.Clock.Now().UTC(), Zone: a.options.Zone,
		Moves: a.options.Mover != nil, Restarts: a.options.Restarter != nil, Rows: a.options.Rows != nil,
		Guide: a.guide.now(), Epoch: a.hub.epoch,
		Position: a.hub.position(), // before the view: what comes between is heard twice, never missed
	}
	s.Rooms, s.Messages, s.Newest = a.chat.view(who.Account)
	respond(w, s)
}

func (a *Adapter) serveHome(w http.ResponseWriter, r *http.Request) {
	who, ok := a.person(r.URL.Query().Get("as"))
	core := a.started()
	if !ok || !who.Persona || core == nil {
		refuse(w, http.StatusNotFound, "Nobody here has that name.")
		return
	}
	d, err := a.home(r.Context(), core, who, "home")
	if err != nil {
		a.options.Log.ErrorContext(r.Context(), "a home page failed", "account", who.Account, "cause", err)
		refuse(w, http.StatusServiceUnavailable, "I couldn't read this page; that's on me. Please try again in a minute.")
		return
	}
	respond(w, d)
}

// tableRow is one row of the drawer "What Heed stored just now".
type tableRow struct {
	Table  string     `json:"table"`
	At     time.Time  `json:"at"`
	Fields [][]string `json:"fields"` // pairs of column and value
}

// rowsBack is how far back the drawer looks.
const rowsBack = 400 * 24 * time.Hour

func (a *Adapter) serveRows(w http.ResponseWriter, r *http.Request) {
	if a.options.Rows == nil {
		refuse(w, http.StatusNotFound, "There is nothing to look into here.")
		return
	}
	rows := []tableRow{}
	at := a.chat.workspace()
	err := a.options.Rows.LatestRows(r.Context(), at.Board, a.options.Clock.Now().Add(-rowsBack), func(table string, when time.Time, columns, values []string) error {
		row := tableRow{Table: table, At: when.UTC()}
		for i, c := range columns {
			row.Fields = append(row.Fields, []string{c, values[i]})
		}
		rows = append(rows, row)
		return nil
	})
	if err != nil {
		a.options.Log.ErrorContext(r.Context(), "the latest rows were not read", "cause", err)
		refuse(w, http.StatusServiceUnavailable, "I couldn't look into the database. Please try again in a minute.")
		return
	}
	respond(w, rows)
}

// serveTime moves the clock or starts everything over. What has begun is brought to
// its end though the page that asked is gone: half a board is worth less than none.
func (a *Adapter) serveTime(w http.ResponseWriter, r *http.Request, name string, x act) {
	var err error
	ctx := context.WithoutCancel(r.Context())
	switch {
	case name == "startover" && a.options.Restarter != nil:
		if !a.restarting.TryLock() {
			refuse(w, http.StatusConflict, "It's starting over already. Give it a few seconds.")
			return
		}
		defer a.restarting.Unlock()
		err = a.options.Restarter.StartOver(ctx)
		if err == nil {
			a.hub.publish(event{Name: eventReset})
		}
	case name == "move" && a.options.Mover != nil:
		d, ok := moveTo(a.options.Mover.Now().In(a.zone), x.To)
		if !ok {
			refuse(w, http.StatusUnprocessableEntity, "The clock doesn't go there.")
			return
		}
		if err = a.options.Mover.Move(ctx, d); err == nil {
			a.hub.publish(event{Name: eventClock, Data: map[string]time.Time{"now": a.options.Mover.Now().UTC()}})
		}
	default:
		refuse(w, http.StatusNotFound, "That can't be done here.")
		return
	}
	if err != nil {
		a.options.Log.ErrorContext(r.Context(), "time was not moved", "act", name, "cause", err)
		refuse(w, http.StatusServiceUnavailable, "That didn't work; that's on me. Please try again in a minute.")
		return
	}
	respond(w, answer{})
}

// moveTo is how far the clock goes: five minutes and a bit ("undo"), an hour, a day, a
// week, or to the next Monday, 9 o'clock, in now's zone.
func moveTo(now time.Time, to string) (time.Duration, bool) {
	switch to {
	case "undo":
		return 5*time.Minute + 5*time.Second, true
	case "hour":
		return time.Hour, true
	case "day":
		return now.AddDate(0, 0, 1).Sub(now), true
	case "week":
		return now.AddDate(0, 0, 7).Sub(now), true
	case "monday":
		days := (int(time.Monday) - int(now.Weekday()) + 7) % 7
		monday := time.Date(now.Year(), now.Month(), now.Day()+days, 9, 0, 0, 0, now.Location())
		if !monday.After(now) {
			monday = time.Date(now.Year(), now.Month(), now.Day()+days+7, 9, 0, 0, 0, now.Location())
		}
		return monday.Sub(now), true
	}
	return 0, false
}

package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"net"
	"sync/atomic"
	"time"

	"github.com/lib/pq"
)

// primary counts how often the server behind the address was found to be no primary any
// more. Connections of an earlier era are thrown away at once: each of them would answer
// every write with a refusal until it is half an hour old. Safe for concurrent use.
type primary struct {
	eras  atomic.Int64
	since atomic.Int64 // the last era's beginning, unix milliseconds
}

// eraLeast is how long an era lasts at least. A database that refuses writes for another
// reason (an operator's, a full disk's) is no cause to connect anew at each of them.
const eraLeast = time.Second

func (p *primary) era() int64 { return p.eras.Load() }

// moved begins a new era, unless the connection that saw the refusal is of an earlier
// one anyway.
func (p *primary) moved(era int64) {
	now, since := time.Now().UnixMilli(), p.since.Load()
	if era == p.eras.Load() && now-since >= eraLeast.Milliseconds() && p.since.CompareAndSwap(since, now) {
		p.eras.Add(1)
	}
}

// readOnly says whether the server refused a write as a standby does.
func readOnly(err error) bool {
	e := (*pq.Error)(nil)
	return errors.As(err, &e) && e.Code == "25006" // read_only_sql_transaction
}

// noPrimary says whether a transaction could not begin because the server is a standby:
// lib/pq asks for one that writes, and that refusal has a code of its own.
func noPrimary(err error) bool {
	e := (*pq.Error)(nil)
	return readOnly(err) || errors.As(err, &e) && e.Code == "0A000" // feature_not_supported
}

// lost says whether an error is about the way to the server rather than about what was
// asked of it: the connection broke, the server restarts, has no connection left or is no
// primary any more. Another try may find another server. A network that only keeps
// silent has cost its time already, and is none of these.
func lost(err error) bool {
	if e := (*pq.Error)(nil); errors.As(err, &e) {
		switch e.Code {
		case "25006", "53300", "57P01", "57P02", "57P03": // read only, too many connections, shutdowns, starting
			return true
		}
		return e.Code.Class() == "08" // connection exceptions, a pooler's too
	}
	if n := net.Error(nil); errors.As(err, &n) {
		return !n.Timeout()
	}
	return errors.Is(err, driver.ErrBadConn)
}

// unsure is the error of a commit: it may have happened, and is never tried again here.
type unsure struct{ error }

func (u unsure) Unwrap() error { return u.error }

// pauses are how long to wait before another try at a server that was lost. All of them
// together leave most of the three seconds in which a chat wants its answer.
var pauses = [maxTries - 1]time.Duration{20 * time.Millisecond, 80 * time.Millisecond, 200 * time.Millisecond, 400 * time.Millisecond}

// pause waits and says whether there is time for another try.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

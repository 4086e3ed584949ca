package main

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// dueDigest is a due time that the harness gave to a schedule.
type dueDigest struct {
	Board    int64
	Schedule int64
	At       time.Time
}

// dues is the harness's own record of which digests were due. Safe for concurrent use.
type dues struct {
	mu   sync.Mutex
	all  []dueDigest
	last int64 // Unix second of the last one
}

func (d *dues) add(due ...dueDigest) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.all = append(d.all, due...)
}

// list is a copy of all so far.
func (d *dues) list() []dueDigest {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]dueDigest(nil), d.all...)
}

// selecter reads rows.
type selecter interface {
	SelectContext(ctx context.Context, into any, query string, args ...any) error
}

// make has one schedule that has nothing to do be due since a second ago: what was asked
// and voted until then is told. Where the database does not take that for sure, nothing is recorded.
func (d *dues) make(ctx context.Context, db selecter) error {
	at, err := d.instant(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	var rows []dueDigest
	err = db.SelectContext(ctx, &rows, `
		update schedules set next_at = $1
		 where next_at > now() and (board_id, schedule_id) = (
		   select board_id, schedule_id from schedules where next_at > now() order by random() limit 1)
		returning board_id as board, schedule_id as schedule, next_at as at`, at)
	if err != nil {
		return fmt.Errorf("a digest is due: %w", err)
	}
	d.add(rows...)
	return nil
}

// instant is a second ago, in a second of its own: a real schedule is due once a minute at
// most, and Heed tells its digests apart by the second.
func (d *dues) instant(ctx context.Context) (time.Time, error) {
	for {
		at := time.Now().UTC().Add(-time.Second).Truncate(time.Microsecond)
		d.mu.Lock()
		mine := at.Unix() > d.last
		if mine {
			d.last = at.Unix()
		}
		d.mu.Unlock()
		if mine {
			return at, nil
		}
		if err := rest(ctx, 50*time.Millisecond); err != nil {
			return time.Time{}, err
		}
	}
}

// digestEvery is how often one of a load's digests is due.
const digestEvery = 3 * time.Second

// keep makes digests due until ctx ends.
func (d *dues) keep(ctx context.Context, db selecter) {
	for rest(ctx, digestEvery) == nil {
		_ = d.make(ctx, db) // the database may be what is broken
	}
}

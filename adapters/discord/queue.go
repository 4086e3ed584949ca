package discord

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"heed/bot"
)

const (
	queueMost    = 20_000 // things that wait, with what they hold some 700 bytes each
	queueWorkers = 16     // of them done at once
	looksWorkers = 2      // of those that ask Discord
	queueBatch   = 100    // ballots in one call of the core
	queueFirst   = 50 * time.Millisecond
	queueLast    = 5 * time.Second
	queueGiveUp  = 25 // tries, well over a minute, while other things get through
)

// task is one thing that the gateway said and that has to reach the core.
type task struct {
	at     time.Time
	guild  string
	ballot bot.Ballot                  // a reaction, where do is nil
	put    time.Time                   // by the machine's clock
	do     func(context.Context) error // anything else
	event  string                      // its id in the log; put gives one
}

// queue hands what was heard to the core: in order within a lane (a message, a guild),
// side by side between lanes. The gateway delivers a thing once, so it is tried until
// the core has kept it. Nothing runs while nothing waits. Safe for concurrent use.
type queue struct {
	react func(context.Context, []bot.Ballot) error
	gap   func(ctx context.Context, guild string, since time.Time) error
	log   *slog.Logger
	meter bot.Meter
	width int
	most  int

	mu       sync.Mutex
	lanes    map[string]*lane
	ready    []*lane
	waiting  int                  // tasks in all lanes
	workers  int                  // goroutines
	lost     map[string]time.Time // guilds of which something had to be dropped, and since when
	through  int                  // calls that came through, ever
	stopping bool
	ended    bool
	empty    chan struct{} // closed when stopping and nothing waits any more
	rest     *sync.Cond    // nothing waits, or nothing runs any more
	busy     sync.WaitGroup
	ctx      context.Context
	cancel   context.CancelFunc
}

// lane is what waits for one message or guild.
type lane struct {
	key     string
	tasks   []task
	tries   int
	since   int         // queue.through at the first failed try
	timer   *time.Timer // until the next try
	working bool        // by a worker, or in ready
	busy    bool        // by a worker
}

func newQueue(log *slog.Logger, width int, react func(context.Context, []bot.Ballot) error, gap func(context.Context, string, time.Time) error) *queue {
	q := &queue{
		react: react, gap: gap, log: log, meter: bot.NoMeter{}, width: width, most: queueMost,
		lanes: map[string]*lane{}, lost: map[string]time.Time{}, empty: make(chan struct{}),
	}
	q.ctx, q.cancel = context.WithCancel(context.Background())
	q.rest = sync.NewCond(&q.mu)
	return q
}

// put adds a task behind the others of its lane. It never blocks: where too much waits
// the task is dropped, which it answers with false, and its guild is read back later.
func (q *queue) put(key string, t task) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.ended {
		return true // nobody is there to do anything about it
	}
	if q.waiting >= q.most {
		q.meter.Heard(bot.Discord, t.kind())
		q.meter.Acked(bot.Discord, t.kind(), bot.AckShed, 0)
		if _, known := q.lost[t.guild]; !known && t.guild != "" {
			q.lost[t.guild] = t.at
			q.log.Warn("too much waits for the database: what is heard now is read back later", "guild", t.guild, "waiting", q.waiting)
		}
		return false
	}
	q.add(key, t)
	return true
}

// add is put without a bound. Called with mu held.
func (q *queue) add(key string, t task) {
	l := q.lanes[key]
	if l == nil {
		l = &lane{key: key}
		q.lanes[key] = l
	}
	t.put, t.event = time.Now(), bot.NewEvent()
	q.meter.Heard(bot.Discord, t.kind())
	l.tasks = append(l.tasks, t)
	q.waiting++
	if !l.working && l.timer == nil {
		q.wake(l)
	}
}

// wake has a worker look at a lane. Called with mu held.
func (q *queue) wake(l *lane) {
	l.working = true
	q.ready = append(q.ready, l)
	if q.workers < q.width {
		q.workers++
		q.busy.Go(q.work)
	}
}

// work serves lanes until none is ready.
func (q *queue) work() {
	for {
		q.mu.Lock()
		if len(q.ready) == 0 || q.ended {
			q.workers--
			q.mu.Unlock()
			return
		}
		l := q.ready[0]
		q.ready[0] = nil
		q.ready = q.ready[1:]
		next := l.next()
		l.busy = true
		q.mu.Unlock()
		err := q.run(next)
		q.settle(l, next, err)
	}
}

// next is what a lane does next: one task, or the ballots that stand together. A lane
// that failed twice goes on one by one: one ballot must not hold up the rest.
func (l *lane) next() []task {
	n := 1
	if l.tasks[0].do == nil && l.tries < 3 {
		for n < len(l.tasks) && n < queueBatch && l.tasks[n].do == nil {
			n++
		}
	}
	return l.tasks[:n:n]
}

// run does tasks, contained: a panic counts as a failed try.
func (q *queue) run(tasks []task) (err error) {
	defer func() {
		if p := recover(); p != nil {
			q.log.Error("an event was not taken: a defect", "panic", true, "event", tasks[0].event)
			err = errPanic
		}
	}()
	ctx, cancel := context.WithTimeout(q.ctx, corePatience)
	defer cancel()
	if do := tasks[0].do; do != nil {
		return do(bot.WithEvent(ctx, tasks[0].event))
	}
	ballots := make([]bot.Ballot, len(tasks))
	for i, t := range tasks {
		ballots[i] = t.ballot
		ballots[i].Event = t.event
	}
	return q.react(ctx, ballots)
}

var errPanic = errors.New("panic")

// settle takes what was done off a lane, or has it tried again later.
func (q *queue) settle(l *lane, done []task, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	l.working, l.busy = false, false
	if err != nil && q.ended {
		return
	}
	if err == nil || errors.Is(err, bot.ErrUnattached) {
		q.acked(done, bot.AckKept)
	}
	if err == nil {
		q.through++
	} else if !errors.Is(err, bot.ErrUnattached) {
		if l.tries == 0 {
			l.since = q.through
		}
		l.tries++
		hopeless := len(done) == 1 && (l.tries >= queueGiveUp && q.through > l.since || errors.Is(err, errPanic) && l.tries >= 5)
		if !hopeless {
			if l.tries == 1 || l.tries%10 == 0 {
				q.log.Warn("event not kept yet", "tries", l.tries, "waiting", q.waiting, "event", done[0].event)
			}
			q.park(l)
			return
		}
		q.acked(done, bot.AckFailed)
		q.log.Error("event given up", "guild", done[0].guild, "tries", l.tries, "event", done[0].event)
		if _, known := q.lost[done[0].guild]; !known && done[0].guild != "" && done[0].do == nil {
			q.lost[done[0].guild] = done[0].at
		}
	}
	l.tries = 0
	l.tasks = l.tasks[len(done):]
	q.waiting -= len(done)
	if len(l.tasks) > 0 {
		q.wake(l)
	} else {
		delete(q.lanes, l.key)
	}
	q.tellLost()
	if q.waiting == 0 {
		q.rest.Broadcast()
	}
	if q.stopping && q.waiting == 0 {
		q.stopping = false
		close(q.empty)
	}
}

// kind is what a task counts as.
func (t task) kind() string {
	if t.do == nil {
		return "vote"
	}
	return "event"
}

// acked counts what became of tasks: Discord is told nothing, so what counts is when they
// reached the core.
func (q *queue) acked(done []task, outcome bot.AckOutcome) {
	for _, t := range done {
		q.meter.Acked(bot.Discord, t.kind(), outcome, time.Since(t.put))
	}
}

// park has a lane tried again after a while. Called with mu held.
func (q *queue) park(l *lane) {
	wait := min(queueFirst<<min(l.tries-1, 10), queueLast)
	if q.stopping {
		wait = min(wait, 4*queueFirst)
	}
	l.timer = time.AfterFunc(wait, func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		if l.timer != nil && !q.ended {
			l.timer = nil
			q.wake(l)
		}
	})
}

// tellLost has the guilds read back of which something was dropped, once there is room.
// Called with mu held.
func (q *queue) tellLost() {
	if len(q.lost) == 0 || q.waiting > q.most/2 {
		return
	}
	for guild, since := range q.lost {
		q.add(gapLane(guild), task{at: since, guild: guild, do: func(ctx context.Context) error { return q.gap(ctx, guild, since) }})
	}
	clear(q.lost)
}

func gapLane(guild string) string { return "gap " + guild }

// has tells whether something waits in a lane that nobody began with.
func (q *queue) has(key string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	l := q.lanes[key]
	return l != nil && (len(l.tasks) > 1 || !l.busy)
}

// wait returns when nothing waits, or nothing runs any more.
func (q *queue) wait() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.waiting > 0 && !q.ended {
		q.rest.Wait()
	}
}

// oldest is when the oldest thing that waits was heard; zero when nothing does.
func (q *queue) oldest() time.Time {
	q.mu.Lock()
	defer q.mu.Unlock()
	var first time.Time
	older := func(t time.Time) {
		if first.IsZero() || t.Before(first) {
			first = t
		}
	}
	for _, l := range q.lanes {
		older(l.tasks[0].at)
	}
	for _, since := range q.lost {
		older(since)
	}
	return first
}

// drain tries what waits until nothing does or ctx ends; then nothing runs, and nothing
// more is taken.
func (q *queue) drain(ctx context.Context) {
	q.mu.Lock()
	waits := q.waiting > 0
	if waits {
		q.stopping = true
		for _, l := range q.lanes {
			if l.timer != nil && l.timer.Stop() {
				l.timer = nil
				q.wake(l)
			}
		}
	}
	q.mu.Unlock()
	if waits {
		select {
		case <-q.empty:
		case <-ctx.Done():
		}
	}
	q.mu.Lock()
	q.ended = true
	q.rest.Broadcast()
	for _, l := range q.lanes {
		if l.timer != nil {
			l.timer.Stop()
		}
	}
	if q.waiting > 0 {
		q.log.WarnContext(ctx, "events not kept before the end", "waiting", q.waiting)
	}
	q.mu.Unlock()
	q.cancel()
	q.busy.Wait()
}

package bot

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Bounds of one shared commit, and of what waits for one.
const (
	laneAtOnce   = 2                      // commits
	laneMost     = 256                    // ballots
	laneLeast    = 8                      // of them, however slow it is
	laneTime     = 400 * time.Millisecond // a commit should take at most: platforms give three seconds, and who comes during one waits for the next
	lanePatience = 10 * time.Second
	laneWaits    = 4096 // callers, more than all platforms' doors let in
)

// castLane lets ballots that come at the same time share a commit: while one group
// is committed the next gathers, so a busy moment costs few commits and an idle one
// waits for nothing. Where as many wait as are under way their group sets out beside it, for
// a commit waits for the disk and for the network; a smaller one would cost more than it
// gains. Each caller returns when its own ballots are committed. Safe for concurrent use.
type castLane struct {
	cast func(ctx context.Context, ballots []Ballot) ([]Cast, error)

	mu      sync.Mutex
	waiting []*laneCall
	running int // commits
	last    int // callers in the group that set out last
	fit     int // ballots that fit into laneTime, as the last commits took; 0: as many as may be
}

// laneCall is one caller's ballots.
type laneCall struct {
	ballots []Ballot
	casts   []Cast
	err     error
	done    chan struct{}
}

// Cast records ballots and returns once they are committed. A caller whose context
// ends before does not know whether they were: the platform's retry changes nothing
// if so. What nobody waits for any more when its turn comes is left to that retry, so that
// the lane is as long as those who wait; beyond laneWaits it answers ErrBusy at once.
func (l *castLane) Cast(ctx context.Context, ballots ...Ballot) ([]Cast, error) {
	call := &laneCall{ballots: ballots, done: make(chan struct{})}
	l.mu.Lock()
	if len(l.waiting) >= laneWaits {
		l.mu.Unlock()
		return nil, ErrBusy
	}
	l.waiting = append(l.waiting, call)
	if l.running == 0 || l.running < laneAtOnce && len(l.waiting) >= l.last {
		l.running++
		go l.run(context.WithoutCancel(ctx))
	}
	l.mu.Unlock()
	select {
	case <-call.done:
		return call.casts, call.err
	case <-ctx.Done():
		l.leave(call)
		return nil, ctx.Err()
	}
}

// leave takes a call off the lane whose turn has not come.
func (l *castLane) leave(call *laneCall) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if i := slices.Index(l.waiting, call); i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
	}
}

// run commits group after group, until nobody waits or fewer than are under way elsewhere.
func (l *castLane) run(ctx context.Context) {
	for {
		group := l.next()
		if len(group) == 0 {
			return
		}
		began := time.Now()
		n := l.commit(ctx, group)
		l.learn(n, time.Since(began))
	}
}

// next takes the group that sets out now; none: its runner ends.
func (l *castLane) next() []*laneCall {
	l.mu.Lock()
	defer l.mu.Unlock()
	group, ballots, most := l.waiting, 0, laneMost
	if l.fit > 0 {
		most = l.fit
	}
	for i, call := range group {
		if ballots += len(call.ballots); i > 0 && ballots > most {
			group = group[:i:i]
			break
		}
	}
	if len(group) == 0 || l.running > 1 && len(group) < l.last {
		l.running--
		return nil
	}
	l.waiting, l.last = l.waiting[len(group):], len(group)
	return group
}

// learn has the groups be as large as fits into the time that a commit should take: one
// that takes longer than the platforms wait is committed for nobody.
func (l *castLane) learn(ballots int, took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case took > laneTime:
		l.fit = max(int(int64(ballots)*int64(laneTime)/int64(took)), laneLeast)
	case l.fit > 0 && took < laneTime/2 && 2*ballots > l.fit:
		if l.fit = 2 * l.fit; l.fit >= laneMost {
			l.fit = 0
		}
	}
}

// commit records a group's ballots at once or, should that fail, each caller's alone,
// so that one bad ballot fails alone. It answers how many ballots they were.
func (l *castLane) commit(ctx context.Context, group []*laneCall) int {
	ctx, cancel := context.WithTimeout(ctx, lanePatience)
	defer cancel()
	var all []Ballot
	for _, call := range group {
		all = append(all, call.ballots...)
	}
	casts, err := l.cast(ctx, all)
	for _, call := range group {
		switch {
		case err == nil:
			call.casts, casts = casts[:len(call.ballots):len(call.ballots)], casts[len(call.ballots):]
		case len(group) == 1:
			call.err = err
		default:
			call.casts, call.err = l.cast(ctx, call.ballots)
		}
		close(call.done)
	}
	return len(all)
}

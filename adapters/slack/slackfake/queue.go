package slackfake

import "sync"

// queue runs what it is given in the background, one after the other.
type queue struct {
	mu      sync.Mutex
	cond    *sync.Cond
	items   []func()
	busy    bool
	stopped bool
	done    chan struct{}
}

func (q *queue) start() {
	q.cond, q.done = sync.NewCond(&q.mu), make(chan struct{})
	go func() {
		defer close(q.done)
		for {
			q.mu.Lock()
			for len(q.items) == 0 && !q.stopped {
				q.cond.Wait()
			}
			if q.stopped {
				q.mu.Unlock()
				return
			}
			next := q.items[0]
			q.items, q.busy = q.items[1:], true
			q.mu.Unlock()
			next()
			q.mu.Lock()
			q.busy = false
			q.cond.Broadcast()
			q.mu.Unlock()
		}
	}()
}

func (q *queue) add(f func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = append(q.items, f)
	q.cond.Broadcast()
}

// settle waits until nothing is left to run.
func (q *queue) settle() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for (len(q.items) > 0 || q.busy) && !q.stopped {
		q.cond.Wait()
	}
}

// stop drops what is left and waits for what runs.
func (q *queue) stop() {
	q.mu.Lock()
	q.stopped = true
	q.cond.Broadcast()
	q.mu.Unlock()
	<-q.done
}

// Settle waits until every event that the app's own calls caused was delivered.
func (s *Server) Settle() { s.queue.settle() }

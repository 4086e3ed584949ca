package slack

import "sync"

// pending counts what is under way. Unlike sync.WaitGroup it may be waited for while
// more begins: Wait returns at an instant at which nothing was under way.
type pending struct {
	mu   sync.Mutex
	zero *sync.Cond
	n    int
}

func newPending() *pending {
	p := &pending{}
	p.zero = sync.NewCond(&p.mu)
	return p
}

// Go runs f in a goroutine of its own, counted from before Go returns.
func (p *pending) Go(f func()) {
	p.mu.Lock()
	p.n++
	p.mu.Unlock()
	go func() {
		defer func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			if p.n--; p.n == 0 {
				p.zero.Broadcast()
			}
		}()
		f()
	}()
}

// Wait returns when nothing is under way.
func (p *pending) Wait() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.n > 0 {
		p.zero.Wait()
	}
}

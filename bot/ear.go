package bot

import (
	"sync"
	"time"
)

// Ear is what an adapter knows of its own connections: whether events reach this process.
// Its zero value has never heard anything. Safe for concurrent use.
type Ear struct {
	mu    sync.Mutex
	parts map[string]bool
	ever  bool
	deaf  time.Time // since when not all parts hear
}

// Set says whether a connection hears. One that another replica has counts as hearing:
// nothing is missing.
func (e *Ear) Set(part string, hears bool, now time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.parts == nil {
		e.parts = map[string]bool{}
	}
	before := e.all()
	e.parts[part] = hears
	e.turned(before, now)
}

// Drop forgets a connection that is not wanted any more.
func (e *Ear) Drop(part string, now time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	before := e.all()
	delete(e.parts, part)
	e.turned(before, now)
}

// turned notes a change. Called with mu held.
func (e *Ear) turned(before bool, now time.Time) {
	switch after := e.all(); {
	case after:
		e.ever = true
	case before:
		e.deaf = now
	}
}

// all tells whether there are parts and all hear. Called with mu held.
func (e *Ear) all() bool {
	for _, hears := range e.parts {
		if !hears {
			return false
		}
	}
	return len(e.parts) > 0
}

// Hearing tells whether everything is heard now, whether it ever was, and, where it was
// and is not now, since when.
func (e *Ear) Hearing() (now, ever bool, deaf time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.all() {
		return true, true, time.Time{}
	}
	return false, e.ever, e.deaf
}

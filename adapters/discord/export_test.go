package discord

import (
	"encoding/json"
	"time"
)

// Hurry has the adapter wait less for the core, so that a test of a slow one is quick; the
// answer takes that back. Nothing may be under way at either.
func (a *Adapter) Hurry(first, late time.Duration) (usual func()) {
	before := a.patience
	a.patience = patience{first, late}
	return func() { a.patience = before }
}

// Hear has the adapter hear an event as it may come from anywhere.
func (a *Adapter) Hear(kind, data string) { a.heard(kind, json.RawMessage(data), a.arrival.next()) }

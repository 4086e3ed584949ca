package discord

import (
	"encoding/json"
	"time"
)

// Hurry has the adapter wait less for the core, so that a test of a slow one is quick.
func (a *Adapter) Hurry(first, late time.Duration) { a.patience = patience{first, late} }

// Hear has the adapter hear an event as it may come from anywhere.
func (a *Adapter) Hear(kind, data string) { a.heard(kind, json.RawMessage(data), a.arrival.next()) }

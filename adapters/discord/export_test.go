package discord

import "time"

// Hurry has the adapter wait less for the core, so that a test of a slow one is quick.
func (a *Adapter) Hurry(first, late time.Duration) { a.patience = patience{first, late} }

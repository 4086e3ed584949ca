package discord

import (
	"encoding/json"
	"time"

	"heed/bot"
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

// Crowd has so much of a guild under way that no more of it is let in, until the answer
// ends that. Nothing may be under way at its beginning.
func (a *Adapter) Crowd(guild string) (empty func()) {
	const few = 4
	usual := a.door
	a.door = bot.NewDoor(few, time.Hour)
	for range few / 2 {
		if _, ok := a.door.Enter(guild); !ok {
			panic("the door is closed")
		}
	}
	return func() { a.door = usual }
}

// Flooded has no more fit into the queue of what was heard.
func (a *Adapter) Flooded() {
	a.queue.mu.Lock()
	defer a.queue.mu.Unlock()
	a.queue.most = 0
}

package bot

import (
	"context"
	"hash/fnv"
	"math/rand/v2"
)

// eventKey is where a context keeps the id of the event that it serves.
type eventKey struct{}

// WithEvent marks what is done under the context as done for the event of this id, "" for
// none. The program's log puts the id on every line that is written under it.
func WithEvent(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, eventKey{}, id)
}

// EventOf is the id of the event that a context serves; "" where it serves none.
func EventOf(ctx context.Context) string {
	id, _ := ctx.Value(eventKey{}).(string)
	return id
}

// NewEvent is an id for something that was heard, or that a loop does by itself: short
// enough to be read out, and other than those of the days around it. It says nothing of
// what was heard.
func NewEvent() string { return eventID(rand.Uint64()) } // it has to differ, and guards nothing

// EventOfKey is the id of what a platform delivers under a key of its own: delivered
// again, to whichever process, it has the same. Without a key it is a new one.
func EventOfKey(key string) string {
	if key == "" {
		return NewEvent()
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(key)) // it never fails
	return eventID(h.Sum64())
}

// eventLetters leave out those that are mistaken for others when read out.
const eventLetters = "0123456789abcdefghjkmnpqrstvwxyz"

// eventID writes fifty bits.
func eventID(bits uint64) string {
	var id [10]byte
	for i := range id {
		id[i] = eventLetters[bits&31]
		bits >>= 5
	}
	return string(id[:])
}

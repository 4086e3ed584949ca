package discord

import (
	"context"
	"encoding/json"
)

// interaction takes an INTERACTION_CREATE. It is called on a goroutine of its own,
// within Wait, and has to answer within three seconds.
func (a *Adapter) interaction(_ context.Context, data json.RawMessage) {
	a.log.Debug("interaction not taken", "bytes", len(data))
}

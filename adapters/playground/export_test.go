package playground

import "context"

// Redeliver delivers once more what the core missed, and tells whether nothing is left.
func Redeliver(ctx context.Context, a *Adapter) bool { return a.redeliver(ctx) }

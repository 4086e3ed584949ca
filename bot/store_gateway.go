package bot

import (
	"context"
	"time"
)

// Shard is one part of what a bot hears over a platform's gateway: which bot, and which
// of how many parts, from 0.
type Shard struct {
	App   string
	Index int
	Of    int
}

// IdentifyBounds are how often a bot may begin a session.
type IdentifyBounds struct {
	Day    int           // in 24 hours
	Hour   int           // in one
	Apart  time.Duration // between two of one bucket
	Bucket int           // which of the sessions that may begin at the same time
}

// ShardState is how a shard is doing, for the doctor.
type ShardState struct {
	Shard
	Held    bool      // by a running process
	Heard   time.Time // zero: never
	Trouble string    // why it does not hear, a sentence for people; "" all is well
}

// GatewayStore keeps who listens to a gateway, and how often sessions were begun there.
// Its times are the database's own, but for heard.
type GatewayStore interface {
	// HoldShard takes a shard for a holder, or keeps it, for so long; false while another
	// holds it. heard is until when the holder took in everything that happened; zero
	// leaves what is kept. It answers what was kept before the call: zero when nobody
	// ever heard the shard.
	HoldShard(ctx context.Context, s Shard, holder string, lease time.Duration, heard time.Time) (mine bool, before time.Time, err error)
	// LeaveShard gives a shard back.
	LeaveShard(ctx context.Context, s Shard, holder string) error
	// TakeIdentify counts one more session, if it may begin now: zero. Else it answers
	// how long not to try.
	TakeIdentify(ctx context.Context, app string, b IdentifyBounds) (wait time.Duration, err error)
	// ShardTrouble keeps why a shard does not hear; "" that it does.
	ShardTrouble(ctx context.Context, s Shard, trouble string) error
	ShardLister
}

// ShardLister says how shards are doing.
type ShardLister interface {
	// Shards lists the shards that anybody held within the last months, of all bots.
	Shards(ctx context.Context) ([]ShardState, error)
}

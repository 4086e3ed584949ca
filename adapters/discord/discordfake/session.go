package discordfake

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

const (
	// SessionLife is how long a session can be resumed after its connection ended.
	// Discord names no number ("a few minutes").
	SessionLife = 5 * time.Minute

	// ReplayLimit is how many events a session keeps for a resume; who missed more
	// has to identify again. Discord names no number.
	ReplayLimit = 5000
)

// session is what a bot identified, across connections. Guarded by Server.mu.
type session struct {
	id      string
	s       *Server
	shard   [2]int
	intents Intents
	seq     int64
	heard   int64 // how far the app has come, as it says
	log     []frame
	conn    *conn // nil while it is away
	awayAt  time.Time
}

type frame struct {
	seq int64
	raw []byte
}

// hears says whether the guild is on the session's shard; what has no guild goes to
// shard 0. Source: https://docs.discord.com/developers/events/gateway#sharding
func (x *session) hears(g *Guild) bool {
	if g == nil {
		return x.shard[0] == 0
	}
	id, _ := strconv.ParseUint(g.ID, 10, 64)
	return int(id>>22%uint64(x.shard[1])) == x.shard[0]
}

// tell appends an event and sends it when the session is connected.
func (x *session) tell(name string, data object) {
	raw, err := json.Marshal(data)
	if err != nil {
		panic("discordfake: " + err.Error()) // it is this package's
	}
	x.seq++
	f := frame{x.seq, fmt.Appendf(nil, `{"t":%q,"s":%d,"op":0,"d":%s}`, name, x.seq, raw)}
	x.log = append(x.log, f)
	if len(x.log) > 2*ReplayLimit {
		x.log = append([]frame(nil), x.log[len(x.log)-ReplayLimit:]...)
	}
	if x.conn != nil {
		x.conn.send(f.raw)
	}
}

// missed are the events after seq; false when the session does not hold them all.
func (x *session) missed(seq int64) ([]frame, bool) {
	first := x.seq - int64(len(x.log)) + 1
	if seq+1 < first || x.seq-seq > ReplayLimit {
		return nil, false
	}
	return x.log[seq+1-first:], true
}

// ready is the first event of a session.
// Source: https://docs.discord.com/developers/events/gateway-events#ready
func (x *session) ready(version int) object {
	away := []object{}
	for _, g := range x.guilds() {
		away = append(away, object{"id": g.ID, "unavailable": true})
	}
	me := x.s.bot.wire()
	me["verified"], me["mfa_enabled"], me["email"], me["flags"] = true, false, nil, 0
	out := object{
		"v": version, "user": me, "guilds": away, "session_id": x.id, "resume_gateway_url": x.s.GatewayURL(), "session_type": "normal",
		"application": object{"id": x.s.appID, "flags": x.s.appFlags()}, "private_channels": []any{}, "relationships": []any{},
		"presences": []any{}, "user_settings": object{}, "guild_join_requests": []any{}, "geo_ordered_rtc_regions": []any{}, "auth": object{},
	}
	if x.shard[1] > 1 {
		out["shard"] = x.shard
	}
	return out
}

func (x *session) guilds() []*Guild {
	var out []*Guild
	for _, g := range x.s.guilds {
		if g.botIn() && x.hears(g) {
			out = append(out, g)
		}
	}
	return out
}

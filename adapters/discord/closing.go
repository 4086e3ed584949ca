package discord

import (
	"errors"
	"fmt"
	"time"

	"github.com/gorilla/websocket"

	"heed/bot"
)

// closing is why a connection ended, and what follows.
type closing struct {
	reason  string        // for the log
	wait    time.Duration // before the next try
	anew    bool          // the session can't be resumed
	asked   bool          // Discord asked for it: no sign of trouble
	fatal   string        // a sentence for people: trying again can't help
	reshard bool          // with fatal: another number of shards may
}

func (c *closing) Error() string { return c.reason }

// What nobody can mend by trying again, said to the operator.
const (
	badToken    = "Discord does not take DISCORD_TOKEN: it was reset or is not a bot's. Copy a new one from the Bot page of discord.com/developers/applications and start Heed again."
	badShard    = "Discord does not take DISCORD_SHARD: this shard does not exist among so many. Leave it out, or correct it, and start Heed again."
	fewShards   = "Discord wants this bot to be split into more shards: it is in too many guilds for one. Leave DISCORD_SHARD out, or raise its second number, and start Heed again."
	badVersion  = "Discord no longer speaks this version of its gateway. A newer Heed is needed."
	badIntents  = "Discord does not know what Heed asked to hear. A newer Heed is needed."
	notIntended = "Discord does not let this bot hear what Heed asks for: switch the intent on, on the Bot page of discord.com/developers/applications, and start Heed again."
)

// spentSessions says that Heed waits rather than have the token reset.
func spentSessions(wait time.Duration) string {
	return fmt.Sprintf("Heed has begun so many sessions with Discord that it waits about %s for the next: after 1,000 in a day Discord resets the token. Something restarts it over and over: its log says what.",
		wait.Round(time.Minute))
}

// ends says what follows from the codes with which Discord closes.
// https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
var ends = map[int]closing{
	4003: {anew: true}, // not authenticated
	4004: {fatal: badToken},
	4005: {anew: true}, // already authenticated
	4007: {anew: true}, // a sequence that Discord does not know
	4009: {anew: true}, // the session timed out
	4010: {fatal: badShard, reshard: true},
	4011: {fatal: fewShards, reshard: true},
	4012: {fatal: badVersion},
	4013: {fatal: badIntents},
	4014: {fatal: notIntended},
}

// closingOf is what follows from an error of the connection or of a call. One that says
// nothing else leaves the session to be resumed.
func closingOf(err error) *closing {
	var c *closing
	if errors.As(err, &c) {
		return c
	}
	var closed *websocket.CloseError
	if errors.As(err, &closed) {
		end := ends[closed.Code]
		end.reason = fmt.Sprintf("closed_%d", closed.Code)
		return &end
	}
	var fault *bot.Fault
	if errors.As(err, &fault) {
		end := closing{reason: fault.Reason, wait: fault.RetryAfter}
		if fault.Kind == bot.FaultRevoked {
			end.fatal = badToken
		}
		return &end
	}
	return &closing{reason: "connection_lost"}
}

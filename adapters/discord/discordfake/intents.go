package discordfake

// Intents are the groups of gateway events that an app asks for.
// Source: https://docs.discord.com/developers/events/gateway#list-of-intents
type Intents int

// The intents that the fake raises events of.
const (
	IntentGuilds                 Intents = 1 << 0
	IntentGuildMembers           Intents = 1 << 1 // privileged
	IntentGuildModeration        Intents = 1 << 2
	IntentGuildPresences         Intents = 1 << 8 // privileged
	IntentGuildMessages          Intents = 1 << 9
	IntentGuildMessageReactions  Intents = 1 << 10
	IntentDirectMessages         Intents = 1 << 12
	IntentDirectMessageReactions Intents = 1 << 13
	IntentMessageContent         Intents = 1 << 15 // privileged

	privilegedIntents = IntentGuildMembers | IntentGuildPresences | IntentMessageContent

	// knownIntents are those that exist; 17 to 19, 22 and 23 are not given out.
	knownIntents = (1<<26 - 1) &^ (1<<17 | 1<<18 | 1<<19 | 1<<22 | 1<<23)
)

// event is something that the gateway tells. It goes to the shard of its guild, to who
// asked for its intent and, with a channel, to a bot that sees the channel.
type event struct {
	name    string
	guild   *Guild   // nil: direct, which goes to shard 0
	channel *Channel // nil: no channel's
	intents Intents  // 0: everybody's
	direct  Intents  // in place of intents outside of a guild
	data    func() object
	message *message // in place of data
	always  bool     // the bot need not be in the guild nor see the channel
}

// wanted says whether a session with these intents hears the event.
func (e event) wanted(asked Intents) bool {
	need := e.intents
	if e.guild == nil && e.channel != nil {
		need = e.direct
	}
	return need == 0 || asked&need != 0
}

// body is the event's data for a session with these intents.
func (e event) body(asked Intents) object {
	if e.message == nil {
		return e.data()
	}
	m := e.message
	out := m.wire(asked&IntentMessageContent == 0 && !m.open())
	if m.nonce != nil && e.name == "MESSAGE_CREATE" {
		out["nonce"] = m.nonce
	}
	if e.guild != nil {
		out["guild_id"] = e.guild.ID
		if member := e.guild.members[m.author.ID]; member != nil {
			out["member"] = member.partial()
		}
	}
	out["channel_type"] = int(m.channel.kind)
	return out
}

// dispatch tells every session that listens. What is told is what stands now. Called
// with mu held.
func (s *Server) dispatch(e event) {
	if e.guild != nil && !e.always && (!e.guild.botIn() || e.guild.outage && e.name != "GUILD_DELETE") {
		return
	}
	if e.channel != nil && e.guild != nil && !e.always && e.name != "CHANNEL_DELETE" && !e.channel.sees(s.bot) {
		return
	}
	for _, x := range s.gateway.sessions {
		if x.hears(e.guild) && e.wanted(x.intents) {
			x.tell(e.name, e.body(x.intents))
		}
	}
	s.touch()
}

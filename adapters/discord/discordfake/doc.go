// Package discordfake is a Discord that remembers, for tests.
//
// It speaks Discord's wire and nothing else: the REST API, versions 9 and 10, under
// [Server.APIURL], and a gateway over a real WebSocket that the API names. It keeps
// guilds, channels, threads, forum posts, people, messages, reactions, pins, commands,
// forms and direct messages, and refuses what Discord refuses, by Discord's codes. It is
// built from Discord's public documentation and uses no Discord library, so an adapter
// that works against it has been checked against the wire and not against the
// assumptions of its own client.
//
// # A test in a few lines
//
//	discord := discordfake.New(discordfake.Config{})
//	defer discord.Close()
//	acme := discord.AddGuild("acme")     // the bot is in it
//	rui := acme.AddUser("rui")
//	support := acme.AddChannel("support")
//	// the app connects: discord.APIURL(), discord.Token()
//	err := discord.WaitReady(ctx, 1)
//	err = rui.Slash(support, "feedback", discordfake.Options{"text": "dark mode"})
//	receipts := discord.Ephemerals(rui)
//
// # Who does what
//
// The person in the chat is a [User]: it says, reacts, runs commands ([User.Slash],
// [User.Line], [User.Autocomplete], [User.MessageCommand]), presses and chooses
// ([User.Press], [User.PressLabel], [User.Choose]), fills forms ([User.Submit]), posts
// in forums, moderates. What a guild does by itself (roles, kicks, outages) is on
// [Guild], [Role] and [Channel]. What the platform does wrong on demand is on [Server]:
// [Server.Fail] for REST, [Server.Disconnect], [Server.InvalidateSessions],
// [Server.AskReconnect], [Server.DropHeartbeats] and their like for the gateway. What a
// test reads back is a copy: [Message], [Modal], [Request].
//
// # Waiting
//
// What a person does is in every connected session's stream before the method returns;
// whether the app has dealt with it by then is the app's to say. An interaction waits
// as the person's client does: for the first answer, three seconds at most
// ([ErrNoAnswer]), and after "is thinking…" for what was announced ([ErrThinking]).
// [Server.WaitFor] waits for anything else without polling.
//
// # What is checked
//
// Bodies are checked field by field as Discord does (see limits.go), permissions by
// their bits with roles and overwrites, threads by being archived or locked, tokens by
// their fifteen minutes. Rate limits are on unless [Config.Unchecked]: 50 requests a
// second, the buckets that clients see, edits of messages older than an hour. They run
// on [Config.Clock], so a test whose clock stands still runs into them. Message content
// is left out, over REST and the gateway alike, for an app without the privileged
// intent, but for its own messages, mentions and direct messages.
//
// # What is left out
//
// Voice, presences, stickers, polls, scheduled events, invites, webhooks other than
// interactions', OAuth, etf encoding and transport compression (an identify that asks
// for compressed payloads gets plain ones, as Discord may send).
//
// Everything is safe for concurrent use.
package discordfake

// Package slackfake is a Slack that remembers, for tests.
//
// It speaks Slack's wire and nothing else: a Web API under [Server.APIURL],
// signed requests to the app's three endpoints, or the same over Socket Mode.
// It keeps workspaces, channels, people, messages, threads, reactions, views
// and direct messages, and refuses what Slack refuses, in Slack's words. It is
// built from Slack's public documentation and uses no Slack library, so an
// adapter that works against it has been checked against the wire and not
// against the assumptions of its own client.
//
// # A test in five lines
//
//	slack := slackfake.New(slackfake.Config{})
//	defer slack.Close()
//	acme := slack.AddTeam("acme")
//	acme.Install()                       // acme.Token() is now valid
//	rui := acme.AddUser("rui")
//	support := acme.AddChannel("support", rui, acme.Bot())
//	slack.DeliverTo(appURL)              // or nothing, for Socket Mode
//	rui.Slash(support, "/feedback", "dark mode")
//
// # Who does what
//
// The person in the chat is a [User]: it says, reacts, presses, submits. What a
// workspace does by itself (renames, archives, revokes) is on [Team] and
// [Channel]. What the platform does wrong on demand is on [Server]:
// [Server.Fail], [Server.HoldEvents], [Server.DisconnectSockets]. What a test
// reads back is a copy: [Message], [View], [Call], [Delivery].
//
// # Waiting
//
// What a person does is delivered before the method returns, the first retry
// included. What follows from the app's own calls (its messages and reactions
// raise events too) is delivered in the background, in order; [Server.Settle]
// waits for it. Later retries wait for the clock: see [Server.DeliverRetries].
//
// Everything is safe for concurrent use.
package slackfake

// Package bot is the product: its words, its rules, its use cases and the ports
// it needs. It knows no platform, no SQL and no HTTP.
//
// Adapters call a [Bot] with what a person did (a [Call]) and show the [Reply]
// natively. What Heed itself posts is a [Content], kept as a Post and sent by
// the dispatcher through a [Messenger]. All state is behind [Store].
//
// Where to begin: inbound.go (everything a person can do comes in there) and
// commands.go (the one table of commands); submit.go and vote.go (the main job);
// dispatch.go and post_content.go (what Heed posts, and when); digest.go; ship.go.
// A command, its buttons and its forms stand together, and their *Routes function
// makes them known. Statements that a use case needs are asked for in store_*.go.
package bot

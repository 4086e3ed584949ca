// Package bot is the product: its words, its rules, its use cases and the ports
// it needs. It knows no platform, no SQL and no HTTP.
//
// Adapters call a [Bot] with what a person did (a [Call]) and show the [Reply]
// natively. What Heed itself posts is a [Content], kept as a Post and sent by
// the dispatcher through a [Messenger]. All state is behind [Store].
package bot

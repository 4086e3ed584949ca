// Package discord speaks Discord for Heed: events and interactions come in over
// the gateway, what Heed says goes out over REST.
//
// What the gateway delivers once and never again (reactions) goes through ordered
// queues that try until the core has committed; what was missed is read back. Rules
// are the core's; this package only translates.
package discord

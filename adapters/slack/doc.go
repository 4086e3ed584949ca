// Package slack speaks Slack for Heed: events, commands and interactions come in
// over HTTP or Socket Mode, what Heed says goes out in Block Kit.
//
// One handler stands behind both ways in. It asks the core first and
// acknowledges after the core has committed, so that what Slack was told is
// kept is kept. Rules are the core's; this package only translates.
package slack

// Package embedded runs a Postgres of Heed's own, from the binaries that are on the
// machine, so that a newcomer needs no database: the data in one folder, reachable
// over a unix socket only, stopped with the program however the program ends.
//
// The folder holds
//
//	lock          held while a program runs the server; the holder's process id is in it
//	postgres/     the data, owned by the user that Postgres runs as
//	run/          the socket, where its path is short enough
//	postgres.log  what the server said since its last start (no statements, no values)
//
// Nothing in here ever deletes a postgres/ folder that was once complete, but for
// throw-away servers.
package embedded

import "log/slog"

// Options says where the server lives.
type Options struct {
	Dir string       // the folder; made when it is not there
	Bin string       // where initdb and postgres are; "" looks in the usual places
	Log *slog.Logger // nil: silent

	// Throwaway is for tests: no durability, the role may create databases, and the
	// folder is deleted when the server stops, also when the program is killed.
	Throwaway bool

	guarded bool // have a guard end the server, also where the kernel would
}

func (o Options) log() *slog.Logger {
	if o.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return o.Log
}

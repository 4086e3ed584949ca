//go:build !unix

package embedded

import (
	"context"

	"heed/store"
)

// Server does not exist on this system.
type Server struct{}

var errSystem = &store.Problem{Code: store.NoBinaries, Sentence: "Heed runs no Postgres of its own on this system. " +
	"Set DATABASE_URL to a Postgres that runs elsewhere, or run Heed under WSL."}

// Start fails: there are no unix sockets and users to build on.
func Start(context.Context, Options) (*Server, error) { return nil, errSystem }

// Attach fails like Start.
func Attach(context.Context, Options) (*Server, error) { return nil, errSystem }

// Find fails like Start.
func Find(context.Context, string) (string, error) { return "", errSystem }

// DSN is "".
func (*Server) DSN() string { return "" }

// Bin is "".
func (*Server) Bin() string { return "" }

// Done is nil.
func (*Server) Done() <-chan struct{} { return nil }

// Stop does nothing.
func (*Server) Stop(context.Context) error { return nil }

package store_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"testing"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"heed/store"
)

// TestPassing tells what a start waits for from what it ends for.
func TestPassing(t *testing.T) {
	t.Parallel()
	code := func(c pqerror.Code) error { return fmt.Errorf("step: %w", &pq.Error{Code: c}) }
	for what, c := range map[string]struct {
		err  error
		want bool
	}{
		"nobody listens":             {&net.OpError{Op: "dial", Err: errors.New("connection refused")}, true},
		"a name not known yet":       {&net.DNSError{Err: "no such host", Name: "postgres"}, true},
		"no answer in time":          {context.DeadlineExceeded, true},
		"broken on the way":          {driver.ErrBadConn, true},
		"it starts":                  {code("57P03"), true},
		"it is shut down":            {code("57P01"), true},
		"no connection left":         {code("53300"), true},
		"disk full":                  {code("53100"), true},
		"a standby":                  {code("25006"), true},
		"the network failed":         {code("08006"), true},
		"told as a problem":          {&store.Problem{Code: store.Unreachable, Err: code("57P03")}, true},
		"wrong password":             {&store.Problem{Code: store.Unreachable, Err: code("28P01")}, false},
		"no such role":               {code("28000"), false},
		"no such database":           {code("3D000"), false},
		"it was dropped":             {code("57P04"), false},
		"no primary among the hosts": {&store.Problem{Code: store.Unreachable, Err: errors.New("session is read-only")}, true},
		"the pooler's wrong mode":    {&store.Problem{Code: store.BadPooler, Err: errors.New("transactions are refused")}, false},
		"no TLS":                     {pq.ErrSSLNotSupported, false},
		"no address":                 {&store.Problem{Code: store.BadAddress}, false},
		"a newer schema":             {&store.Problem{Code: store.TooNew}, false},
		"no right to make a table":   {code("42501"), false},
		"told to stop":               {context.Canceled, false},
	} {
		if got := store.Passing(c.err); got != c.want {
			t.Errorf("%s: %v, want %v", what, got, c.want)
		}
	}
}

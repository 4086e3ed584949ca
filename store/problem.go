package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/lib/pq"
)

// ProblemCode is the kind of a Problem.
type ProblemCode string

// The kinds of problem.
const (
	BadAddress  ProblemCode = "bad_address"  // the address is no Postgres address
	Unreachable ProblemCode = "unreachable"  // Postgres does not answer, or refuses us
	BadPooler   ProblemCode = "bad_pooler"   // what stands in front of Postgres has no transactions, or refuses us
	TooNew      ProblemCode = "too_new"      // the data was written by a newer Heed
	NotMigrated ProblemCode = "not_migrated" // the schema is of an older Heed, or not there
	TooOld      ProblemCode = "too_old"      // the server's version
	NoExtension ProblemCode = "no_extension" // the server lacks one that the schema needs
	BadLocale   ProblemCode = "bad_locale"   // the database sees no letters but Latin ones

	// Those of the embedded server.
	NoBinaries  ProblemCode = "no_binaries"  // no Postgres on this machine
	OtherMajor  ProblemCode = "other_major"  // the data needs another Postgres version
	InUse       ProblemCode = "in_use"       // another Heed has the folder
	BadFolder   ProblemCode = "bad_folder"   // the folder can't hold the data
	NotStarting ProblemCode = "not_starting" // Postgres is there but does not come up
)

// Problem is a reason why there is no database, with a sentence for the person who
// runs Heed: what is wrong, what is safe, what to do next. It never holds an address
// with a password.
type Problem struct {
	Code     ProblemCode
	Sentence string
	Err      error // the cause, for logs; may be nil
}

// Error names the kind and the cause; the sentence is for people.
func (p *Problem) Error() string {
	if p.Err == nil {
		return "postgres: " + string(p.Code)
	}
	return "postgres: " + string(p.Code) + ": " + p.Err.Error()
}

// Unwrap is the cause.
func (p *Problem) Unwrap() error { return p.Err }

// Say is the sentence.
func (p *Problem) Say() string { return p.Sentence }

// Passing tells whether an error of the database may be gone by itself in a while, so
// that waiting is worth it: nobody answers, it starts or stops, it has no connection
// left, it is a standby that has not taken over yet. A wrong password, a database that
// was never made and the like stay until somebody mends them.
func Passing(err error) bool {
	if e := (*pq.Error)(nil); errors.As(err, &e) {
		switch {
		case e.Code == "25006", e.Code == "0A000", // a standby: read_only_sql_transaction, feature_not_supported
			strings.HasPrefix(string(e.Code), "08"),   // connection exception
			strings.HasPrefix(string(e.Code), "53"),   // insufficient resources
			strings.HasPrefix(string(e.Code), "57P0"): // shutdown, crash, cannot connect now
			return e.Code != "57P04" // database_dropped
		}
		return false
	}
	if errors.Is(err, pq.ErrSSLNotSupported) {
		return false
	}
	if p := (*Problem)(nil); errors.As(err, &p) {
		return p.Code == Unreachable
	}
	var network net.Error // a name that is not known yet too: who starts first, nobody knows
	return errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) ||
		errors.Is(err, os.ErrNotExist) || errors.Is(err, context.DeadlineExceeded)
}

package store

import (
	"errors"
	"strings"

	"github.com/lib/pq"
)

// Untold is an error's text fit for a log. What Postgres says of a value that it could not
// take, or a function of somebody's own raises, may quote what people wrote: the kind of
// trouble stands there instead. nil is "".
func Untold(err error) string {
	if err == nil {
		return ""
	}
	text := err.Error()
	var pe *pq.Error
	if errors.As(err, &pe) && mayQuote(string(pe.Code)) {
		text = strings.ReplaceAll(text, pe.Message, pe.Code.Name())
	}
	return text
}

// mayQuote tells whether the messages of an error's class may hold values: data exceptions,
// and what PL/pgSQL raises.
// https://www.postgresql.org/docs/current/errcodes-appendix.html
func mayQuote(code string) bool {
	return strings.HasPrefix(code, "22") || strings.HasPrefix(code, "P0")
}

package discordfake

import (
	"fmt"
	"net/http"
	"strings"
)

// apiError is how Discord's API refuses a request:
// https://docs.discord.com/developers/reference#error-messages
//
// The numbers are documented
// (https://docs.discord.com/developers/topics/opcodes-and-status-codes#json);
// the names inside errors ("BASE_TYPE_MAX_LENGTH") are not, and are as clients
// report them.
type apiError struct {
	status  int
	code    int
	message string

	// errors is the tree of a 50035: the field's path as nested objects, at
	// its end {"_errors": [{code, message}]}. Nil for other codes.
	errors object
}

// refuse is a refusal by code alone.
func refuse(status, code int, message string) *apiError {
	return &apiError{status: status, code: code, message: message}
}

// Error makes apiError an error, for tests of the checks.
func (e *apiError) Error() string {
	return fmt.Sprintf("%d %d %s %v", e.status, e.code, e.message, e.paths())
}

// body is the refusal as it stands on the wire.
func (e *apiError) body() object {
	b := object{"message": e.message, "code": e.code}
	if e.errors != nil {
		b["errors"] = e.errors
	}
	return b
}

// paths are the refused fields, each as "components.0.label BASE_TYPE_MAX_LENGTH".
func (e *apiError) paths() []string {
	var out []string
	var walk func(at string, tree object)
	walk = func(at string, tree object) {
		for key, value := range tree {
			if key == "_errors" {
				for _, one := range value.([]object) {
					out = append(out, strings.TrimPrefix(at, ".")+" "+one["code"].(string))
				}
				continue
			}
			walk(at+"."+key, value.(object))
		}
	}
	walk("", e.errors)
	return out
}

// Refusals that need no field.
var (
	errEmptyMessage = refuse(http.StatusBadRequest, 50006, "Cannot send an empty message")
	errNotJSON      = refuse(http.StatusBadRequest, 50109, "The request body contains invalid JSON.")
	errReactions    = refuse(http.StatusBadRequest, 30010, "Maximum number of reactions reached (20)")
)

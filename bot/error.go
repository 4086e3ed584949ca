package bot

import "errors"

// Code is the kind of a refusal.
type Code string

// The kinds of refusal.
const (
	Invalid   Code = "invalid"   // the person can mend it
	NotFound  Code = "not_found" // no such thing on this board, or not for these eyes
	Forbidden Code = "forbidden" // somebody else may
	Conflict  Code = "conflict"  // it is done already, or cannot follow from what is
	Limited   Code = "limited"   // too much for now
)

// Refusal is an error with what the person is to read: what happened, that nothing
// is lost, what to do next.
type Refusal struct {
	Code  Code
	Reply Reply
}

// Error names the kind only, for logs; the words are for the person.
func (r *Refusal) Error() string { return "refused: " + string(r.Code) }

// Refuse makes a refusal of a code and a reply.
func Refuse(code Code, reply Reply) error { return &Refusal{code, reply} }

// RefusedWith is err's refusal code, or "" when err is no refusal.
func RefusedWith(err error) Code {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Code
	}
	return ""
}

// ErrNotFound is what the store answers when there is no such row.
var ErrNotFound = errors.New("not found")

// ErrUnattached is that an act came from a workspace that Heed is not in.
var ErrUnattached = errors.New("workspace not attached")

// giveBack adds what a person typed to the refusal of it, so that it is not lost with
// the form. Other errors and empty texts stay as they are.
func giveBack(err error, typed ...string) error {
	var r *Refusal
	if !errors.As(err, &r) {
		return err
	}
	say, ok := r.Reply.(Say)
	if !ok {
		return err
	}
	first := true
	for _, t := range typed {
		if Empty(t) {
			continue
		}
		if first {
			say = say.With(Small{Textf("Here is what you wrote:")})
			first = false
		}
		say = say.With(Quote{Literal(t)})
	}
	return Refuse(r.Code, say)
}

// Unclear is why something that a person typed could not be taken: a tag, a
// zone, a schedule.
type Unclear struct {
	// Said is what was typed.
	Said string
	// Problem is one sentence or two for the person: what is wrong and what
	// would work.
	Problem string
	// Near is what may have been meant, best first; often empty.
	Near []string
}

func (e *Unclear) Error() string { return e.Problem }

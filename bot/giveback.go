package bot

import "errors"

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

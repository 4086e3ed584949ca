package discord

import "heed/bot"

// drawForm renders a page of a form, counted from 0, and tells how many there are:
// a modal holds five components. Inputs are called as their fields; the modal's own
// custom_id is left to the opener, who keeps the form's ID and State.
func drawForm(f bot.Form, page int) (modal, int) {
	return modal{Title: cut(f.Title, maxModalTitle)}, 1
}

// filled is f with these values in its fields, as a person left them.
func filled(f bot.Form, values map[string]string) bot.Form { return f }

// mend is what a person is shown in private when a form that they sent can't be
// taken as it is: what to mend at which field, and a button that opens it again.
func mend(f bot.Form, wrong map[string]string, open bot.Action) bot.Doc { return nil }

// goOn is what a person is shown in private between two pages of a form: the first
// is kept; open leads to the next, done (when not "") sends what there is.
func goOn(f bot.Form, next int, open, done bot.Action) bot.Doc { return nil }

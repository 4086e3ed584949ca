package bot

// Reply is what a person is answered, in private: one of Nothing, Say, Ask, Fix.
// Every adapter renders all of them.
type Reply interface{ reply() }

// Nothing is no answer: what they did shows by itself.
type Nothing struct{}

// Say shows a document to the person alone.
type Say struct {
	Doc     Doc
	Replace bool // in place of the private message whose button was pressed, where there is one
}

// Ask opens a form.
type Ask struct{ Form Form }

// Fix keeps a submitted form open and says at each field what to mend.
type Fix struct{ Errors map[string]string }

func (Nothing) reply() {}
func (Say) reply()     {}
func (Ask) reply()     {}
func (Fix) reply()     {}

// Sayf is a Say of one paragraph, with buttons if any.
func Sayf(format string, args ...any) Say {
	return Say{Doc: Doc{Para{Textf(format, args...)}}}
}

// With adds blocks below.
func (s Say) With(blocks ...Block) Say {
	s.Doc = append(s.Doc[:len(s.Doc):len(s.Doc)], blocks...)
	return s
}

package bot

import (
	"bytes"
	"strings"
)

// LegibleJSON is JSON without the character NUL, which is in no text that people write and
// which Postgres keeps in none: a name that holds it would keep its owner out.
func LegibleJSON(data []byte) []byte {
	const nul, stranger = `\u0000`, `\ufffd`
	if !bytes.Contains(data, []byte(nul)) {
		return data
	}
	out := make([]byte, 0, len(data))
	for len(data) > 0 {
		n := 1
		switch {
		case bytes.HasPrefix(data, []byte(nul)):
			out, n = append(out, stranger...), len(nul)
		case data[0] == '\\' && len(data) > 1: // what is escaped is no beginning
			n = 2
			fallthrough
		default:
			out = append(out, data[:n]...)
		}
		data = data[n:]
	}
	return out
}

// Legible is a text that did not come as JSON, as Postgres keeps it: without NUL, and
// with U+FFFD for what is no UTF-8.
func Legible(text string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", "\uFFFD"), "\uFFFD")
}

package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"heed/bot"
)

// importColumns are the columns that import reads, with the other names that tools give
// them.
var importColumns = []struct {
	name  string
	other []string
}{
	{"id", []string{"key", "external_id"}},
	{"number", nil},
	{"title", []string{"subject", "summary"}},
	{"body", []string{"description", "details", "text", "content"}},
	{"status", []string{"state"}},
	{"tags", []string{"labels"}},
	{"author", []string{"requester", "created_by"}},
	{"created_at", []string{"created", "date"}},
	{"votes", []string{"upvotes"}},
	{"permalink", nil},
}

// columnOf is the column that a heading means, "" when none.
func columnOf(heading string) string {
	heading = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(heading)), " ", "_")
	for _, c := range importColumns {
		if heading == c.name || slices.Contains(c.other, heading) {
			return c.name
		}
	}
	return ""
}

// header is what a file's first line says: where each column stands.
type header struct {
	at     map[string]int
	width  int
	unread []string // headings that mean nothing here, or mean what another one means
}

// readHeader reads headings. A heading by its own name goes before another name for it.
func readHeader(cells []string) (header, error) {
	h := header{at: map[string]int{}, width: len(cells)}
	for i, c := range cells {
		name := columnOf(c)
		there, taken := h.at[name]
		switch {
		case name == "" || taken && columnName(cells[there]) == name:
			h.unread = append(h.unread, c)
			continue
		case taken && columnName(c) != name:
			h.unread = append(h.unread, c)
			continue
		case taken:
			h.unread = append(h.unread, cells[there])
		}
		h.at[name] = i
	}
	_, title := h.at["title"]
	_, body := h.at["body"]
	if !title && !body {
		return h, errors.New("the first line names neither a title nor a body. It has to name the columns, for example: title,body,status,tags,created_at. Nothing was imported")
	}
	return h, nil
}

func columnName(heading string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(heading)), " ", "_")
}

// importRow is a line of the file, read.
type importRow struct {
	bot.Import
	author string // as the file has it
	voted  bool   // it had votes there
	merged bool   // it was merged into another, whose line is in the file
}

// rowFault is what is wrong with a line and how to mend it, in a sentence for whoever has
// the file.
type rowFault string

func (f rowFault) Error() string { return string(f) }

func faultf(format string, args ...any) error { return rowFault(fmt.Sprintf(format, args...)) }

// row reads the cells of a line. Its errors are rowFaults.
func (h header) row(cells []string, source string, now time.Time) (importRow, error) {
	for _, c := range cells {
		if !utf8.ValidString(c) {
			return importRow{}, rowFault("it is not UTF-8; save the file as “CSV UTF-8” and import it again.")
		}
	}
	if len(cells) != h.width {
		return importRow{}, faultf("it has %d cells and the first line has %d; a text with a comma, a quote or a line break belongs in quotes.", len(cells), h.width)
	}
	cell := func(column string) string {
		if i, ok := h.at[column]; ok {
			return unguarded(cells[i])
		}
		return ""
	}
	word := func(column string) string { return strings.TrimSpace(cell(column)) }
	r := importRow{Import: bot.NewImport(cell("title"), cell("body")), author: bot.Clean(cell("author"))}
	r.Permalink = word("permalink")
	var err error
	if r.merged, err = r.readStatus(word("status")); err != nil {
		return r, err
	}
	if r.Tags, err = readTags(bot.Clean(cell("tags"))); err != nil {
		return r, err
	}
	if r.CreatedAt, err = readTime(word("created_at")); err != nil {
		return r, err
	}
	r.voted = strings.Trim(word("votes"), "0") != ""
	r.Number, _ = strconv.Atoi(strings.TrimPrefix(word("number"), "#")) // another tool's may be no number; then it names nothing
	switch id := word("id"); {
	case id != "":
		r.Key = importKey("id", source, id)
	case r.Number > 0 && !r.CreatedAt.IsZero():
		r.Key = importKey("number", strconv.Itoa(r.Number), strconv.FormatInt(r.CreatedAt.UnixMicro(), 10))
	default:
		r.Key = importKey("words", r.Title, r.Body, r.author, word("created_at"))
	}
	if problem := r.Problem(now); problem != "" {
		return r, rowFault(problem)
	}
	return r, nil
}

// importKey names a row by what stays the same when the file is imported again.
func importKey(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return "import:" + hex.EncodeToString(sum[:16])
}

// readStatus reads a status; none is new.
func (r *importRow) readStatus(s string) (merged bool, err error) {
	if s == "" || strings.EqualFold(s, "merged") {
		return s != "", nil
	}
	status, ok := bot.ParseStatus(s)
	if !ok {
		return false, faultf("%q is no status of Heed's; use new, under_review, needs_info, planned, started, shipped or declined.", bot.Excerpt(s, 40))
	}
	r.Status = status
	return false, nil
}

// readTags reads tags with a comma, semicolon, bar or line break between them.
func readTags(s string) ([]string, error) {
	var out []string
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",;|\n", r) }) {
		if strings.TrimSpace(word) == "" {
			continue
		}
		tag, err := bot.ParseTag(word)
		var unclear *bot.Unclear
		if errors.As(err, &unclear) {
			return nil, rowFault("its tags don't work: " + unclear.Problem)
		}
		if err != nil {
			return nil, err
		}
		if !slices.Contains(out, tag) {
			out = append(out, tag)
		}
	}
	return out, nil
}

// timeForms are the ways to write a time that mean one thing only. Without a zone it is
// UTC.
var timeForms = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999 MST",
	"2006-01-02 15:04:05.999999999", "2006-01-02 15:04", time.DateOnly,
}

// readTime reads a time, to the microsecond; none is the zero one.
func readTime(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, form := range timeForms {
		if t, err := time.Parse(form, s); err == nil && (!strings.Contains(form, "MST") || strings.HasSuffix(s, " UTC")) {
			return t.UTC().Truncate(time.Microsecond), nil
		}
	}
	return time.Time{}, faultf("%q is no date that is clear; write 2026-11-23 or 2026-11-23T09:00:00Z.", bot.Excerpt(s, 40))
}

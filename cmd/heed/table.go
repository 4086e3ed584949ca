package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// table is where exported rows go, one at a time. Values come in the order of the
// columns: string, int, int64, bool, time.Time, words, lines, numbers, or nil for none.
type table interface {
	begin() error
	row(values ...any) error
	end() error
}

// Lists, by how a CSV cell holds them. JSON has them as arrays.
type (
	words   []string // a,b: they hold no comma
	lines   []string // one a line
	numbers []int64  // 1,2
)

// csvTable writes CSV as RFC 4180 has it, with \n at the ends of lines, and keeps
// spreadsheets from running a cell as a formula.
type csvTable struct {
	w       *csv.Writer
	columns []string
}

func newCSVTable(w io.Writer, columns []string) *csvTable {
	return &csvTable{csv.NewWriter(w), columns}
}

func (t *csvTable) begin() error { return t.write(t.columns) }

func (t *csvTable) row(values ...any) error {
	cells := make([]string, len(values))
	for i, v := range values {
		cells[i] = guarded(cell(v))
	}
	return t.write(cells)
}

// write hands a line on at once, so that memory holds one.
func (t *csvTable) write(cells []string) error {
	if err := t.w.Write(cells); err != nil {
		return err
	}
	t.w.Flush()
	return t.w.Error()
}

func (t *csvTable) end() error { return nil }

// cell is a value as a CSV cell has it.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case bool:
		return strconv.FormatBool(v)
	case time.Time:
		return instant(v)
	case words:
		return strings.Join(v, ",")
	case lines:
		return strings.Join(v, "\n")
	case numbers:
		all := make([]string, len(v))
		for i, n := range v {
			all[i] = strconv.FormatInt(n, 10)
		}
		return strings.Join(all, ",")
	}
	return fmt.Sprint(v)
}

// instant is a time in RFC 3339, UTC, to the microsecond that Postgres keeps.
func instant(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// formulaMarks begin what a spreadsheet runs, and ' what it hides.
const formulaMarks = "=+-@'\t\r"

// guarded is a cell that a spreadsheet shows as it is: with a ' before it where it
// would run it, or take a ' of its own away. See unguarded.
func guarded(s string) string {
	if s != "" && strings.ContainsRune(formulaMarks, rune(s[0])) {
		return "'" + s
	}
	return s
}

// unguarded takes exactly one leading ' off a cell: guarded undone.
func unguarded(s string) string { return strings.TrimPrefix(s, "'") }

// jsonTable writes one array of objects, an object a line, whose fields are the columns
// in their order.
type jsonTable struct {
	w       io.Writer
	columns []string
	some    bool
}

func newJSONTable(w io.Writer, columns []string) *jsonTable {
	return &jsonTable{w: w, columns: columns}
}

func (t *jsonTable) begin() error {
	_, err := io.WriteString(t.w, "[")
	return err
}

func (t *jsonTable) row(values ...any) error {
	var line bytes.Buffer
	if t.some {
		line.WriteByte(',')
	}
	line.WriteString("\n{")
	t.some = true
	for i, v := range values {
		if i > 0 {
			line.WriteByte(',')
		}
		line.WriteString(strconv.Quote(t.columns[i]) + ":")
		if err := jsonValue(&line, v); err != nil {
			return err
		}
	}
	line.WriteByte('}')
	_, err := line.WriteTo(t.w)
	return err
}

func (t *jsonTable) end() error {
	closing := "]\n"
	if t.some {
		closing = "\n]\n"
	}
	_, err := io.WriteString(t.w, closing)
	return err
}

// jsonValue writes a value as JSON has it: lists as arrays, also empty ones.
func jsonValue(w *bytes.Buffer, v any) error {
	switch x := v.(type) {
	case time.Time:
		v = instant(x)
	case words:
		v = append([]string{}, x...)
	case lines:
		v = append([]string{}, x...)
	case numbers:
		v = append([]int64{}, x...)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	w.Truncate(w.Len() - 1) // Encode ends with a line break
	return nil
}

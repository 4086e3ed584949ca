package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// importFile is a CSV file as tools and spreadsheets write it. It is read a line at a
// time.
type importFile struct {
	csv    *csv.Reader
	header header
}

// headEnough is how much of a file is looked at to find what stands between its cells.
const headEnough = 1 << 16

// openImport reads the first line of a file. Its errors are for whoever has it.
func openImport(r io.Reader) (*importFile, error) {
	in := bufio.NewReaderSize(r, headEnough)
	head, err := in.Peek(headEnough)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("the file can't be read: %w", err)
	}
	if bytes.HasPrefix(head, []byte{0xFF, 0xFE}) || bytes.HasPrefix(head, []byte{0xFE, 0xFF}) {
		return nil, errors.New("the file is UTF-16; save it as “CSV UTF-8”. Nothing was imported")
	}
	if mark := []byte("\uFEFF"); bytes.HasPrefix(head, mark) { // spreadsheets begin UTF-8 with it
		_, _ = in.Discard(len(mark))
		head = head[len(mark):]
	}
	f := &importFile{csv: csv.NewReader(in)}
	f.csv.FieldsPerRecord = -1
	f.csv.Comma = between(head)
	cells, err := f.csv.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the file is empty. Its first line has to name the columns, for example: title,body,status,tags,created_at")
	}
	if err != nil {
		return nil, fmt.Errorf("the first line is no CSV (%s). Nothing was imported", unquoted(err))
	}
	for i, c := range cells {
		cells[i] = unguarded(c)
	}
	if f.header, err = readHeader(cells); err != nil {
		return nil, err
	}
	return f, nil
}

// between is what stands between the cells of a file: of a comma, a semicolon (where the
// comma is in the numbers) and a tab, the one that makes most columns of the first line.
func between(head []byte) rune {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	best, most := ',', 0
	for _, c := range []rune{',', ';', '\t'} {
		known := 0
		for _, heading := range strings.Split(string(line), string(c)) {
			if columnOf(strings.Trim(strings.TrimSpace(heading), `"`)) != "" {
				known++
			}
		}
		if known > most {
			best, most = c, known
		}
	}
	return best
}

// next answers the cells of the next row that says anything, and the line where it
// begins; io.EOF at the end. A *csv.ParseError is a fault of this row alone.
func (f *importFile) next() (cells []string, line int, err error) {
	for {
		cells, err = f.csv.Read()
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			return nil, bad.StartLine, err
		}
		if err != nil {
			return nil, 0, err
		}
		line, _ = f.csv.FieldPos(0)
		for _, c := range cells {
			if strings.TrimSpace(c) != "" {
				return cells, line, nil
			}
		}
	}
}

// unquoted says what is wrong with the quotes of a row, and how to mend it.
func unquoted(err error) string {
	var bad *csv.ParseError
	if errors.As(err, &bad) && errors.Is(bad.Err, csv.ErrQuote) {
		return fmt.Sprintf("a quote mark opens here that nothing closes as it should, up to line %d; write a quote mark inside a text twice, and check what stands up to there.", bad.Line)
	}
	if errors.As(err, &bad) && errors.Is(bad.Err, csv.ErrBareQuote) {
		return "a quote mark stands inside a text that has none around it; put the text in quotes and write the mark twice."
	}
	return "it is no CSV."
}

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"heed/bot"
	"heed/store"
)

// errUnwell says that the doctor found something to mend; what, was said.
var errUnwell = errors.New("something needs mending")

// doctor says what is wrong and how to mend it: the configuration, the database, and
// what every board needs. It fails where something has to be mended.
func (p program) doctor(ctx context.Context, args []string) error {
	fs := p.flags("doctor", "doctor [--json]")
	asJSON := fs.Bool("json", false, "print one JSON array for a program: board, problems, text")
	if err := p.parse(fs, args); err != nil {
		return err
	}
	work, err := p.task(ctx)
	if err != nil {
		return err
	}
	defer work.end()
	status, err := store.Check(ctx, work.data.db)
	if err != nil {
		return err
	}
	reports := []report{}
	if n := len(status.Problems); n > 0 { // no board can be looked at
		var lines []string
		for _, x := range status.Problems {
			lines = append(lines, "⚠️ "+x.Sentence)
		}
		return p.report([]report{{Problems: n, Text: strings.Join(lines, "\n")}}, *asJSON)
	}
	held, c, log := work.store, work.config, work.log
	clock, err := clockOf(ctx, c, held)
	if err != nil {
		return err
	}
	found, err := bot.New(held, clock, log, nil, bot.Options{}).Doctor(ctx)
	if err != nil {
		return err
	}
	for _, x := range found {
		reports = append(reports, report{x.Board.Name, x.Problems, x.Doc.Plain()})
	}
	closed, err := closedReport(ctx, c, held)
	if err != nil {
		return err
	}
	reports = append(reports, closed...)
	if len(found) == 0 && !*asJSON {
		fmt.Fprintln(p.out, "The database answers. No workspace is attached yet: run `heed serve`, or connect Slack or Discord.")
	}
	return p.report(reports, *asJSON)
}

// report is what the doctor says of one board, or, without a board, of the database.
type report struct {
	Board    string `json:"board"`
	Problems int    `json:"problems"`
	Text     string `json:"text"`
}

// report prints what was found and answers errUnwell where something needs mending.
func (p program) report(all []report, asJSON bool) error {
	problems := 0
	for _, r := range all {
		problems += r.Problems
		if !asJSON {
			fmt.Fprintln(p.out, strings.TrimSpace(r.Board+"\n"+r.Text))
		}
	}
	if asJSON {
		if err := json.NewEncoder(p.out).Encode(all); err != nil {
			return err
		}
	}
	if problems > 0 {
		return errUnwell
	}
	return nil
}

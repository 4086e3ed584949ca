package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"heed/bot"
	"heed/store"
)

// errUnwell says that the doctor found something to mend; what, was said.
var errUnwell = errors.New("something needs mending")

// examinePatience is how long the doctor waits for each answer of a platform.
const examinePatience = 5 * time.Second

const doctorUsage = "doctor [--json]\n\n" +
	"Looks at the database, the clock, the public address, every workspace and every board, and says what is wrong and\n" +
	"how to mend it. Changes nothing. Ends with 0 when all is well, 1 when something is to be mended, 2 when the\n" +
	"configuration can't be read.\n\n" +
	"--json prints one object: well (true or false), problems (how many), and checks, each with area (configuration,\n" +
	"database, clock, address, workspace, board), check, state (well, hint, problem), board, workspace (like slack:T123) and\n" +
	"text (a sentence, with what mends it). Names of areas and checks stay; texts may change."

// doctor says what is wrong and how to mend it. It fails where something has to be mended.
func (p program) doctor(ctx context.Context, args []string) error {
	fs := p.flags("doctor", doctorUsage)
	asJSON := fs.Bool("json", false, "print one JSON object for a program")
	if err := p.parse(fs, args); err != nil {
		return err
	}
	c, err := readConfig(p.environ)
	if err != nil {
		return err
	}
	d := &diagnosis{Checks: []check{}}
	if err := p.diagnose(ctx, c, d); err != nil {
		return err
	}
	d.Well = d.Problems == 0
	if *asJSON {
		err = json.NewEncoder(p.out).Encode(d)
	} else {
		err = d.write(p.out)
	}
	if err == nil && !d.Well {
		err = errUnwell
	}
	return err
}

// diagnosis is all that the doctor found; a program reads it as JSON.
type diagnosis struct {
	Well     bool    `json:"well"`
	Problems int     `json:"problems"`
	Checks   []check `json:"checks"`
}

// check is one thing that was looked at.
type check struct {
	Area      string           `json:"area"`
	Check     string           `json:"check"`
	State     bot.FindingState `json:"state"`
	Board     string           `json:"board,omitempty"`
	Workspace string           `json:"workspace,omitempty"`
	Text      string           `json:"text"`
}

// add adds a finding of the program's own.
func (d *diagnosis) add(area, name string, state bot.FindingState, format string, args ...any) {
	d.put(check{Area: area, Check: name, State: state, Text: fmt.Sprintf(format, args...)})
}

func (d *diagnosis) put(c check) {
	if c.State == bot.FoundProblem {
		d.Problems++
	}
	d.Checks = append(d.Checks, c)
}

// diagnose looks at everything, as far as it gets.
func (p program) diagnose(ctx context.Context, c config, d *diagnosis) error {
	work, err := p.taskOf(ctx, c)
	var away *store.Problem
	if errors.As(err, &away) {
		d.add("database", "answers", bot.FoundProblem, "%s", away.Sentence)
		return nil
	}
	if err != nil {
		return err
	}
	defer work.end()
	status, err := store.Check(ctx, work.data.db)
	if err != nil {
		return err
	}
	d.database(status)
	d.clock(status)
	if len(status.Problems) > 0 { // no board can be looked at
		return nil
	}
	if err := d.secret(ctx, c, work.store); err != nil {
		return err
	}
	if err := d.address(ctx, c, work.store); err != nil {
		return err
	}
	return d.boards(ctx, work)
}

// boards looks at every board and its workspaces.
func (d *diagnosis) boards(ctx context.Context, work *task) error {
	clock, err := clockOf(ctx, work.config, work.store)
	if err != nil {
		return err
	}
	messengers, err := work.messengers()
	if err != nil {
		return err
	}
	found, err := bot.New(work.store, clock, work.log, messengers, bot.Options{Patience: examinePatience}).Doctor(ctx)
	if err != nil {
		return err
	}
	for _, b := range found {
		for _, f := range b.Findings {
			if f.Area != "database" { // looked at closer above
				d.put(check{f.Area, f.Check, f.State, cmp.Or(b.Name, fmt.Sprintf("board %d", b.Board.ID)), f.Workspace, f.Plain()})
			}
		}
	}
	if len(found) == 0 {
		d.add("board", "workspaces", bot.FoundHint, "No workspace is attached yet: run `heed serve`, or connect Slack or Discord.")
	}
	return nil
}

// write tells it to a person: a heading for what was looked at, a sign and a word for how
// each thing is.
func (d *diagnosis) write(w io.Writer) error {
	signs := map[bot.FindingState]string{bot.FoundWell: "✓ ok  ", bot.FoundHint: "· hint", bot.FoundProblem: "✗ mend"}
	titles := map[string]string{"configuration": "Configuration", "database": "Database", "clock": "Clock", "address": "Public address"}
	last := ""
	count := map[bot.FindingState]int{}
	for _, c := range d.Checks {
		title := cmp.Or(titles[c.Area], "Boards")
		if c.Board != "" {
			title = "Board " + c.Board
		}
		if title != last {
			if _, err := fmt.Fprintf(w, "%s\n", title); err != nil {
				return err
			}
			last = title
		}
		if _, err := fmt.Fprintf(w, "  %s  %s\n", signs[c.State], c.Text); err != nil {
			return err
		}
		count[c.State]++
	}
	verdict := fmt.Sprintf("All is well: %d looked at.", len(d.Checks))
	if d.Problems > 0 {
		verdict = fmt.Sprintf("To mend: %d. Well: %d.", d.Problems, count[bot.FoundWell])
	}
	if n := count[bot.FoundHint]; n > 0 {
		verdict += fmt.Sprintf(" Could be better: %d.", n)
	}
	_, err := fmt.Fprintln(w, "\n"+verdict)
	return err
}

package main

import (
	"context"
	"errors"
	"fmt"

	"heed/bot"
	"heed/store"
)

// errUnwell says that the doctor found something to mend; what, was said.
var errUnwell = errors.New("something needs mending")

// doctor says what is wrong and how to mend it: the configuration, the database, and
// what every board needs. It fails where something has to be mended.
func (p program) doctor(ctx context.Context, args []string) error {
	if err := p.parse(p.flags("doctor", "doctor"), args); err != nil {
		return err
	}
	c, err := readConfig(p.environ)
	if err != nil {
		return err
	}
	log := newLog(c, p.err)
	data, err := openDatabase(ctx, c, log, false)
	if err != nil {
		return err
	}
	defer data.close(log)
	status, err := store.Check(ctx, data.db)
	if err != nil {
		return err
	}
	for _, x := range status.Problems {
		fmt.Fprintln(p.out, "⚠️ "+x.Sentence)
	}
	if len(status.Problems) > 0 {
		return errUnwell
	}
	found, err := bot.New(store.New(data.db), bot.SystemClock{}, log, nil, bot.Options{}).Doctor(ctx)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		fmt.Fprintln(p.out, "The database answers. No workspace is attached yet: run `heed serve`, or connect Slack.")
	}
	problems := 0
	for _, x := range found {
		problems += x.Problems
		fmt.Fprintf(p.out, "%s\n%s\n", x.Board.Name, x.Doc.Plain())
	}
	if problems > 0 {
		return errUnwell
	}
	return nil
}

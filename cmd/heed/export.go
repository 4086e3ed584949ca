package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"heed/bot"
	"heed/store"
)

// exported is a kind of thing that can be exported: its columns in order, which never
// change their place or name, and what fills them.
type exported struct {
	name    string
	columns []string
	rows    func(ctx context.Context, s *store.Store, b bot.BoardID, row func(...any) error) error
}

// exports are all of them. docs/export.md tells what each column means.
var exports = []exported{
	{"items", []string{"number", "title", "status", "votes", "author", "created_at", "tags", "permalink", "body"},
		func(ctx context.Context, s *store.Store, b bot.BoardID, row func(...any) error) error {
			return s.ExportItems(ctx, b, func(l store.ItemLine) error {
				return row(l.Number, l.Title, l.Status, l.Votes, l.Author, l.CreatedAt, words(l.Tags), l.Permalink, l.Body)
			})
		}},
	{"votes", []string{"number", "person", "since", "supports"},
		func(ctx context.Context, s *store.Store, b bot.BoardID, row func(...any) error) error {
			return s.ExportVotes(ctx, b, func(l store.VoteLine) error {
				return row(l.Number, int64(l.Person), l.Since, l.Supports)
			})
		}},
	{"stories", []string{"number", "state", "position", "as_a", "i_want", "so_that", "criteria", "estimate", "sprint", "label", "items", "created_at"},
		func(ctx context.Context, s *store.Store, b bot.BoardID, row func(...any) error) error {
			return s.ExportStories(ctx, b, func(l store.StoryLine) error {
				var position any
				if l.Position.Valid {
					position = l.Position.Int64
				}
				return row(l.Number, l.State, position, l.AsA, l.IWant, l.SoThat, lines(l.Criteria), l.Estimate, l.Sprint, l.Label, numbers(l.Items), l.CreatedAt)
			})
		}},
}

// exportUsage is what --help says before the flags.
func exportUsage() string {
	var b strings.Builder
	b.WriteString("export items|votes|stories [--board NAME] [--format csv|json]\n\n" +
		"Writes to the standard output, team-only requests included, hidden and withdrawn ones left out.\nThe columns, in this order:\n")
	for _, e := range exports {
		fmt.Fprintf(&b, "  %-8s %s\n", e.name, strings.Join(e.columns, ","))
	}
	return b.String()
}

// export writes what a board holds, for sheets and other programs.
func (p program) export(ctx context.Context, args []string) error {
	return interrupted(p.exportTable(ctx, args))
}

func (p program) exportTable(ctx context.Context, args []string) error {
	fs := p.flags("export", exportUsage())
	named := fs.String("board", "", "the board's name; may be left out where there is one")
	format := fs.String("format", "csv", "csv or json")
	rest, err := p.parseAround(fs, args, 1)
	if err != nil {
		return err
	}
	what, err := p.exportOf(rest)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(p.out, 1<<16)
	var t table
	switch *format {
	case "csv":
		t = newCSVTable(out, what.columns)
	case "json":
		t = newJSONTable(out, what.columns)
	default:
		fmt.Fprintf(p.err, "heed: --format is csv or json, not %q.\n", *format)
		return errUse
	}
	work, err := p.task(ctx)
	if err != nil {
		return err
	}
	defer work.end()
	if err := work.ready(ctx); err != nil {
		return err
	}
	board, err := p.board(ctx, work.store, *named)
	if err != nil {
		return err
	}
	if err := t.begin(); err != nil {
		return unwhole(err)
	}
	if err := what.rows(ctx, work.store, board.ID, t.row); err != nil {
		return unwhole(errors.Join(err, out.Flush()))
	}
	if err := t.end(); err != nil {
		return unwhole(err)
	}
	if err := out.Flush(); err != nil {
		return unwhole(err)
	}
	return nil
}

// exportOf is the kind that was asked for.
func (p program) exportOf(args []string) (exported, error) {
	for _, e := range exports {
		if len(args) == 1 && args[0] == e.name {
			return e, nil
		}
	}
	if len(args) == 0 {
		fmt.Fprintln(p.err, "heed: say what to export: items, votes or stories.")
	} else {
		fmt.Fprintf(p.err, "heed: %q can't be exported; items, votes and stories can.\n", args[0])
	}
	return exported{}, errUse
}

// unwhole is the end of an export before its end: whoever reads the file must not take
// it for all there is.
func unwhole(err error) error {
	return fmt.Errorf("the export stopped, and what was written is not whole: %w", err)
}

// interrupted makes an end by Ctrl-C or SIGTERM a failure, which for commands that serve
// it is not.
func interrupted(err error) error {
	if errors.Is(err, context.Canceled) {
		return errors.New("interrupted before its end. An export is not whole then; an import keeps what is in, and does the rest when it is run again")
	}
	return err
}

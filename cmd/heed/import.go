package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"

	"heed/bot"
	"heed/store"
)

const importUsage = `import [--board NAME] [--dry-run] [FILE]

Takes in requests from a CSV file, or from the standard input, a row a request. The
first line names the columns. Read are:
  title, body    one of them is needed
  status         new, under_review, needs_info, planned, started, shipped, declined; else new
  tags           with commas between them
  created_at     2026-11-23 or 2026-11-23T09:00:00Z; else now
  permalink      where to read it in the original
  author         a name; counts with --authors only
  votes          read, but no votes are made of it: nobody knows whose they are
  id             what it is called where it comes from: the same again adds nothing
A row that can't be taken in is named with what to do; the others go in. Importing a file
again adds only what is not there yet.
`

// importOptions are what the command was asked to do.
type importOptions struct {
	dry, authors bool
	source       string
	audience     bot.Audience
	workspace    bot.WorkspaceID // 0: no cards
}

// errRows is that rows were not taken in, each of which was named.
var errRows = errors.New("some rows were not taken in. Mend them and import the file again: what is in stays as it is")

// importCSV takes in requests from a CSV file.
func (p program) importCSV(ctx context.Context, args []string) error {
	return interrupted(p.importRows(ctx, args))
}

func (p program) importRows(ctx context.Context, args []string) error {
	fs := p.flags("import", importUsage)
	named := fs.String("board", "", "the board's name; may be left out where there is one")
	dry := fs.Bool("dry-run", false, "say what would happen, and write nothing")
	audience := fs.String("audience", "team", "who may see them: team or community")
	authors := fs.Bool("authors", false, "an author is the member of that name, where there is exactly one, and has a vote")
	cards := fs.Bool("cards", false, "post a card for each open one where cards live")
	source := fs.String("source", "", "where the ids come from, when files of several tools have the same ids")
	rest, err := p.parseAround(fs, args, 1)
	if err != nil {
		return err
	}
	o := importOptions{dry: *dry, authors: *authors, source: *source, audience: bot.Audience(*audience)}
	if o.audience != bot.Team && o.audience != bot.Community {
		fmt.Fprintf(p.err, "heed: --audience is team or community, not %q.\n", *audience)
		return errUse
	}
	in, done, err := p.importFrom(rest)
	if err != nil {
		return err
	}
	defer done()
	file, err := openImport(in)
	if err != nil {
		return err
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
	if *cards {
		if o.workspace, err = cardWorkspace(ctx, work.store, board, o.audience); err != nil {
			return err
		}
	}
	clock := p.clock
	if clock == nil {
		clock = bot.SystemClock{}
	}
	core := bot.New(work.store, clock, work.log, nil, bot.Options{})
	i := &importing{importOptions: o, out: p.out, err: p.err, file: file, store: work.store, core: core, clock: clock, board: board.ID, seen: map[string]bool{}}
	if err := i.run(ctx); err != nil {
		return err
	}
	i.sum(board)
	if i.failed > 0 {
		return errRows
	}
	return nil
}

// importFrom opens what is to be read: the file named, or the standard input.
func (p program) importFrom(args []string) (io.Reader, func(), error) {
	if len(args) == 1 && args[0] != "-" {
		f, err := os.Open(args[0])
		if err != nil {
			return nil, nil, fmt.Errorf("%s can't be read. Nothing was imported", args[0])
		}
		return f, func() { closeQuietly(f) }, nil
	}
	if f, ok := p.in.(*os.File); ok && len(args) == 0 {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			fmt.Fprintln(p.err, "heed: say which file to import, or pipe one in.")
			return nil, nil, errUse
		}
	}
	return p.in, func() {}, nil
}

// cardWorkspace is the board's workspace with a channel that may show the cards of
// what is imported.
func cardWorkspace(ctx context.Context, s *store.Store, board bot.Board, a bot.Audience) (bot.WorkspaceID, error) {
	channels, err := s.Channels(ctx, board.ID, 0)
	if err != nil {
		return 0, fmt.Errorf("channels for cards: %w", err)
	}
	for _, ch := range channels {
		if ch.Main && ch.State == "open" && ch.Audience.MayRead(a) {
			return ch.Workspace, nil
		}
	}
	return 0, fmt.Errorf("no channel of %s takes cards that the %s may see. Say `/heed channel intake` in one, or leave --cards out. Nothing was imported", board.Name, a)
}

// importing is one run of import.
type importing struct {
	importOptions
	out, err io.Writer
	file     *importFile
	store    *store.Store
	core     *bot.Bot
	clock    bot.Clock
	board    bot.BoardID
	seen     map[string]bool // in a dry run: keys that would be there by now

	added, there, merged, failed int
	votes, unnamed               int
}

// run takes in row after row. Its error ends the run; a fault of a row does not.
func (i *importing) run(ctx context.Context) error {
	for _, heading := range i.file.header.unread {
		fmt.Fprintf(i.err, "heed: the column %q is not read.\n", bot.Excerpt(heading, 60))
	}
	for {
		cells, line, err := i.file.next()
		var bad *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &bad):
			i.fail(line, unquoted(err))
			continue
		case err != nil:
			return i.stopped(line, fmt.Errorf("the file can't be read: %w", err))
		}
		r, err := i.file.header.row(cells, i.source, i.clock.Now())
		if err != nil {
			i.fail(line, store.Untold(err))
			continue
		}
		if err := i.take(ctx, line, r); err != nil {
			return i.stopped(line, err)
		}
	}
}

// fail names a row that was not taken in.
func (i *importing) fail(line int, why string) {
	i.failed++
	fmt.Fprintf(i.err, "line %d: %s\n", line, why)
}

// stopped is the end of the run at a line for a reason that is not the line's.
func (i *importing) stopped(line int, err error) error {
	return fmt.Errorf("the import stopped at line %d, with %d added. What is in stays; import the file again for the rest: %w", line, i.added, err)
}

// take makes a row a request.
func (i *importing) take(ctx context.Context, line int, r importRow) error {
	if r.merged {
		i.merged++
		return nil
	}
	r.Audience, r.Workspace = i.audience, i.workspace
	if r.author != "" && i.authors {
		if err := i.name(ctx, &r); err != nil {
			return err
		}
	}
	if i.dry && i.seen[r.Key] {
		i.there++
		return nil
	}
	done, err := i.core.Import(ctx, i.board, r.Import, i.dry)
	if err != nil {
		return err
	}
	if i.dry {
		i.seen[r.Key] = true
	}
	if done.Fresh {
		i.added++
		i.votes += count(r.voted)
		i.unnamed += count(r.author != "" && r.Author == 0)
		return nil
	}
	i.there++
	if done.Item.Title != r.Title && done.Item.Body != r.Body {
		fmt.Fprintf(i.err, "line %d: this is #%d here already, which says something else by now; it was left as it is.\n", line, done.Item.Number)
	}
	return nil
}

// name finds the author of a row, where one person alone has the name.
func (i *importing) name(ctx context.Context, r *importRow) error {
	ids, err := i.store.PeopleNamed(ctx, i.board, r.author)
	if err != nil {
		return fmt.Errorf("author: %w", err)
	}
	if len(ids) == 1 {
		r.Author = ids[0]
	}
	return nil
}

// count is 1 where something holds.
func count(holds bool) int {
	if holds {
		return 1
	}
	return 0
}

// sum says what became of the file.
func (i *importing) sum(board bot.Board) {
	say := func(format string, args ...any) { fmt.Fprintf(i.out, format+"\n", args...) }
	if i.dry {
		say("%s: %d would be added, %d are there already, %d can't be taken in. Nothing was written.", board.Name, i.added, i.there, i.failed)
	} else {
		say("%s: %d added, %d were there already, %d were not taken in.", board.Name, i.added, i.there, i.failed)
	}
	if i.merged > 0 {
		say("%d were left out: they had been merged into others, which are rows of their own.", i.merged)
	}
	if i.votes > 0 {
		say("%d had votes. They are not counted: nobody knows whose they were, and here one person has one vote.", i.votes)
	}
	if i.unnamed > 0 && i.authors {
		say("%d name an author whom Heed does not know, or knows more than one of; they have none.", i.unnamed)
	} else if i.unnamed > 0 {
		say("%d name an author. Nobody is named in Heed unless you say --authors.", i.unnamed)
	}
}

// Command heed is the chat-ops feedback bot: people say what they need in
// Slack, Heed turns it into requests and votes in Postgres, and tells them when it
// ships. One file a subcommand; `heed help` lists them.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // zones, also where the system has none

	"heed/bot"

	"heed/store"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends Heed at once: what was acknowledged is in Postgres
	p := program{in: os.Stdin, out: os.Stdout, err: os.Stderr, environ: os.Environ()}
	code := p.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUse    = 2
)

// program is one run of heed; tests start it as main does.
type program struct {
	in       io.Reader
	out, err io.Writer
	environ  []string
	clock    bot.Clock     // nil: the machine's
	patience time.Duration // of the chats with the core; 0: as long as their platforms wait
}

// command is one subcommand.
type command struct {
	name    string
	summary string
	run     func(p program, ctx context.Context, args []string) error
}

// commands are all of them, in the order of help.
func commands() []command {
	return []command{
		{"serve", "run Heed (what `heed` alone does)", program.serve},
		{"demo", "try Heed in the browser: a board with a life behind it", program.demo},
		{"migrate", "bring the database up to date", program.migrate},
		{"digest", "send, or with --dry-run print, the digest of an instant", program.digest},
		{"export", "write a board's items, votes or stories as CSV or JSON", program.export},
		{"import", "take in requests from a CSV file", program.importCSV},
		{"backup", "write everything into one file, while Heed goes on", program.backup},
		{"restore", "put a backup into an empty database, and check it", program.restore},
		{"rotate-key", "seal everything that is stored sealed with a new secret key", program.rotateKey},
		{"doctor", "say what is wrong and how to mend it", program.doctor},
		{"slack", "slack manifest: the app manifest for your workspace", program.slack},
		{"healthcheck", "ask the running Heed whether it is well (for containers)", program.healthcheck},
		{"version", "say which version this is", program.version},
	}
}

// errUse is wrong use of the program: the message was said, exit 2.
var errUse = errors.New("wrong use")

// run runs the subcommand and answers the exit code.
func (p program) run(ctx context.Context, args []string) int {
	name := "serve"
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	} else if len(args) > 0 && (args[0] == "-h" || args[0] == "--help" || args[0] == "-help") {
		name = "help"
	}
	if name == "help" {
		p.help(p.out)
		return exitOK
	}
	for _, c := range commands() {
		if c.name == name {
			return p.exit(c.run(p, ctx, args))
		}
	}
	fmt.Fprintf(p.err, "heed: there is no command %q.\n\n", name)
	p.help(p.err)
	return exitUse
}

// exit says what went wrong, for the person at the terminal, and answers the code.
func (p program) exit(err error) int {
	var problems configProblems
	switch {
	case err == nil || errors.Is(err, context.Canceled):
		return exitOK
	case errors.Is(err, errHelp):
		return exitOK
	case errors.Is(err, errUse):
		return exitUse
	case errors.As(err, &problems):
		fmt.Fprintln(p.err, "heed: the configuration needs mending:")
		for _, line := range problems {
			fmt.Fprintln(p.err, "  - "+line)
		}
		return exitUse
	}
	var told interface{ Say() string }
	if errors.As(err, &told) {
		fmt.Fprintln(p.err, "heed: "+told.Say())
	} else {
		fmt.Fprintln(p.err, "heed: "+store.Untold(err))
	}
	return exitFailed
}

func (p program) help(w io.Writer) {
	fmt.Fprintln(w, "Heed turns what people say in chat into requests and votes, and tells them when it ships.")
	fmt.Fprintln(w, "\nUsage: heed [command] [flags]")
	fmt.Fprintln(w)
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-12s %s\n", c.name, c.summary)
	}
	fmt.Fprintln(w, "\n`heed COMMAND --help` tells a command's flags. Settings come from the environment; the README lists them.")
}

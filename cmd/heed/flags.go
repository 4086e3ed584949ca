package main

import (
	"errors"
	"flag"
	"fmt"
)

// errHelp is that help was asked for and given.
var errHelp = errors.New("help was given")

// flags is a flag set that answers --help on out and wrong flags on err.
func (p program) flags(name, usage string) *flag.FlagSet {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(p.err)
	fs.Usage = func() {
		fmt.Fprintf(fs.Output(), "Usage: heed %s\n", usage)
		fs.PrintDefaults()
	}
	return fs
}

// parse reads a command's flags. Arguments beyond them are wrong use.
func (p program) parse(fs *flag.FlagSet, args []string) error {
	_, err := p.parseAround(fs, args, 0)
	return err
}

// parseAround reads a command's flags and the arguments before, between and behind
// them, and answers these. More than most are wrong use.
func (p program) parseAround(fs *flag.FlagSet, args []string, most int) ([]string, error) {
	for _, a := range args {
		if a == "-h" || a == "-help" || a == "--help" {
			fs.SetOutput(p.out)
		}
	}
	var rest []string
	for {
		switch err := fs.Parse(args); {
		case errors.Is(err, flag.ErrHelp):
			return nil, errHelp
		case err != nil:
			return nil, errUse // the flag set has said it
		case fs.NArg() == 0:
			return rest, nil
		case len(rest) == most:
			fmt.Fprintf(p.err, "heed: %q is not understood here.\n", fs.Arg(0))
			fs.Usage()
			return nil, errUse
		}
		rest, args = append(rest, fs.Arg(0)), fs.Args()[1:]
	}
}

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
	for _, a := range args {
		if a == "-h" || a == "-help" || a == "--help" {
			fs.SetOutput(p.out)
		}
	}
	switch err := fs.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return errHelp
	case err != nil:
		return errUse // the flag set has said it
	case fs.NArg() > 0:
		fmt.Fprintf(p.err, "heed: %q is not understood here.\n", fs.Arg(0))
		fs.Usage()
		return errUse
	}
	return nil
}

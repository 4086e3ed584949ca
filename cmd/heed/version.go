package main

import (
	"context"
	"fmt"
	"runtime/debug"
)

// version says which version this is, as far as the build knows.
func (p program) version(_ context.Context, args []string) error {
	if err := p.parse(p.flags("version", "version"), args); err != nil {
		return err
	}
	fmt.Fprintf(p.out, "heed %s\n", thisVersion())
	return nil
}

// thisVersion is the program's version, and the revision it was built from where known.
func thisVersion() string {
	version, revision := "(development)", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		if info.Main.Version != "" && info.Main.Version != "(devel)" {
			version = info.Main.Version
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = " " + s.Value
			}
		}
	}
	return version + revision
}

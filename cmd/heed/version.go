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
	fmt.Fprintf(p.out, "heed %s%s\n", version, revision)
	return nil
}

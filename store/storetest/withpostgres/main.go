// Command withpostgres runs a command with a throw-away Postgres whose address is in
// HEED_TEST_DATABASE_URL, and exits as the command did. The server and its folder are gone
// when it ends, also when it is killed. Where the variable is set already, that server is
// used and none is started.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"heed/store"
	"heed/store/storetest"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "use: withpostgres COMMAND [ARGUMENT …]")
		os.Exit(2)
	}
	os.Exit(run(os.Args[1:]))
}

func run(command []string) int {
	// A signal ends the command, and that ends us; we stay until it is through.
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer cancel()
	if os.Getenv(storetest.Variable) == "" {
		server, dsn, err := storetest.Throwaway(ctx)
		if err != nil {
			var p *store.Problem
			if errors.As(err, &p) {
				fmt.Fprintln(os.Stderr, p.Say())
			}
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer func() {
			quick, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			if err := server.Stop(quick); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
		}()
		if err := os.Setenv(storetest.Variable, dsn); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 20 * time.Second
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit) && exit.ExitCode() > 0:
		return exit.ExitCode()
	default:
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
}

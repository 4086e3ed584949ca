package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"
)

// childClock names the environment variable by which the test program, run again as a
// child, learns that it is heed, and how far its clock is from the machine's.
const childClock = "HEED_STORY_TEST_CLOCK"

func TestMain(m *testing.M) {
	offset := os.Getenv(childClock)
	if offset == "" {
		os.Exit(m.Run())
	}
	go func() { // a child never outlives its parent
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(exitFailed)
	}()
	p := program{out: os.Stdout, err: os.Stderr, environ: os.Environ(), patience: storyPatience}
	if d, err := time.ParseDuration(offset); err == nil && d != 0 {
		p.clock = newMovedClock(d, nil)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	code := p.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

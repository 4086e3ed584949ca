package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"heed/cmd/internal/tied"
)

// buildHeed builds the real program into dir and answers where it is.
func buildHeed(ctx context.Context, dir string) (string, error) {
	bin := filepath.Join(dir, "heed")
	cmd := exec.CommandContext(ctx, cmp.Or(os.Getenv("GO"), "go"), "build", "-o", bin, "heed/cmd/heed") // #nosec G204 -- our own arguments
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build heed/cmd/heed: %w: %s", err, out)
	}
	return bin, nil
}

// replica is one running Heed, a process of its own. Safe for concurrent use.
type replica struct {
	name, bin string
	env       []string

	mu      sync.Mutex
	process *exec.Cmd
	ended   <-chan struct{} // closed when process has ended
	address string          // "" until it serves
	log     *console
	starts  int
}

// startPatience bounds how long a Heed may take until it serves: a recovering database
// may be slow.
const startPatience = time.Minute

// start starts the program and returns when it serves.
func (r *replica) start(ctx context.Context) error {
	if err := r.begin(); err != nil {
		return err
	}
	return r.serves(ctx)
}

// begin starts the program.
func (r *replica) begin() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	cmd := exec.Command(r.bin, "serve") // #nosec G204 -- built by us
	cmd.Env = append([]string{"HOME=" + os.Getenv("HOME"), "PATH=" + os.Getenv("PATH"), "HEED_LISTEN=127.0.0.1:0", "HEED_LOG=json"}, r.env...)
	log := &console{before: r.log}
	cmd.Stdout, cmd.Stderr = log, log
	ended, err := tied.Start(cmd)
	if err != nil {
		return fmt.Errorf("start heed: %w", err)
	}
	r.process, r.ended, r.log, r.address = cmd, ended, log, ""
	r.starts++
	return nil
}

// serves waits until the program that was begun serves.
func (r *replica) serves(ctx context.Context) error {
	r.mu.Lock()
	ended, log := r.ended, r.log
	r.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	for {
		if at := log.address(); at != "" {
			r.mu.Lock()
			defer r.mu.Unlock()
			if r.log == log {
				r.address = at
			}
			return nil
		}
		select {
		case <-ended:
			return fmt.Errorf("%s ended before it served: %s", r.name, log.tail())
		case <-ctx.Done():
			return fmt.Errorf("%s does not serve: %s", r.name, log.tail())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// kill is kill -9; it returns when the process is gone. Killing what does not run is nothing.
func (r *replica) kill() { _ = r.end(syscall.SIGKILL, time.Minute) }

// stop ends it as a deployment does: SIGTERM, and at most ten seconds.
func (r *replica) stop() error { return r.end(syscall.SIGTERM, 10*time.Second) }

func (r *replica) end(how syscall.Signal, most time.Duration) error {
	r.mu.Lock()
	process, ended := r.process, r.ended
	r.address = ""
	r.mu.Unlock()
	if process == nil {
		return nil
	}
	if err := process.Process.Signal(how); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-ended:
		return nil
	case <-time.After(most):
		return fmt.Errorf("%s is still there after %s: %s", r.name, most, r.log.tail())
	}
}

// at is where it serves, "" while it does not.
func (r *replica) at() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.address
}

// alive tells whether the process runs.
func (r *replica) alive() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.process == nil {
		return false
	}
	select {
	case <-r.ended:
		return false
	default:
		return true
	}
}

// logged is all that its programs logged so far, the earlier ones included.
func (r *replica) logged() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all string
	for c := r.log; c != nil; c = c.before {
		all = c.text() + all
	}
	return all
}

// console is what one program printed. Safe for concurrent use.
type console struct {
	before *console // of the program before it in the same replica

	mu  sync.Mutex
	out bytes.Buffer
}

func (c *console) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.out.Write(p)
}

func (c *console) text() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.out.String()
}

// tail is the end of it, for an error.
func (c *console) tail() string {
	lines := strings.Split(strings.TrimSpace(c.text()), "\n")
	return strings.Join(lines[max(0, len(lines)-5):], " | ")
}

// address is where the program says it serves, "" before.
func (c *console) address() string {
	for line := range strings.SplitSeq(c.text(), "\n") {
		var said struct{ Msg, Address string }
		if strings.Contains(line, "heed is up") && json.Unmarshal([]byte(line), &said) == nil && said.Address != "" {
			return said.Address
		}
	}
	return ""
}

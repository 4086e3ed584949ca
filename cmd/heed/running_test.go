package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience bounds each wait of these tests; a busy machine is slow.
const patience = 3 * time.Minute

// In stories the chats wait longer than the real ones, and so does Heed, so that a busy
// machine does not make another story of it.
const (
	storyPatience = 8 * time.Second
	chatPatience  = 12 * time.Second
)

// running is a heed that serves.
type running struct {
	t    *testing.T
	url  string
	log  *console
	stop func() // asks it to end, as SIGTERM does
	code chan int
	kill func() // kill -9, for a child
}

// end stops it and answers its exit code. A container has ten seconds, of which a busy
// machine makes more.
func (r *running) end() int {
	r.t.Helper()
	r.stop()
	return r.ended(time.Minute)
}

// ended waits for its end and answers the exit code; -1 when it was killed.
func (r *running) ended(most time.Duration) int {
	r.t.Helper()
	late := time.NewTimer(most)
	defer late.Stop()
	select {
	case code := <-r.code:
		r.code <- code
		return code
	case <-late.C:
		r.t.Fatalf("heed is still running after %v:\n%s", most, r.log.text())
	}
	return 0
}

// serveHere runs `heed ARGS` in this process, as main does, until the test ends.
func serveHere(t *testing.T, p program, args ...string) *running {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	r := &running{t: t, log: newConsole(), stop: stop, code: make(chan int, 1)}
	if p.out == nil {
		p.out = r.log
	}
	if p.patience == 0 {
		p.patience = storyPatience
	}
	p.err = r.log
	p.environ = append([]string{"HEED_LOG=json", "HEED_LOG_LEVEL=info"}, p.environ...)
	go func() { r.code <- p.run(ctx, args) }()
	t.Cleanup(func() {
		if code := r.end(); code != exitOK {
			t.Errorf("heed ended with %d:\n%s", code, r.log.text())
		}
	})
	r.up()
	return r
}

// serveApart runs this test program again as `heed ARGS`, with its clock so far from
// the machine's. It ends with the test.
func serveApart(t *testing.T, environ []string, offset time.Duration, args ...string) *running {
	t.Helper()
	r := startApart(t, environ, offset, args...)
	r.up()
	return r
}

// startApart is serveApart before it is up.
func startApart(t *testing.T, environ []string, offset time.Duration, args ...string) *running {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append([]string{"HOME=" + os.Getenv("HOME"), "PATH=" + os.Getenv("PATH"), "HEED_LOG=json", "HEED_LOG_LEVEL=info", childClock + "=" + offset.String()}, environ...)
	r := &running{t: t, log: newConsole(), code: make(chan int, 1)}
	cmd.Stderr, cmd.Stdout = r.log, r.log
	held, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r.stop = func() { _ = cmd.Process.Signal(syscall.SIGTERM) }
	r.kill = func() { _ = cmd.Process.Kill() }
	go func() {
		_ = cmd.Wait()
		_ = held.Close()
		r.code <- cmd.ProcessState.ExitCode()
	}()
	t.Cleanup(func() {
		r.kill()
		r.ended(patience)
	})
	return r
}

// up waits until it says where it listens.
func (r *running) up() {
	r.t.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case address := <-r.log.address:
		r.url = "http://" + address
	case code := <-r.code:
		r.code <- code
		r.t.Fatalf("heed ended with %d before it was up:\n%s", code, r.log.text())
	case <-late.C:
		r.t.Fatalf("heed is not up:\n%s", r.log.text())
	}
}

// says waits until it has printed or logged words.
func (r *running) says(words string) {
	r.t.Helper()
	every := time.NewTicker(10 * time.Millisecond)
	defer every.Stop()
	late := time.NewTimer(patience)
	defer late.Stop()
	for !strings.Contains(r.log.text(), words) {
		select {
		case <-every.C:
		case <-late.C:
			r.t.Fatalf("heed never said %q:\n%s", words, r.log.text())
		}
	}
}

// console is what a heed prints and logs. Safe for concurrent use.
type console struct {
	mu      sync.Mutex
	all     bytes.Buffer
	line    bytes.Buffer
	address chan string // where it listens, once it says so
}

func newConsole() *console { return &console{address: make(chan string, 1)} }

func (c *console) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all.Write(p)
	for _, b := range p {
		if b != '\n' {
			c.line.WriteByte(b)
			continue
		}
		var said struct{ Msg, Address string }
		if json.Unmarshal(c.line.Bytes(), &said) == nil && said.Msg == "heed is up" {
			c.address <- said.Address
		}
		c.line.Reset()
	}
	return len(p), nil
}

func (c *console) text() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.all.String()
}

// heed runs a command that ends by itself, as main does, and answers what it printed,
// what it said besides, and its exit code.
func heed(t *testing.T, environ []string, args ...string) (out, said string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var o, e bytes.Buffer
	code = program{in: strings.NewReader(""), out: &o, err: &e, environ: environ}.run(ctx, args)
	return o.String(), e.String(), code
}

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"heed/cmd/internal/tied"
	"heed/store/storetest/freeport"
)

// program is heed as it is shipped, running as a process of its own: what it uses is
// its own, and not the load's. It ends with this one.
type program struct {
	url   string
	ready time.Duration // from its start to the first yes of /readyz
	cmd   *exec.Cmd
	log   *os.File
	ended <-chan struct{}
}

// built is the program as `make build` makes it, in dir.
func built(ctx context.Context, dir string) (string, error) {
	path := filepath.Join(dir, "heed")
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", path, "heed/cmd/heed") // #nosec G204 -- our own program
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build heed (from the project's folder): %w: %s", err, out)
	}
	return path, nil
}

// startProgram starts heed and returns once it is ready. Its log goes to a file in dir.
func startProgram(ctx context.Context, path, dir string, env ...string) (*program, error) {
	port, err := freeport.Find()
	if err != nil {
		return nil, err
	}
	address := fmt.Sprintf("127.0.0.1:%d", port)
	p := &program{url: "http://" + address}
	if p.log, err = os.Create(filepath.Join(dir, "heed.log")); err != nil { // #nosec G304 -- our own folder
		return nil, err
	}
	p.cmd = exec.CommandContext(ctx, path) // #nosec G204 -- our own program
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(syscall.SIGTERM) }
	p.cmd.Env = append([]string{"HEED_LISTEN=" + address, "HEED_LOG=json", "HEED_LOG_LEVEL=warn"}, env...)
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	began := time.Now()
	if p.ended, err = tied.Start(p.cmd); err != nil {
		return nil, err
	}
	for {
		if p.says(ctx, "/readyz") {
			p.ready = time.Since(began)
			return p, nil
		}
		select {
		case <-p.ended:
			return nil, fmt.Errorf("heed ended at once: %s", p.said())
		case <-time.After(2 * time.Millisecond):
		}
		if time.Since(began) > time.Minute {
			p.stop()
			return nil, fmt.Errorf("heed is not ready after a minute: %s", p.said())
		}
	}
}

func (p *program) says(ctx context.Context, path string) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+path, nil)
	if err != nil {
		return false
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	_ = res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// said is the end of its log, for an error.
func (p *program) said() string {
	raw, err := os.ReadFile(p.log.Name())
	if err != nil {
		return "no log"
	}
	return string(raw[max(0, len(raw)-2000):])
}

// stop ends it as a container does and waits until it has.
func (p *program) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(20 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.ended
	}
	_ = p.log.Close()
}

// memory is its resident set in megabytes (of 2^20 bytes).
func (p *program) memory() (float64, error) {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("memory of heed: %w", err)
	}
	defer func() { _ = f.Close() }()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if fields := strings.Fields(lines.Text()); len(fields) == 3 && fields[0] == "VmRSS:" {
			kb, err := strconv.ParseFloat(fields[1], 64)
			return kb / 1024, err
		}
	}
	return 0, errors.New("memory of heed: not told")
}

// gauge reads one of its figures, such as go_goroutines.
func (p *program) gauge(ctx context.Context, name string) (float64, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+"/metrics", nil)
	if err != nil {
		return 0, err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, fmt.Errorf("figures of heed: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			return strconv.ParseFloat(value, 64)
		}
	}
	return 0, fmt.Errorf("figures of heed: no %s", name)
}

// watch reads its memory ten times a second until ctx ends, and answers the most.
func (p *program) watch(ctx context.Context) (most float64) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		if mb, err := p.memory(); err == nil {
			most = max(most, mb)
		}
		select {
		case <-ctx.Done():
			return most
		case <-tick.C:
		}
	}
}

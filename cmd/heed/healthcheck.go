package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// healthcheck asks the Heed that listens on this machine whether it is alive.
func (p program) healthcheck(ctx context.Context, args []string) error {
	if err := p.parse(p.flags("healthcheck", "healthcheck"), args); err != nil {
		return err
	}
	c, err := readConfig(p.environ)
	if err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return errors.New("no Heed answers on " + net.JoinHostPort(host, port))
	}
	defer closeQuietly(res.Body)
	if _, err := io.Copy(io.Discard, io.LimitReader(res.Body, 1<<10)); err != nil || res.StatusCode != http.StatusOK {
		return fmt.Errorf("heed answered %d", res.StatusCode)
	}
	fmt.Fprintln(p.out, "Heed is well.")
	return nil
}

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// leads waits until HAProxy leads to the primary and nowhere else: at first it takes every
// server for good, and goes round.
func (c *cluster) leads(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for row := 0; ; {
		err := runAll(ctx, c.dsn(rootRole, rootRole), "begin; create table probe (); rollback")
		if row++; err != nil {
			row = 0
		}
		if row > 2*len(c.nodes) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("haproxy does not lead to the primary: %w", err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// state is what Patroni says of a node.
type state struct {
	Name, Role, State string
	Timeline          int
	Lag               any
}

// runs says whether the node serves: a standby of Patroni 3.0.2 is "running", later ones
// say "streaming".
func (s state) runs() bool { return s.State == "running" || s.State == "streaming" }

// states asks any node that answers how the cluster is.
func (c *cluster) states(ctx context.Context) []state {
	for _, n := range c.nodes {
		ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, n.at("/cluster"), nil)
		if err != nil {
			cancel()
			continue
		}
		var said struct{ Members []state }
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			err = json.NewDecoder(res.Body).Decode(&said)
			_ = res.Body.Close()
		}
		cancel()
		if err == nil && len(said.Members) > 0 {
			return said.Members
		}
	}
	return nil
}

// leader is the node that has the lock, nil while none has.
func (c *cluster) leader(ctx context.Context) *node {
	for _, s := range c.states(ctx) {
		if s.Role == "leader" && s.runs() {
			for _, n := range c.nodes {
				if n.name == s.Name {
					return n
				}
			}
		}
	}
	return nil
}

// await waits until the cluster is as wanted.
func (c *cluster) await(ctx context.Context, otherwise string, most time.Duration, wanted func([]state) bool) error {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	for !wanted(c.states(ctx)) {
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s after %s: %v", otherwise, most, c.states(context.WithoutCancel(ctx)))
		case <-time.After(200 * time.Millisecond):
		}
	}
	return nil
}

// awaitWhole waits for one primary and two standbys on its timeline, one of them
// synchronous.
func (c *cluster) awaitWhole(ctx context.Context, most time.Duration) error {
	return c.await(ctx, "the cluster is not whole", most, func(all []state) bool {
		var leaders, syncs, standbys int
		timelines := map[int]bool{}
		for _, s := range all {
			if !s.runs() {
				return false
			}
			timelines[s.Timeline] = true
			switch s.Role {
			case "leader":
				leaders++
			case "sync_standby":
				syncs++
			case "replica":
				standbys++
			}
		}
		return leaders == 1 && syncs == 1 && standbys == 1 && len(timelines) == 1
	})
}

// switchover asks for a change of the primary, as an operator does who wants to work on
// its machine.
func (c *cluster) switchover(ctx context.Context, from *node) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, from.at("/switchover"), strings.NewReader(`{"leader":"`+from.name+`"}`))
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	if said, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusOK {
		return fmt.Errorf("the switchover was answered %d: %s", res.StatusCode, said)
	}
	return nil
}

var errNoLeader = errors.New("the cluster has no primary")

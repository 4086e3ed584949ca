package main

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"heed/cmd/internal/scorecard"
)

// What the loss of a part of the cluster may cost.
const (
	failoverWell   = 45 * time.Second // until votes flow again
	switchoverWell = 20 * time.Second
	rejoined       = 90 * time.Second // until a machine that came back is a standby
	clusterHeals   = 2 * time.Minute
	clusterQuiet   = 5 * time.Second
	loneFor        = 10 * time.Second
)

// failover takes machines from a cluster under the load of two replicas of Heed: one by
// HAProxy, one that knows all three nodes.
func failover(ctx context.Context, say func(string, ...any)) (figures []scorecard.Figure, err error) {
	c, err := newCluster(ctx, say)
	if err != nil {
		return nil, err
	}
	defer c.close()
	if err := runAll(ctx, c.dsn(rootRole, rootRole), "create role "+heedRole+" login", "create database "+heedRole+" owner "+heedRole); err != nil {
		return nil, fmt.Errorf("make the database: %w", err)
	}
	w, err := newWorld(ctx, plan{
		Replicas: 2, Workspaces: 2, Members: 16, External: c.dsn(rootRole, heedRole),
		DSN: func(*server) string { return c.dsn(heedRole, heedRole) },
	})
	if err != nil {
		return nil, err
	}
	defer w.close()
	second := w.replicas[1]
	if err := second.stop(); err != nil {
		return nil, err
	}
	second.env = append(second.env, "DATABASE_URL="+c.hosts())
	if err := second.start(ctx); err != nil {
		return nil, err
	}
	l, err := w.loaded(ctx, actsASecond)
	if err != nil {
		return nil, err
	}
	defer l.end()
	say("three nodes, two replicas, %d acts a second", actsASecond)
	for _, step := range []func(context.Context, *cluster, func(string, ...any)) ([]scorecard.Figure, error){
		w.etcdDies, w.switches, w.primaryDies, w.standbysDie, w.standbysHang,
	} {
		more, err := step(ctx, c, say)
		figures = append(figures, more...)
		if err != nil {
			return figures, err
		}
	}
	l.end()
	h, err := w.heal(ctx, killPatience)
	if err != nil {
		return figures, err
	}
	if len(h.Found) > 0 {
		say("found:\n    %s", h.told(20))
	}
	return append(figures, h.figures("cluster", clusterHeals)...), nil
}

// etcdDies: one of three members is enough to lose, and nobody notices.
func (w *world) etcdDies(ctx context.Context, c *cluster, say func(string, ...any)) ([]scorecard.Figure, error) {
	began := time.Now()
	c.etcds[0].kill()
	if err := rest(ctx, clusterQuiet); err != nil {
		return nil, err
	}
	well, err := w.wellSince(ctx, began)
	if err != nil {
		return nil, fmt.Errorf("an etcd member died: %w", err)
	}
	say("an etcd member died: votes flow after %s", well.Round(time.Millisecond))
	return []scorecard.Figure{scorecard.Of("an etcd member dies: votes flow again after", well.Seconds(), "s", scorecard.AtMost, clusterQuiet.Seconds())}, c.etcds[0].start()
}

// switches is a planned change of the primary.
func (w *world) switches(ctx context.Context, c *cluster, say func(string, ...any)) ([]scorecard.Figure, error) {
	from := c.leader(ctx)
	if from == nil {
		return nil, errNoLeader
	}
	began := time.Now()
	if err := c.switchover(ctx, from); err != nil {
		return nil, err
	}
	well, err := w.wellSince(ctx, began)
	if err != nil {
		return nil, fmt.Errorf("switchover: %w", err)
	}
	say("a planned switchover from %s: votes flow after %s", from.name, well.Round(time.Millisecond))
	return []scorecard.Figure{scorecard.Of("planned switchover: votes flow again after", well.Seconds(), "s", scorecard.AtMost, switchoverWell.Seconds())}, c.awaitWhole(ctx, rejoined)
}

// primaryDies is the end of the primary's machine, and its return.
func (w *world) primaryDies(ctx context.Context, c *cluster, say func(string, ...any)) ([]scorecard.Figure, error) {
	dead := c.leader(ctx)
	if dead == nil {
		return nil, errNoLeader
	}
	began := time.Now()
	dead.kill()
	well, err := w.wellSince(ctx, began)
	if err != nil {
		return nil, fmt.Errorf("the primary died: %w", err)
	}
	say("%s, the primary, died: votes flow after %s", dead.name, well.Round(time.Millisecond))
	figures := []scorecard.Figure{scorecard.Of("the primary's node dies: votes flow again after", well.Seconds(), "s", scorecard.AtMost, failoverWell.Seconds())}
	if err := dead.patroni.start(); err != nil {
		return figures, err
	}
	began = time.Now()
	if err := c.awaitWhole(ctx, rejoined); err != nil {
		return figures, err
	}
	back := scorecard.Of("it came back as a standby after", time.Since(began).Seconds(), "s", scorecard.AtMost, rejoined.Seconds())
	if strings.Contains(dead.log(), "running pg_rewind") {
		back.Note = "by pg_rewind"
	}
	return append(figures, back), nil
}

// standbysDie: with nobody to confirm a commit, none is acknowledged.
func (w *world) standbysDie(ctx context.Context, c *cluster, say func(string, ...any)) ([]scorecard.Figure, error) {
	primary := c.leader(ctx)
	if primary == nil {
		return nil, errNoLeader
	}
	for _, n := range c.nodes {
		if n != primary {
			n.kill()
		}
	}
	from := time.Now()
	if err := rest(ctx, loneFor); err != nil {
		return nil, err
	}
	until := time.Now()
	for _, n := range c.nodes {
		if n != primary {
			if err := n.patroni.start(); err != nil {
				return nil, err
			}
		}
	}
	acked, tried := w.record.takenBetween(from, until)
	alone := scorecard.Of("both standbys are dead: votes acknowledged", float64(acked), "", scorecard.AtMost, 0)
	alone.Note = fmt.Sprintf("of %d sent meanwhile", tried)
	figures := []scorecard.Figure{alone}
	well, err := w.wellSince(ctx, until)
	if err != nil {
		return figures, fmt.Errorf("the standbys came back: %w", err)
	}
	say("both standbys died: %d of %d votes were acknowledged; %s after their return they flow", acked, tried, well.Round(time.Millisecond))
	return append(figures, scorecard.Of("the standbys are back: votes flow again after", well.Seconds(), "s", scorecard.AtMost, failoverWell.Seconds())), c.awaitWhole(ctx, rejoined)
}

// standbysHang: the standbys stop taking what the primary writes, which Patroni does not
// see, and then the primary dies. What it committed alone is gone with it; that it was
// there must have been told to nobody, neither at first nor when it was sent again.
func (w *world) standbysHang(ctx context.Context, c *cluster, say func(string, ...any)) ([]scorecard.Figure, error) {
	primary := c.leader(ctx)
	if primary == nil {
		return nil, errNoLeader
	}
	var receivers []int
	for _, n := range c.nodes {
		if pid := n.receiver(); n != primary && pid > 0 {
			receivers = append(receivers, pid)
		}
	}
	if len(receivers) != 2 {
		return nil, fmt.Errorf("%d standbys receive", len(receivers))
	}
	for _, pid := range receivers {
		if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
			return nil, err
		}
	}
	from := time.Now()
	if err := w.wishInVain(ctx, primary); err != nil {
		return nil, err
	}
	acked, tried := w.record.takenBetween(from, time.Now())
	alone := scorecard.Of("both standbys hang: votes acknowledged", float64(acked), "", scorecard.AtMost, 0)
	alone.Note = fmt.Sprintf("of %d sent meanwhile", tried)
	figures := []scorecard.Figure{alone}
	died := time.Now()
	primary.kill()
	for _, pid := range receivers { // what the network still held for them is lost with them
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	well, err := w.wellSince(ctx, died)
	if err != nil {
		return figures, fmt.Errorf("the primary died after its standbys hung: %w", err)
	}
	say("both standbys hung, then the primary died: %d of %d votes were acknowledged; votes flow after %s", acked, tried, well.Round(time.Millisecond))
	figures = append(figures, scorecard.Of("and then the primary dies: votes flow again after", well.Seconds(), "s", scorecard.AtMost, failoverWell.Seconds()))
	if err := primary.patroni.start(); err != nil {
		return figures, err
	}
	return figures, c.awaitWhole(ctx, rejoined)
}

// wishInVain has people ask for things, besides all else that they do, while no commit is
// confirmed, and has an operator cancel what hangs: Postgres then calls it done.
func (w *world) wishInVain(ctx context.Context, primary *node) error {
	ctx, cancel := context.WithTimeout(ctx, loneFor)
	defer cancel()
	var asking sync.WaitGroup
	defer asking.Wait()
	for n, t := range w.teams {
		for i, who := range t.members[:4] {
			asking.Go(func() {
				_ = who.Slash(t.support, "/feedback", fmt.Sprintf("In vain, said %s. It is tok9%05d.", who.ID, 10*n+i))
			})
		}
	}
	for ctx.Err() == nil {
		at := dsnAt(net.JoinHostPort("127.0.0.1", strconv.Itoa(primary.port)), rootRole, rootRole)
		if err := runAll(ctx, at, "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'"); err != nil && ctx.Err() == nil {
			return err
		}
		_ = rest(ctx, 300*time.Millisecond)
	}
	return nil
}

// takenBetween counts the reactions that were sent and answered in a span, and those of
// them that were acknowledged.
func (r *record) takenBetween(from, until time.Time) (taken, sent int) {
	for _, d := range r.deliveries() {
		if d.Path != "/slack/events" || d.Sent.Before(from) || d.Answered.IsZero() || d.Answered.After(until) || !strings.Contains(string(d.Body), `"reaction_`) {
			continue
		}
		sent++
		if d.taken() {
			taken++
		}
	}
	return taken, sent
}

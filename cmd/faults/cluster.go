package main

import (
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// cluster is Postgres as it runs on several machines, here on loopback: three etcd members,
// three Patroni nodes with synchronous replication, and HAProxy, which leads to the primary.
type cluster struct {
	dir   string
	as    *syscall.Credential // who runs it: Postgres refuses root
	etcds []*member
	nodes []*node
	proxy *member
	front int // HAProxy's port
	guard *exec.Cmd
	word  io.WriteCloser // to the guard
}

// What Patroni is told. Half a minute is the most that a failover takes with these: ttl
// until the others notice, then the promotion.
const (
	patroniTTL  = 20
	patroniLoop = 5
)

// newCluster starts all and returns when there is a primary with a synchronous standby.
func newCluster(ctx context.Context, say func(string, ...any)) (c *cluster, err error) {
	c = &cluster{}
	defer func() {
		if err != nil {
			c.close()
			c = nil
		}
	}()
	if c.dir, err = os.MkdirTemp("", "heed-cluster-"); err != nil {
		return c, err
	}
	if err = os.Chmod(c.dir, 0o755); err != nil { // #nosec G302 -- Postgres' own user passes through
		return c, err
	}
	if err = c.watch(); err != nil {
		return c, err
	}
	if err = c.configure(ctx); err != nil {
		return c, err
	}
	for _, m := range c.etcds {
		if err = m.start(); err != nil {
			return c, err
		}
	}
	for i, n := range c.nodes { // the first makes the database, the others copy it
		if err = n.patroni.start(); err != nil {
			return c, err
		}
		role := "replica"
		if i == 0 {
			role = "leader"
		}
		if err = c.await(ctx, n.name+" is no "+role, 2*time.Minute, func(all []state) bool {
			return slices.ContainsFunc(all, func(s state) bool { return s.Name == n.name && s.runs() && (i > 0 || s.Role == role) })
		}); err != nil {
			return c, err
		}
		say("%s runs", n.name)
	}
	if err = c.proxy.start(); err != nil {
		return c, err
	}
	if err = c.awaitWhole(ctx, 2*time.Minute); err != nil {
		return c, err
	}
	return c, c.leads(ctx)
}

// members are all processes but Postgres' own.
func (c *cluster) members() []*member {
	all := slices.Clone(c.etcds)
	for _, n := range c.nodes {
		all = append(all, n.patroni)
	}
	return append(all, c.proxy)
}

// dsn is the primary's address by HAProxy.
func (c *cluster) dsn(role, database string) string {
	return dsnAt(net.JoinHostPort("127.0.0.1", strconv.Itoa(c.front)), role, database)
}

// hosts is the address of all three nodes: whoever connects finds the primary itself.
func (c *cluster) hosts() string {
	var all []string
	for _, n := range c.nodes {
		all = append(all, net.JoinHostPort("127.0.0.1", strconv.Itoa(n.port)))
	}
	return dsnAt(strings.Join(all, ","), heedRole, heedRole)
}

// guardScript waits for a word. The end of its input without one means that this program
// died: what it left is ended, Postgres too, which Patroni starts apart from itself.
const guardScript = `
read -r word
sleep 1
for pid in $(cat "$1"/*/pid 2>/dev/null); do kill -9 "$pid" 2>/dev/null; done
for file in "$1"/*/data/postmaster.pid; do [ -f "$file" ] && kill -QUIT "$(head -n 1 "$file")" 2>/dev/null; done
sleep 1
rm -rf "$1"
`

// watch starts the guard.
func (c *cluster) watch() (err error) {
	c.guard = exec.Command("/bin/sh", "-c", guardScript, "guard", c.dir) // #nosec G204 -- ours
	c.guard.Dir, c.guard.SysProcAttr = "/", &syscall.SysProcAttr{Setpgid: true}
	if c.word, err = c.guard.StdinPipe(); err != nil {
		return err
	}
	return c.guard.Start()
}

// close ends all that the cluster started; the guard deletes its folder.
func (c *cluster) close() {
	for _, n := range c.nodes {
		n.kill()
	}
	for _, m := range append(c.etcds, c.proxy) {
		if m != nil {
			m.kill()
		}
	}
	if c.guard != nil && c.guard.Process != nil {
		_ = c.word.Close()
		_ = c.guard.Wait()
	}
}

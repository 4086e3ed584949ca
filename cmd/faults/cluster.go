package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"heed/store/embedded"
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

// member is one process of the cluster.
type member struct {
	name    string
	command func() *exec.Cmd
	process *exec.Cmd
	ended   chan struct{}
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

// configure chooses ports and writes what each part reads.
func (c *cluster) configure(ctx context.Context) error {
	bin, err := embedded.Find(ctx, os.Getenv("HEED_POSTGRES_BIN"))
	if err != nil {
		return err
	}
	own := &server{dir: filepath.Join(c.dir, "own")}
	if err := own.own(); err != nil {
		return err
	}
	c.as = own.as
	ports := make([]int, 3*2+3*2+1)
	for i := range ports {
		if ports[i], err = freePort(); err != nil {
			return err
		}
	}
	var peers, hosts []string
	for i := range 3 {
		peers = append(peers, fmt.Sprintf("etcd%d=http://127.0.0.1:%d", i+1, ports[2*i]))
		hosts = append(hosts, fmt.Sprintf("127.0.0.1:%d", ports[2*i+1]))
	}
	for i := range 3 {
		name := fmt.Sprintf("etcd%d", i+1)
		at, err := c.folder(name)
		if err != nil {
			return err
		}
		peer, client := fmt.Sprintf("http://127.0.0.1:%d", ports[2*i]), "http://"+hosts[i]
		c.etcds = append(c.etcds, &member{name: name, command: func() *exec.Cmd {
			return exec.Command(programAt("etcd"), "--name", name, "--data-dir", filepath.Join(at, "data"), // #nosec G204 -- our own arguments
				"--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--listen-client-urls", client, "--advertise-client-urls", client,
				"--initial-cluster", strings.Join(peers, ","), "--initial-cluster-token", filepath.Base(c.dir),
				"--heartbeat-interval", "250", "--election-timeout", "2500")
		}})
	}
	ports = ports[6:]
	var servers strings.Builder
	for i := range 3 {
		n := &node{name: fmt.Sprintf("node%d", i+1), port: ports[2*i], rest: ports[2*i+1]}
		if n.dir, err = c.folder(n.name); err != nil {
			return err
		}
		if err := n.configure(bin, hosts); err != nil {
			return err
		}
		c.nodes = append(c.nodes, n)
		fmt.Fprintf(&servers, "    server %s 127.0.0.1:%d check port %d\n", n.name, n.port, n.rest)
	}
	c.front = ports[6]
	at, err := c.folder("haproxy")
	if err != nil {
		return err
	}
	file := filepath.Join(at, "haproxy.cfg")
	c.proxy = &member{name: "haproxy", command: func() *exec.Cmd { return exec.Command(programAt("haproxy"), "-db", "-f", file) }} // #nosec G204 -- ours
	for _, m := range c.members() {
		m.command = c.owned(m)
	}
	return os.WriteFile(file, fmt.Appendf(nil, `global
    maxconn 2000
defaults
    mode tcp
    retries 2
    timeout connect 2s
    timeout check 2s
    timeout client 30m
    timeout server 30m
listen primary
    bind 127.0.0.1:%d
    option httpchk
    http-check send meth GET uri /primary
    http-check expect status 200
    default-server inter 1s fall 2 rise 1 on-marked-down shutdown-sessions
%s`, c.front, servers.String()), 0o644) // #nosec G306 -- its own user reads it
}

// programAt finds a daemon; Debian keeps some where no user's PATH leads.
func programAt(name string) string {
	if at, err := exec.LookPath(name); err == nil {
		return at
	}
	return "/usr/sbin/" + name
}

// members are all processes but Postgres' own.
func (c *cluster) members() []*member {
	all := slices.Clone(c.etcds)
	for _, n := range c.nodes {
		all = append(all, n.patroni)
	}
	return append(all, c.proxy)
}

// owned makes a member's command one of the cluster's: another user's, with a log.
func (c *cluster) owned(m *member) func() *exec.Cmd {
	inner := m.command
	return func() *exec.Cmd {
		cmd := inner()
		// A shell leaves its number for the guard and becomes the program.
		cmd = exec.Command("/bin/sh", append([]string{"-c", `echo $$ > "$0"; exec "$@"`, filepath.Join(c.dir, m.name, "pid"), cmd.Path}, cmd.Args[1:]...)...) // #nosec G204 -- ours
		cmd.Dir = "/"
		cmd.Env = []string{"PATH=" + os.Getenv("PATH") + ":/usr/bin:/bin", "LC_ALL=C.UTF-8", "HOME=" + filepath.Join(c.dir, "own")}
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.as, Setpgid: true}
		if log, err := os.OpenFile(filepath.Join(c.dir, m.name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644); err == nil { // #nosec G302 -- a log
			cmd.Stdout, cmd.Stderr = log, log
		}
		return cmd
	}
}

// folder makes a folder of the cluster's user.
func (c *cluster) folder(name string) (string, error) {
	at := filepath.Join(c.dir, name)
	if err := os.MkdirAll(at, 0o700); err != nil {
		return "", err
	}
	if c.as == nil {
		return at, nil
	}
	return at, os.Chown(at, int(c.as.Uid), int(c.as.Gid))
}

func (m *member) start() error {
	cmd := m.command()
	ended := make(chan struct{})
	if err := startTied(cmd, ended); err != nil {
		return fmt.Errorf("start %s: %w", m.name, err)
	}
	m.process, m.ended = cmd, ended
	return nil
}

// kill is kill -9; it returns when the process is gone.
func (m *member) kill() {
	if m.process == nil {
		return
	}
	_ = m.process.Process.Kill()
	<-m.ended
	m.process = nil
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

var errNoLeader = errors.New("the cluster has no primary")

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// node is one machine of a cluster: Patroni and the Postgres that it runs.
type node struct {
	name       string
	dir        string
	port, rest int // Postgres', and Patroni's REST API's
	patroni    *member
}

func (n *node) at(path string) string { return fmt.Sprintf("http://127.0.0.1:%d%s", n.rest, path) }

func (n *node) data() string { return filepath.Join(n.dir, "data") }

// configure writes what Patroni reads. The settings are those that docs/scale.md asks for;
// only what small machines need differs.
func (n *node) configure(bin string, etcd []string) error {
	file := filepath.Join(n.dir, "patroni.yml")
	n.patroni = &member{name: n.name, command: func() *exec.Cmd { return exec.Command(programAt("patroni"), file) }} // #nosec G204 -- ours
	return os.WriteFile(file, fmt.Appendf(nil, `scope: heed
name: %[1]s
restapi:
  listen: 127.0.0.1:%[2]d
  connect_address: 127.0.0.1:%[2]d
etcd3:
  hosts: %[3]s
bootstrap:
  dcs:
    ttl: %[4]d
    loop_wait: %[5]d
    retry_timeout: 5
    maximum_lag_on_failover: 1048576
    synchronous_mode: true
    synchronous_mode_strict: true
    postgresql:
      use_pg_rewind: true
      use_slots: true
      parameters:
        max_connections: 100
        max_wal_senders: 10
        max_replication_slots: 10
        wal_keep_size: 128MB
        wal_log_hints: "on"
        shared_buffers: 64MB
        jit: "off"
        log_min_messages: log
  initdb:
    - encoding: UTF8
    - locale: C.UTF-8
    - data-checksums
  pg_hba:
    - host replication all 127.0.0.1/32 trust
    - host all all 127.0.0.1/32 trust
postgresql:
  listen: 127.0.0.1:%[6]d
  connect_address: 127.0.0.1:%[6]d
  data_dir: %[7]s
  bin_dir: %[8]s
  pgpass: %[9]s/pgpass
  parameters:
    unix_socket_directories: %[9]s
  authentication:
    superuser: {username: postgres}
    replication: {username: replicator}
    rewind: {username: rewinder}
  create_replica_methods: [basebackup]
  basebackup:
    checkpoint: fast
watchdog:
  mode: "off"
`, n.name, n.rest, strings.Join(etcd, ","), patroniTTL, patroniLoop, n.port, n.data(), bin, n.dir), 0o644) // #nosec G306 -- its own user reads it
}

// kill is the end of a machine: Patroni, Postgres and all its processes at once.
func (n *node) kill() {
	if n.patroni == nil {
		return
	}
	n.patroni.kill()
	pid := n.postmaster()
	if pid == 0 {
		return
	}
	for _, child := range children(pid) {
		_ = syscall.Kill(child, syscall.SIGKILL)
	}
	_ = syscall.Kill(pid, syscall.SIGKILL)
	for range 500 { // it is nobody's child: there is nothing to wait on
		if syscall.Kill(pid, 0) != nil {
			return
		}
		<-time.After(10 * time.Millisecond)
	}
}

// postmaster is the number of the node's Postgres, 0 where none runs.
func (n *node) postmaster() int {
	text, err := os.ReadFile(filepath.Join(n.data(), "postmaster.pid"))
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil || syscall.Kill(pid, 0) != nil {
		return 0
	}
	return pid
}

// receiver is the process that takes what the primary writes, 0 where there is none.
func (n *node) receiver() int {
	for _, pid := range children(n.postmaster()) {
		title, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid)) // #nosec G304 -- /proc
		if err == nil && strings.Contains(string(title), "walreceiver") {
			return pid
		}
	}
	return 0
}

// children are the processes that one started.
func children(parent int) (all []int) {
	files, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range files {
		text, err := os.ReadFile(file) // #nosec G304 -- /proc
		if err != nil {
			continue
		}
		_, rest, _ := strings.Cut(string(text), ") ") // the name before may hold anything
		if f := strings.Fields(rest); len(f) > 1 && f[1] == strconv.Itoa(parent) {
			if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file))); err == nil {
				all = append(all, pid)
			}
		}
	}
	return all
}

// log is what Patroni said on this node.
func (n *node) log() string {
	text, err := os.ReadFile(filepath.Join(filepath.Dir(n.dir), n.name+".log"))
	if err != nil {
		return ""
	}
	return string(text)
}

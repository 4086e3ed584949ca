package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"heed/store/embedded"
	"heed/store/storetest/freeport"
)

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
		if ports[i], err = freeport.Find(); err != nil {
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

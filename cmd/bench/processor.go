package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// spent is the processor time, in seconds, of heed, of its Postgres, and of the load with
// the Slack that it brings: on a machine that others use too it says more than the clock.
type spent struct{ heed, postgres, load float64 }

// since is what was spent after an earlier look.
func (s spent) since(before spent) spent {
	return spent{s.heed - before.heed, s.postgres - before.postgres, s.load - before.load}
}

// each says how much of it falls on one of n.
func (s spent) each(n int) string {
	const ms = 1000
	k := ms / float64(max(n, 1))
	return fmt.Sprintf("%.1f ms of the processors each: heed %.1f, Postgres %.1f, load and Slack %.1f",
		(s.heed+s.postgres+s.load)*k, s.heed*k, s.postgres*k, s.load*k)
}

// spent reads it; zero where the system does not tell.
func (w *world) spent() spent {
	var used syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &used) != nil {
		return spent{}
	}
	load := float64(used.Utime.Sec+used.Stime.Sec) + float64(used.Utime.Usec+used.Stime.Usec)/1e6
	return spent{processSeconds(strconv.Itoa(w.heed.cmd.Process.Pid), false), w.postgresSeconds(), load}
}

// postgresSeconds is that of the server with all its processes, also those that ended.
func (w *world) postgresSeconds() float64 {
	raw, err := os.ReadFile(filepath.Join(w.dir, "postgres", "postmaster.pid"))
	if err != nil {
		return 0
	}
	master, _, _ := strings.Cut(string(raw), "\n")
	all := processSeconds(master, true)
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is right
	for _, path := range stats {
		if f := statFields(path); len(f) > 1 && f[1] == master {
			all += processSeconds(filepath.Base(filepath.Dir(path)), false)
		}
	}
	return all
}

// processSeconds is what a process has used, with its ended children or without.
func processSeconds(pid string, children bool) (seconds float64) {
	const (
		utime = 11 // proc_pid_stat(5), fields 14 to 17: the state, field 3, is the first here
		ticks = 100
	)
	f := statFields("/proc/" + pid + "/stat")
	if len(f) < utime+4 {
		return 0
	}
	n := 2
	if children {
		n = 4
	}
	for _, v := range f[utime : utime+n] {
		t, err := strconv.ParseFloat(v, 64)
		if err != nil {
			return 0
		}
		seconds += t / ticks
	}
	return seconds
}

// statFields are the fields after the name, which may hold anything.
func statFields(path string) []string {
	raw, err := os.ReadFile(path) // #nosec G304 -- of /proc
	if err != nil {
		return nil
	}
	return strings.Fields(string(raw[strings.LastIndexByte(string(raw), ')')+1:]))
}

package main

import (
	"encoding/json"
	"strings"
	"testing"

	"heed/store/storetest"
)

func TestProgram(t *testing.T) {
	t.Parallel()

	t.Run("help_lists_every_command", func(t *testing.T) {
		t.Parallel()
		for _, args := range [][]string{{"help"}, {"--help"}, {"-h"}} {
			out, said, code := heed(t, nil, args...)
			if code != exitOK || said != "" {
				t.Errorf("%v ended with %d and complained: %s", args, code, said)
			}
			for _, c := range commands() {
				if !strings.Contains(out, "  "+c.name+" ") || !strings.Contains(out, c.summary) {
					t.Errorf("%v does not tell of %s:\n%s", args, c.name, out)
				}
			}
		}
	})

	t.Run("every_command_has_help_and_needs_nothing_for_it", func(t *testing.T) {
		t.Parallel()
		for _, c := range commands() {
			for _, args := range [][]string{{c.name, "--help"}, {c.name, "-h"}} {
				out, said, code := heed(t, []string{"HEED_LISTEN=nonsense"}, args...)
				if code != exitOK || said != "" || !strings.HasPrefix(out, "Usage: heed ") {
					t.Errorf("%v ended with %d:\n%s%s", args, code, out, said)
				}
			}
		}
		if out, _, code := heed(t, nil, "slack", "manifest", "--help"); code != exitOK || !strings.Contains(out, "-prefix") {
			t.Errorf("slack manifest --help ended with %d:\n%s", code, out)
		}
	})

	t.Run("wrong_use_is_told_and_ends_with_2", func(t *testing.T) {
		t.Parallel()
		for _, c := range []struct{ line, told string }{
			{"serv", `there is no command "serv"`},
			{"serve now", `"now" is not understood`},
			{"migrate --fast", "-fast"},
			{"digest --at monday", "--at takes an instant"},
			{"slack", "Usage: heed slack manifest"},
			{"slack manifest", "HEED_PUBLIC_URL"},
			{"slack manifests", "Usage: heed slack manifest"},
		} {
			out, said, code := heed(t, nil, strings.Fields(c.line)...)
			if code != exitUse || out != "" || !strings.Contains(said, c.told) {
				t.Errorf("heed %s ended with %d, printed %q and said:\n%s", c.line, code, out, said)
			}
		}
	})

	t.Run("manifest_is_json_with_the_address_or_socket_mode", func(t *testing.T) {
		t.Parallel()
		for _, c := range []struct {
			environ []string
			args    string
			holds   []string
		}{
			{[]string{"HEED_PUBLIC_URL=https://heed.acme.example/"}, "slack manifest", []string{`https://heed.acme.example/slack/events"`, `"/feedback"`, `"/heed"`}},
			{nil, "slack manifest --socket --prefix acme- --history", []string{`"socket_mode_enabled": true`, `"/acme-feedback"`, `channels:history`}},
		} {
			out, said, code := heed(t, c.environ, strings.Fields(c.args)...)
			if code != exitOK || !json.Valid([]byte(out)) {
				t.Fatalf("heed %s ended with %d:\n%s%s", c.args, code, out, said)
			}
			for _, part := range c.holds {
				if !strings.Contains(out, part) {
					t.Errorf("heed %s: no %s in\n%s", c.args, part, out)
				}
			}
		}
	})

	t.Run("version", func(t *testing.T) {
		t.Parallel()
		if out, _, code := heed(t, nil, "version"); code != exitOK || !strings.HasPrefix(out, "heed ") {
			t.Errorf("it ended with %d: %s", code, out)
		}
	})
}

func TestDatabaseCommands(t *testing.T) {
	t.Parallel()

	t.Run("migrate_makes_the_schema_and_is_repeatable", func(t *testing.T) {
		t.Parallel()
		environ := []string{"DATABASE_URL=" + storetest.Empty(t)}
		if out, _, code := heed(t, environ, "doctor"); code != exitFailed || !strings.Contains(out, "heed migrate") {
			t.Errorf("before, the doctor ended with %d: %s", code, out)
		}
		out, _, _ := heed(t, environ, "doctor", "--json")
		var said diagnosis
		if err := json.Unmarshal([]byte(out), &said); err != nil || said.Well || said.Problems != 1 || len(said.Checks) < 3 {
			t.Errorf("for a program, the doctor says %v: %s", err, out)
		}
		for range 2 {
			if out, said, code := heed(t, environ, "migrate"); code != exitOK || !strings.Contains(out, "up to date") {
				t.Fatalf("it ended with %d: %s%s", code, out, said)
			}
		}
		if out, _, code := heed(t, environ, "doctor", "--json"); code != exitOK || !strings.Contains(out, `"well":true,"problems":0,"checks":[{"area":"database"`) {
			t.Errorf("for a program, the doctor ended with %d: %s", code, out)
		}
		if out, said, code := heed(t, environ, "doctor"); code != exitOK || !strings.Contains(out, "No workspace is attached yet") {
			t.Errorf("after, the doctor ended with %d: %s%s", code, out, said)
		}
	})

	t.Run("a_database_that_is_away_is_told_without_its_password", func(t *testing.T) {
		t.Parallel()
		for _, command := range []string{"migrate", "doctor", "digest", "export items", "import requests.csv", "backup heed.backup"} {
			out, said, code := heed(t, []string{"DATABASE_URL=postgres://heed:sesame-open@127.0.0.1:1/heed"}, strings.Fields(command)...)
			if code != exitFailed || said == "" || strings.Contains(out+said, "sesame") {
				t.Errorf("%s ended with %d: %s%s", command, code, out, said)
			}
		}
	})

	t.Run("a_digest_names_its_workspace", func(t *testing.T) {
		t.Parallel()
		environ := []string{"DATABASE_URL=" + storetest.DSN(t)}
		if _, said, code := heed(t, environ, "digest"); code != exitUse || !strings.Contains(said, "there are 0 workspaces") {
			t.Errorf("with none it ended with %d: %s", code, said)
		}
		if _, said, code := heed(t, environ, "digest", "--workspace", "slack:T404"); code != exitFailed || !strings.Contains(said, "no workspace slack:T404") {
			t.Errorf("with an unknown one it ended with %d: %s", code, said)
		}
		if _, said, code := heed(t, environ, "digest", "--workspace", "acme"); code != exitUse || !strings.Contains(said, "slack:T123") {
			t.Errorf("with half a name it ended with %d: %s", code, said)
		}
	})

	t.Run("healthcheck_tells_a_running_heed_from_none", func(t *testing.T) {
		t.Parallel()
		h := serveHere(t, program{environ: []string{"DATABASE_URL=" + storetest.DSN(t), "HEED_LISTEN=127.0.0.1:0"}})
		listen := []string{"HEED_LISTEN=" + strings.TrimPrefix(h.url, "http://")}
		if out, said, code := heed(t, listen, "healthcheck"); code != exitOK || !strings.Contains(out, "well") {
			t.Errorf("it ended with %d: %s%s", code, out, said)
		}
		if _, said, code := heed(t, append(listen, "DATABASE_URL="+storetest.DSN(t)), "serve"); code != exitFailed || !strings.Contains(said, "HEED_LISTEN chooses another address") {
			t.Errorf("a second one on the port ended with %d: %s", code, said)
		}
		if code := h.end(); code != exitOK {
			t.Errorf("it ended with %d", code)
		}
		if _, said, code := heed(t, listen, "healthcheck"); code != exitFailed || !strings.Contains(said, "no Heed answers") {
			t.Errorf("with none it ended with %d: %s", code, said)
		}
	})
}

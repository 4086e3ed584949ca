package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"heed/adapters/slack/slackfake"
	"heed/store/storetest"
)

// diagnosed runs the doctor for a program, and answers its exit code too.
func diagnosed(t *testing.T, environ []string) (diagnosis, int) {
	t.Helper()
	out, said, code := heed(t, environ, "doctor", "--json")
	var d diagnosis
	if err := json.Unmarshal([]byte(out), &d); err != nil {
		t.Fatalf("the doctor ended with %d: %s%s", code, out, said)
	}
	if (code == exitOK) != d.Well || d.Well != (d.Problems == 0) {
		t.Errorf("it ended with %d: %s", code, out)
	}
	return d, code
}

// of are the checks of an area by a name.
func (d diagnosis) of(area, name string) (out []check) {
	for _, c := range d.Checks {
		if c.Area == area && c.Check == name {
			out = append(out, c)
		}
	}
	return out
}

func TestDoctor(t *testing.T) {
	t.Parallel()
	a := newAcme(t, false)
	listen := freePort(t)
	a.env = append(a.env, "HEED_LISTEN="+listen, "HEED_PUBLIC_URL=http://"+listen)
	a.here()
	a.setUp()
	a.quiet()

	is := func(d diagnosis, area, name, state, words string) {
		t.Helper()
		found := d.of(area, name)
		if !slices.ContainsFunc(found, func(c check) bool { return string(c.State) == state && strings.Contains(c.Text, words) }) {
			t.Errorf("%s %s is no %s with %q: %+v", area, name, state, words, found)
		}
	}
	d, _ := diagnosed(t, a.env)
	is(d, "database", "version", "well", "15 or newer")
	is(d, "database", "extensions", "well", "pg_trgm and btree_gist")
	is(d, "database", "schema", "well", "nothing is pending")
	is(d, "database", "connections", "well", "left")
	is(d, "clock", "database", "well", "agrees")
	is(d, "clock", "slack", "well", "agrees with Slack's")
	is(d, "address", "reachable", "well", "leads to this Heed")
	is(d, "configuration", "secret_key", "well", "opens all")
	is(d, "workspace", "token", "well", "takes Heed's token for acme")
	is(d, "workspace", "channels", "well", "#requests")
	is(d, "board", "digests", "well", "Monday")
	if d.Problems != 0 {
		t.Errorf("it finds problems: %+v", d)
	}
	out, _, code := heed(t, a.env, "doctor")
	if code != exitOK || !strings.Contains(out, "Database\n  ✓ ok    Postgres ") || !strings.Contains(out, "\nAll is well: ") {
		t.Errorf("for a person it ended with %d:\n%s", code, out)
	}
	t.Log("\n" + out)

	// A scope is taken away, a channel is lost, and the address leads elsewhere.
	a.team.SetScopes(slices.DeleteFunc(slices.Clone(slackfake.DefaultScopes), func(s string) bool { return s == "reactions:read" || s == "im:write" })...)
	other := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(other.Close)
	moved := append(slices.Clone(a.env), "HEED_PUBLIC_URL="+other.URL)
	d, _ = diagnosed(t, moved)
	is(d, "workspace", "scopes", "problem", "did not grant reactions:read. A 👍 on a card doesn't count; only the button does.")
	is(d, "workspace", "scopes", "hint", "did not grant im:write. Nobody is told in private")
	is(d, "address", "reachable", "problem", "something answers 404 that is not Heed")
	if d.Problems != 2 {
		t.Errorf("%d problems, want 2", d.Problems)
	}
	out, _, code = heed(t, moved, "doctor")
	if code != exitFailed || !strings.Contains(out, "  ✗ mend  ") || !strings.Contains(out, "\nTo mend: 2. Well: ") {
		t.Errorf("for a person it ended with %d:\n%s", code, out)
	}
	t.Log("\n" + out)

	// The address leads to another installation, or to nobody.
	stranger := serveHere(t, program{environ: []string{"DATABASE_URL=" + storetest.DSN(t), "HEED_LISTEN=127.0.0.1:0"}})
	d, _ = diagnosed(t, append(slices.Clone(a.env), "HEED_PUBLIC_URL="+stranger.url))
	is(d, "address", "reachable", "problem", "another Heed answers")
	d, _ = diagnosed(t, append(slices.Clone(a.env), "HEED_PUBLIC_URL=http://"+freePort(t)))
	is(d, "address", "reachable", "problem", "nobody listens there")

	// The token is not good.
	d, _ = diagnosed(t, append(slices.Clone(a.env), "SLACK_BOT_TOKEN=xoxb-not-a-token"))
	is(d, "workspace", "token", "problem", "does not take Heed's token for acme")

	// The database is away.
	d, _ = diagnosed(t, []string{"DATABASE_URL=postgres://heed:sesame-open@127.0.0.1:1/heed"})
	is(d, "database", "answers", "problem", "does not answer")
}

// TestDiscordDoctor: what Heed's role may not do is told by the name that Discord has for it.
func TestDiscordDoctor(t *testing.T) {
	t.Parallel()
	f := newFans(t)
	f.here()
	f.setUp()
	d, _ := diagnosed(t, f.env)
	if token := d.of("workspace", "token"); len(token) != 1 || token[0].State != "well" || !strings.HasPrefix(token[0].Workspace, "discord:") {
		t.Errorf("%+v", token)
	}
	if agrees := d.of("clock", "discord"); len(agrees) != 1 || agrees[0].State != "well" {
		t.Errorf("%+v", agrees)
	}
	t.Log(d.of("workspace", "scopes"))
	d, _ = diagnosed(t, append(slices.Clone(f.env), "DISCORD_TOKEN=not.a.token"))
	if token := d.of("workspace", "token"); len(token) != 1 || token[0].State != "problem" {
		t.Errorf("%+v", token)
	}
}

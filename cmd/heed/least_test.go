package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"os"
	"strings"
	"testing"

	"heed/store"
	"heed/store/embedded"
	"heed/store/storetest"
)

// TestLeastRights: a role that owns its database and may do nothing else is enough, for
// the schema, for a day's work, for a new key and for a backup.
func TestLeastRights(t *testing.T) {
	t.Parallel()
	dir := dataFolder(t)
	server, err := embedded.Start(t.Context(), embedded.Options{Dir: dir, Bin: os.Getenv("HEED_POSTGRES_BIN")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := server.Stop(ctx); err != nil {
			t.Log(err)
		}
	})
	db := storetest.Open(t, server.DSN())
	env := []string{"DATABASE_URL=" + server.DSN(), "HEED_SECRET_KEY=" + keyNow, "HEED_LISTEN=127.0.0.1:0", "HEED_POSTGRES_BIN=" + os.Getenv("HEED_POSTGRES_BIN")}
	if out, said, code := heed(t, env, "migrate"); code != exitOK {
		t.Fatalf("migrate ended with %d: %s%s", code, out, said)
	}
	var rights []string
	if err := db.Select(&rights, `
		select w from pg_roles r, unnest(array['superuser', 'createdb', 'createrole', 'replication', 'bypassrls'],
		              array[rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls]) as x (w, has)
		 where rolname = current_user and has
		union all
		select 'member of ' || roleid::regrole from pg_auth_members where member = current_user::regrole
		union all
		select 'owner of ' || datname from pg_database where datdba = current_user::regrole and datname <> current_database()`); err != nil || len(rights) > 0 {
		t.Errorf("it may more than it needs: %v, %v", rights, err)
	}
	for what, sql := range map[string]string{
		"make a role":              `create role other`,
		"make a database":          `create database other`,
		"read the machine's files": `select pg_read_file('PG_VERSION')`,
		"run programs":             `copy boards to program 'cat'`,
		"change the server":        `alter system set log_statement = 'all'`,
		"read passwords":           `select rolpassword from pg_authid`,
	} {
		if _, err := db.Exec(sql); err == nil {
			t.Errorf("it may %s", what)
		}
	}
	r := serveHere(t, program{environ: env})
	r.end()
	s := &shelf{T: t, env: env, db: db, store: store.New(db)}
	s.acme = s.attach("acme", "Acme")
	s.vote(s.item("Dark mode", ""), "support", tuesday, "URUI", "UMIRA")
	if out, said, code := heed(t, env, "rotate-key"); code != exitOK {
		t.Errorf("rotate-key ended with %d: %s%s", code, out, said)
	}
	if out, said, code := heed(t, env, "backup", dir+"/acme.backup"); code != exitOK || !strings.Contains(out, "Backed up") {
		t.Errorf("backup ended with %d: %s%s", code, out, said)
	}
}

// TestNothingInTheClear: neither a token nor a key stands readable in any table, nor
// in what the program says.
func TestNothingInTheClear(t *testing.T) {
	t.Parallel()
	v := newVault(t, keyBefore)
	kept := v.hash(keyBefore)
	var tables []string
	if err := v.db.Select(&tables, `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`); err != nil || len(tables) < 20 {
		t.Fatalf("%d tables, %v", len(tables), err)
	}
	for _, table := range tables {
		var rows []string
		if err := v.db.Select(&rows, `select t::text from `+table+` t`); err != nil {
			t.Fatal(err)
		}
		for _, secret := range [][]byte{[]byte(fakeToken), []byte("a hidden title"), kept, keyOf(t, keyBefore), []byte(keyBefore)} {
			for _, row := range rows {
				if strings.Contains(row, string(secret)) || strings.Contains(row, hex.EncodeToString(secret)) {
					t.Errorf("%s holds a secret", table)
				}
			}
		}
	}
	for _, command := range [][]string{{"doctor"}, {"doctor", "--json"}, {"rotate-key"}, {"rotate-key", "--give-up"}} {
		out, said, _ := heed(t, append(v.env, "HEED_SECRET_KEY="+keyNow, "SLACK_SIGNING_SECRET=not-a-real-secret", "SLACK_BOT_TOKEN="+fakeToken), command...)
		for _, secret := range []string{fakeToken, keyNow, keyBefore, "not-a-real-secret"} {
			if strings.Contains(out+said, secret) || bytes.Contains([]byte(out+said), kept) {
				t.Errorf("%v says a secret", command)
			}
		}
	}
}

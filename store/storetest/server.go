package storetest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"sync"
	"syscall"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"heed/store"
	"heed/store/embedded"
)

// Variable names the environment variable that holds the server's address.
const Variable = "HEED_TEST_DATABASE_URL"

// templateLock is the advisory lock under which a template is made ("test" in ASCII).
const templateLock = 0x74657374

// server is a Postgres on which databases are made.
type server struct {
	url   *url.URL
	admin *sqlx.DB

	mu   sync.Mutex
	made string // the template's name once it is known to be there
}

// running is this test program's server. It is shared by the program's tests, as Go gives
// a package of tests no other place to keep one; it ends with the program.
var running = sync.OnceValues(func() (*server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if address := os.Getenv(Variable); address != "" {
		return connect(ctx, address)
	}
	_, dsn, err := Throwaway(ctx)
	if err != nil {
		return nil, err
	}
	return connect(ctx, dsn)
})

// Throwaway starts a server in a temporary folder; both are gone when it is stopped or
// this program ends, however it ends.
func Throwaway(ctx context.Context) (*embedded.Server, string, error) {
	dir, err := os.MkdirTemp(memory(), "heed-postgres-")
	if err != nil {
		return nil, "", err
	}
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // as root, Postgres runs as another user, who must get in
		return nil, "", err
	}
	s, err := embedded.Start(ctx, embedded.Options{Dir: dir, Bin: os.Getenv("HEED_POSTGRES_BIN"), Throwaway: true})
	if err != nil {
		_ = os.RemoveAll(dir)
		return nil, "", err
	}
	return s, s.DSN(), nil
}

// memory is a folder in memory with room for a few hundred test databases, "" where the
// system has none: on a disk that others keep busy a database takes twice the time.
func memory() string {
	const dir, room = "/dev/shm", 2 << 30
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil || uint64(fs.Bavail)*uint64(fs.Bsize) < room { //nolint:unconvert // the types differ between systems
		return ""
	}
	return dir
}

func connect(ctx context.Context, address string) (*server, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return nil, errors.New(Variable + " must be a URL, postgres://…") // err would quote it
	}
	s := &server{url: u}
	admin := *u
	q := admin.Query()
	q.Set("statement_timeout", "0") // copying files waits for a busy disk
	q.Set("lock_timeout", "0")
	admin.RawQuery = q.Encode()
	if s.admin, err = store.Open(ctx, admin.String()); err != nil {
		return nil, err
	}
	s.admin.SetMaxOpenConns(4)
	return s, nil
}

// address is the URL of a database of this server.
func (s *server) address(name string) string {
	u := *s.url
	u.Path = "/" + name
	return u.String()
}

// create copies a template. FILE_COPY takes about 15 ms for our schema, a third of the default.
func (s *server) create(ctx context.Context, name, template string) error {
	_, err := s.admin.ExecContext(store.Patient(ctx), "create database "+pq.QuoteIdentifier(name)+
		" template "+pq.QuoteIdentifier(template)+" strategy file_copy")
	return err
}

func (s *server) drop(ctx context.Context, name string) error {
	_, err := s.admin.ExecContext(store.Patient(ctx), "drop database if exists "+pq.QuoteIdentifier(name)+" with (force)")
	return err
}

// template is the name of the migrated database that tests copy. The first test program to
// need it on a server makes it; the name changes with the migrations.
func (s *server) template(ctx context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.made != "" {
		return s.made, nil
	}
	name, err := templateName()
	if err != nil {
		return "", err
	}
	gate, err := s.admin.BeginTxx(store.Patient(ctx), nil)
	if err != nil {
		return "", err
	}
	defer func() { _ = gate.Rollback() }() // frees the lock
	if _, err := gate.ExecContext(ctx, "select pg_advisory_xact_lock($1)", templateLock); err != nil {
		return "", err
	}
	var there bool
	if err := gate.GetContext(ctx, &there, "select exists (select from pg_database where datname = $1)", name); err != nil {
		return "", err
	}
	if !there {
		if err := s.build(ctx, name); err != nil {
			return "", err
		}
	}
	s.made = name
	return name, nil
}

// build makes the template under another name first: one that bears its name is complete.
func (s *server) build(ctx context.Context, name string) error {
	raw := name + "_raw"
	if err := s.drop(ctx, raw); err != nil {
		return err
	}
	if err := s.create(ctx, raw, "template1"); err != nil {
		return err
	}
	db, err := store.Open(ctx, s.address(raw))
	if err != nil {
		return err
	}
	err = store.Migrate(ctx, db)
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	_, err = s.admin.ExecContext(ctx, "alter database "+pq.QuoteIdentifier(raw)+" rename to "+pq.QuoteIdentifier(name))
	return err
}

// templateName is made from what the migrations say.
func templateName() (string, error) {
	sum := sha256.New()
	files := store.Migrations()
	err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, path)
		_, _ = fmt.Fprintf(sum, "%s %d\n%s", path, len(text), text)
		return err
	})
	return "heed_template_" + strings.ToLower(hex.EncodeToString(sum.Sum(nil)[:8])), err
}

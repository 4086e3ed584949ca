//go:build unix

package embedded

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"

	"github.com/lib/pq"
)

// port only names the socket: no network is listened on.
const port = "5432"

// longest is how long a unix socket's path may be: sun_path has 108 bytes on Linux, 104
// on macOS and the BSDs, and ends with a zero.
const longest = 103

// socketFolder makes the folder for the socket: run/ in the data folder, or, where that
// path is too long, a folder in a short place whose name follows from the data folder's.
func (f *folder) socketFolder() (dir string, outside bool, err error) {
	inside := filepath.Join(f.dir, "run")
	if fits(inside) {
		if err := f.owner.mkdir(inside); err != nil {
			return "", false, badFolder(f.dir, "can't be written", err)
		}
		return inside, false, nil
	}
	sum := sha256.Sum256([]byte(f.dir))
	name := "heed-" + strconv.Itoa(f.owner.uid) + "-" + hex.EncodeToString(sum[:6])
	var errs []error
	for _, place := range []string{os.Getenv("XDG_RUNTIME_DIR"), "/run", os.TempDir(), "/tmp"} {
		dir := filepath.Join(place, name)
		if place == "" || !fits(dir) || f.owner.blockedAt(place) != "" {
			continue
		}
		if err := f.owner.mkdir(dir); err != nil {
			errs = append(errs, err)
			continue
		}
		return dir, true, nil
	}
	return "", false, badFolder(f.dir, fmt.Sprintf("has a path too long for a socket (at most %d bytes), and no short folder can be made for it", longest),
		errors.Join(append(errs, fs.ErrInvalid)...))
}

func fits(dir string) bool { return len(filepath.Join(dir, ".s.PGSQL."+port)) <= longest }

// address is the database's URL over a socket folder.
func address(socket string) string {
	q := url.Values{"host": {socket}, "port": {port}, "sslmode": {"disable"}}
	u := url.URL{Scheme: "postgres", User: url.User(role), Path: "/" + role, RawQuery: q.Encode()}
	return u.String()
}

// ping opens one connection and closes it.
func ping(ctx context.Context, dsn string) error {
	c, err := pq.NewConnector(dsn)
	if err != nil {
		return err
	}
	conn, err := c.Connect(ctx)
	if err != nil {
		return err
	}
	return conn.Close()
}

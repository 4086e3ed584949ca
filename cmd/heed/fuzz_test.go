package main

import (
	"archive/tar"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzImportFile: of any file each row is read, or told what is wrong with it; nothing
// is in a request that is not in the file.
func FuzzImportFile(f *testing.F) {
	for _, s := range []string{
		"title,body\nDark mode,\"It's, late\"\n", "\uFEFFTitle;Status;Tags\nDark;planned;a b\n", "title\n\"open", "title\tvotes\nx\t99999999999999999999\n", "body\n\x00\n", "title,title,subject\na,b,c\n",
		"\xff\xfe", "", "title,created_at\nx,2026-13-45\n", "title,number\nx,#-7\n", "title,status\nx,\"=cmd|' /C calc'!A0\"\n", "title,body\n'=1+1,'-\n", "title\n\xff\n", ",BodY\n,\"0\"",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := openImport(bytes.NewReader(data))
		if err != nil {
			if err.Error() == "" || strings.Contains(err.Error(), "parse error") {
				t.Fatalf("%q: %v", data, err)
			}
			return
		}
		for range 1000 {
			cells, line, err := file.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				if bad := (*csv.ParseError)(nil); !errors.As(err, &bad) || line < 1 || unquoted(err) == "" {
					t.Fatalf("%q: line %d: %v", data, line, err)
				}
				continue
			}
			r, err := file.header.row(cells, "acme", tuesday)
			if fault := rowFault(""); err != nil && (!errors.As(err, &fault) || fault == "") {
				t.Fatalf("%q: %v", cells, err)
			}
			if err != nil {
				continue
			}
			if r.Body == "" || !utf8.ValidString(r.Title+r.Body) || strings.Contains(r.Title+r.Body, "\x00") || !strings.HasPrefix(r.Key, "import:") || r.CreatedAt.After(tuesday.AddDate(0, 0, 1)) {
				t.Fatalf("%q became %+v", cells, r)
			}
			if again, err := file.header.row(cells, "acme", tuesday); err != nil || again.Key != r.Key {
				t.Fatalf("%q is %s the second time, %v", cells, again.Key, err)
			}
		}
	})
}

// FuzzUnpack: of any file only a whole backup is taken, its dump goes where it is put
// and nowhere else, and what is packed comes back.
func FuzzUnpack(f *testing.F) {
	archive := func(names ...string) []byte {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		for _, name := range names {
			body := "PGDMP"
			if name == backupManifest {
				body = `{"format":1,"postgres":15,"tables":[{"table":"items","rows":-1,"sum":"x"}]}`
			}
			if err := errors.Join(w.WriteHeader(&tar.Header{Name: name, Mode: 0o777, Size: int64(len(body))}), func() error { _, err := io.WriteString(w, body); return err }()); err != nil {
				f.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			f.Fatal(err)
		}
		return b.Bytes()
	}
	whole := archive(backupManifest, backupDump)
	for _, s := range [][]byte{whole, whole[:700], whole[:1100], archive(backupManifest), archive(backupDump, backupManifest), archive(backupManifest, "../../"+backupDump), archive("/etc/passwd"), nil, []byte("dark mode")} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		file, dump := filepath.Join(dir, "file"), filepath.Join(dir, "in", "dump")
		if err := errors.Join(os.WriteFile(file, data, 0o600), os.Mkdir(filepath.Dir(dump), 0o700)); err != nil {
			t.Fatal(err)
		}
		m, err := unpack(file, dump)
		if there, _ := filepath.Glob(filepath.Join(dir, "*")); len(there) != 2 {
			t.Fatalf("it wrote %q", there)
		}
		if err != nil {
			return
		}
		got, err := os.ReadFile(dump)
		if err != nil || m.Format != backupFormat || !bytes.Contains(data, got) {
			t.Fatalf("took %+v, %v", m, err)
		}
		again := filepath.Join(dir, "again")
		if err := pack(again, dump, m); err != nil {
			t.Fatal(err)
		}
		back, err := unpack(again, dump+"2")
		if err != nil {
			t.Fatal(err)
		}
		one, _ := json.Marshal(m)
		two, _ := json.Marshal(back)
		if same, err := os.ReadFile(dump + "2"); err != nil || !bytes.Equal(same, got) || !bytes.Equal(one, two) {
			t.Fatalf("packed again it is %s, was %s, %v", two, one, err)
		}
	})
}

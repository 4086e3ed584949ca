package bot_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestImports holds the one rule of the layout: cmd -> adapters, store -> bot. It looks at
// what is imported by way of others too, as the linter does not.
func TestImports(t *testing.T) {
	t.Parallel()
	// Go keeps a test's result until a file changes that the test itself looked at.
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".go" {
			_, err = os.Stat(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-json=ImportPath,Standard,Deps", "heed/...")
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, said.String())
	}
	standard, deps := map[string]bool{}, map[string][]string{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath string
			Standard   bool
			Deps       []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		standard[p.ImportPath], deps[p.ImportPath] = p.Standard, p.Deps
	}
	if len(deps["heed/bot"]) == 0 {
		t.Fatal("go list says nothing of heed/bot")
	}
	for pkg, all := range deps {
		for _, dep := range all {
			if why := forbidden(pkg, dep, standard[dep]); why != "" {
				t.Errorf("%s imports %s: %s", pkg, dep, why)
			}
		}
	}
}

// forbidden says why one package of ours may not lead to another, "" if it may.
func forbidden(pkg, dep string, standard bool) string {
	switch {
	case !within(pkg, "heed"):
		return ""
	case pkg == "heed/bot" && (within(dep, "net/http") || within(dep, "database/sql")):
		return "the core knows no network and no SQL"
	case pkg == "heed/bot" && !standard && dep != "github.com/robfig/cron/v3":
		return "the core stands on the standard library and cron's parser"
	case within(pkg, "heed/adapters") && (within(dep, "heed/store") || within(dep, "heed/cmd")):
		return "adapters talk to the core"
	case within(pkg, "heed/adapters") && within(dep, "heed/adapters") && family(pkg) != family(dep) && family(dep) != "adaptertest":
		return "adapters don't know each other"
	case within(pkg, "heed/store") && (within(dep, "heed/adapters") || within(dep, "heed/cmd")):
		return "the store talks to the core"
	}
	return ""
}

// family is the adapter that a package belongs to: slack for heed/adapters/slack/slackfake.
func family(pkg string) string {
	return strings.Split(strings.TrimPrefix(pkg, "heed/adapters/")+"/", "/")[0]
}

func within(pkg, tree string) bool { return pkg == tree || strings.HasPrefix(pkg, tree+"/") }

func TestForbidden(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pkg, dep string
		standard bool
		may      bool
	}{
		{"heed/bot", "net/http", true, false},
		{"heed/bot", "database/sql/driver", true, false},
		{"heed/bot", "heed/store", false, false},
		{"heed/bot", "github.com/jmoiron/sqlx", false, false},
		{"heed/bot", "net/url", true, true},
		{"heed/bot", "github.com/robfig/cron/v3", false, true},
		{"heed/adapters/slack", "heed/store", false, false},
		{"heed/adapters/slack", "heed/adapters/discord", false, false},
		{"heed/adapters/slack", "heed/adapters/slack/slackfake", false, true},
		{"heed/adapters/slack/slackfake", "heed/adapters/adaptertest", false, true},
		{"heed/store/embedded", "heed/adapters/web", false, false},
		{"heed/store/embedded", "heed/store", false, true},
		{"heed/cmd/heed", "heed/store", false, true},
	} {
		if got := forbidden(c.pkg, c.dep, c.standard) == ""; got != c.may {
			t.Errorf("%s -> %s: %v", c.pkg, c.dep, got)
		}
	}
	if got := family("heed/adapters/slack/slackfake"); got != "slack" {
		t.Errorf("the fake is of family %q", got)
	}
}

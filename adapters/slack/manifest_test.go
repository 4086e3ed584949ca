package slack

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heed/adapters/slack/slackfake"
)

func TestManifest(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]Manifest{
		"manifest_http":   {PublicURL: "https://heed.acme.example/"},
		"manifest_socket": {Socket: true, Prefix: "acme-", History: true},
	} {
		got, err := m.JSON()
		if err != nil {
			t.Fatal(err)
		}
		var v any
		if err := json.Unmarshal(got, &v); err != nil {
			t.Fatal(err)
		}
		golden(t, name, v)
	}
	for name, m := range map[string]Manifest{
		"no address":          {},
		"plain http":          {PublicURL: "http://heed.acme.example"},
		"a prefix with space": {Socket: true, Prefix: "acme corp"},
	} {
		if _, err := m.JSON(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestManifestSuitsTheFake holds what the tests grant against what is asked for:
// a scope that Heed needs and does not ask for would show here.
func TestManifestSuitsTheFake(t *testing.T) {
	t.Parallel()
	asked := scopeNames(Manifest{})
	for _, s := range slackfake.DefaultScopes {
		if !slices.Contains(asked, s) && !slices.Contains([]string{"im:read", "mpim:read", "groups:write"}, s) {
			t.Errorf("the tests grant %s, the manifest does not ask for it", s)
		}
	}
}

// TestScopesStandInTheGuide keeps docs/slack.md equal to what is asked for.
func TestScopesStandInTheGuide(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../../docs/slack.md")
	if err != nil {
		t.Fatal(err)
	}
	var missing []string
	for _, s := range (Manifest{History: true}).Scopes() {
		if line := "| `" + s.Name + "` | " + s.Reason + " |"; !strings.Contains(string(guide), line) {
			missing = append(missing, line)
		}
	}
	if diff := cmp.Diff([]string(nil), missing); diff != "" {
		t.Errorf("the guide lacks:\n%s", strings.Join(missing, "\n"))
	}
}

package bot

import (
	"strings"
	"testing"
	"time"
)

// TestEndlessMarks: what looks like the beginning of a mention, again and again, is read as
// fast as any other text, not each to the end.
func TestEndlessMarks(t *testing.T) {
	t.Parallel()
	for name, read := range map[string]func(string){
		"spoken": func(s string) { spoken(s) },
		"zone":   func(s string) { _, _, _ = ParseZone(s) },
	} {
		begun := time.Now()
		read(strings.Repeat("<@U1|", 1<<20))
		if took := time.Since(begun); took > 20*time.Second {
			t.Errorf("%s took %s", name, took)
		}
	}
	if got := spoken("<@U1|<@U2|Mira> and <#C1|support>"); got != "<@U1|@Mira and #support" {
		t.Errorf("read %q", got)
	}
}

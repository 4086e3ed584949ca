package discord_test

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"heed/adapters/discord"
)

// TestInvite: the guide names every bit that the link asks for, and no other.
func TestInvite(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/discord.md")
	if err != nil {
		t.Fatal(err)
	}
	guide := string(page)
	var told int64
	for _, m := range regexp.MustCompile("\\| `1 << (\\d+)` \\| \\S").FindAllStringSubmatch(guide, -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			t.Fatal(err)
		}
		told |= 1 << n
	}
	if told != discord.Permissions {
		t.Errorf("the guide gives reasons for %d, the link asks for %d", told, discord.Permissions)
	}
	want := strings.Replace(discord.InviteURL("APPLICATION_ID"), "https://discord.com/oauth2/authorize?", "", 1)
	for part := range strings.SplitSeq(want, "&") {
		if !strings.Contains(guide, part) {
			t.Errorf("the guide's link lacks %s", part)
		}
	}
}

package bot

import (
	"fmt"
	"testing"
	"time"
)

// onceClock says one time, until it is set.
type onceClock struct {
	SystemClock
	at time.Time
}

func (c *onceClock) Now() time.Time { return c.at }

func TestHasteOfAWorkspace(t *testing.T) {
	t.Parallel()
	c := &onceClock{at: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}
	h := newHaste(c)
	act := func(workspace string, who int) (time.Duration, bool) {
		return h.over(Call{Workspace: WorkspaceRef{Slack, workspace}, Member: MemberSeen{Account: fmt.Sprint("U", who)}})
	}
	for i := range actsOfWorkspace {
		if wait, _ := act("T1", i); wait != 0 {
			t.Fatalf("the %dth of an hour's acts has to wait", i+1)
		}
	}
	if wait, everyone := act("T1", actsOfWorkspace); wait == 0 || !everyone {
		t.Error("one workspace may do more than an hour's acts at once")
	}
	if wait, _ := act("T2", 1); wait != 0 {
		t.Error("another waits for it")
	}
	c.at = c.at.Add(10 * time.Second)
	for i := range int(10 * time.Second / workspacePace) {
		if wait, _ := act("T1", i); wait != 0 {
			t.Fatalf("after ten seconds the %dth act has to wait", i+1)
		}
	}
	for range 3 { // who did nothing for long is forgotten
		c.at = c.at.Add(time.Hour + time.Second)
		act("T3", 1)
	}
	if n, w := len(h.people.young)+len(h.people.old), len(h.workspaces.young)+len(h.workspaces.old); n > 2 || w > 2 {
		t.Errorf("%d people and %d workspaces are remembered", n, w)
	}
}

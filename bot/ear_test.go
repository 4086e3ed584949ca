package bot_test

import (
	"testing"
	"time"

	"heed/bot"
)

func TestEar(t *testing.T) {
	t.Parallel()
	at := func(s int) time.Time { return time.Date(2026, 11, 23, 9, 0, s, 0, time.UTC) }
	var e bot.Ear
	expect := func(what string, now, ever bool, deaf time.Time) {
		t.Helper()
		gotNow, gotEver, gotDeaf := e.Hearing()
		if gotNow != now || gotEver != ever || !gotDeaf.Equal(deaf) {
			t.Errorf("%s: hears %v, ever %v, deaf since %v", what, gotNow, gotEver, gotDeaf)
		}
	}
	expect("at the start it never heard", false, false, time.Time{})
	e.Set("0/2", false, at(1))
	e.Set("1/2", false, at(1))
	e.Set("0/2", true, at(2))
	expect("half is not all", false, false, time.Time{})
	e.Set("1/2", true, at(3))
	expect("both are", true, true, time.Time{})
	e.Set("0/2", false, at(4))
	e.Set("1/2", false, at(5))
	expect("deaf since the first was lost", false, true, at(4))
	e.Set("1/2", true, at(6))
	expect("one back is not all", false, true, at(4))
	e.Drop("0/2", at(7))
	expect("what is not wanted any more is not missed", true, true, time.Time{})
	e.Drop("1/2", at(8))
	expect("nothing left hears nothing", false, true, at(8))
}

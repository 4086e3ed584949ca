package discord

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// TestPermissionsAreNamed: each permission that Heed asks for is told by name, with what
// people miss without it.
func TestPermissionsAreNamed(t *testing.T) {
	t.Parallel()
	var all int64
	for _, p := range permissions {
		if p.name == "" || p.cost == "" || all&p.bit != 0 {
			t.Errorf("%+v", p)
		}
		all |= p.bit
	}
	if all != Permissions {
		t.Errorf("named are %b, asked for %b", all, Permissions)
	}
}

// TestClockOfDiscord: how far this machine's clock is off is read from any answer.
func TestClockOfDiscord(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	now := time.Now()
	w.Header().Set("Date", now.Add(10*time.Minute).UTC().Format(http.TimeFormat))
	var r rest
	r.timed(now, w.Result())
	if ahead := r.ahead.Load(); ahead == nil || *ahead > -9*time.Minute || *ahead < -11*time.Minute {
		t.Errorf("%v", ahead)
	}
	var unsaid rest
	unsaid.timed(now, httptest.NewRecorder().Result())
	if unsaid.ahead.Load() != nil {
		t.Error("it tells of a clock that said nothing")
	}
}

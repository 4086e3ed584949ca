package store_test

import (
	"testing"
	"time"

	"heed/bot"
	"heed/store"
	"heed/store/storetest"
)

// TestTurn: a task of a workspace is one process's, while it keeps it and no longer.
func TestTurn(t *testing.T) {
	t.Parallel()
	s := store.New(storetest.New(t))
	w, err := s.AttachWorkspace(t.Context(), bot.Workspace{Ref: bot.WorkspaceRef{Platform: bot.Discord, Ref: "100"}}, time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	take := func(lease time.Duration) bool {
		mine, err := s.TakeTurn(t.Context(), w, "t:test", lease)
		if err != nil {
			t.Fatal(err)
		}
		return mine
	}
	if !take(-time.Second) {
		t.Fatal("nobody had it, and it was refused")
	}
	// It has run out: whoever died with it holds nobody up. Kept in time, it does.
	if err := s.KeepTurn(t.Context(), w, "t:test", time.Hour); err != nil {
		t.Fatal(err)
	}
	if take(time.Hour) {
		t.Error("two have a turn that is kept")
	}
	if err := s.KeepTurn(t.Context(), w, "t:test", -time.Second); err != nil {
		t.Fatal(err)
	}
	if !take(time.Hour) {
		t.Error("a turn that ran out is nobody's")
	}
	if err := s.EndTurn(t.Context(), w, "t:test"); err != nil {
		t.Fatal(err)
	}
	if err := s.KeepTurn(t.Context(), w, "t:test", time.Hour); err != nil || !take(time.Hour) {
		t.Errorf("what was given back is kept still: %v", err)
	}
}

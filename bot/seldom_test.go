package bot

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestSeldom(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var s Seldom
		var told []int
		for range 25 {
			if n := s.Count(); n > 0 {
				told = append(told, n)
			}
			<-time.After(time.Second)
		}
		if want := []int{1, 10, 10}; !slices.Equal(told, want) {
			t.Errorf("told %v, want %v", told, want)
		}
	})
}

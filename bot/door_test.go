package bot

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// crowd lets n acts of who in, and answers how many came in and how they leave.
func crowd(d *Door, who string, n int) (in []func()) {
	for range n {
		if leave, ok := d.Enter(who); ok {
			in = append(in, leave)
		}
	}
	return in
}

func TestDoor(t *testing.T) {
	t.Parallel()
	t.Run("never_more_inside_than_fit", func(t *testing.T) {
		t.Parallel()
		d := NewDoor(100, time.Second)
		n := 0
		for i := range 500 {
			n += len(crowd(d, fmt.Sprint("T", i), 3))
		}
		if n != 100 {
			t.Errorf("%d are inside of a hundred", n)
		}
	})
	t.Run("one_workspace_has_half_at_most", func(t *testing.T) {
		t.Parallel()
		d := NewDoor(100, time.Second)
		if n := len(crowd(d, "flood", 1000)); n != 50 {
			t.Errorf("one holds %d of a hundred", n)
		}
		if n := len(crowd(d, "T2", 10)); n != 10 {
			t.Errorf("another got %d of ten in beside it", n)
		}
	})
	t.Run("two_floods_share_and_a_third_comes_in", func(t *testing.T) {
		t.Parallel()
		d := NewDoor(120, time.Second)
		crowd(d, "a", 1000)
		crowd(d, "b", 1000)
		if n := len(crowd(d, "quiet", 5)); n != 5 {
			t.Errorf("of five of a quiet workspace %d came in", n)
		}
	})
	t.Run("who_leaves_makes_room", func(t *testing.T) {
		t.Parallel()
		d := NewDoor(100, time.Second)
		for range 3 {
			in := crowd(d, "flood", 1000)
			if len(in) != 50 {
				t.Fatalf("%d came in", len(in))
			}
			for _, leave := range in {
				leave()
			}
		}
		if len(d.by) != 0 || d.inside.Len() != 0 {
			t.Errorf("left behind: %d guests, %d acts", len(d.by), d.inside.Len())
		}
	})
	t.Run("what_takes_too_long_lets_nobody_in_of_who_waits", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			d := NewDoor(1000, time.Second)
			in := crowd(d, "flood", 40)
			<-time.After(time.Second + time.Millisecond)
			if n := len(crowd(d, "flood", 100)); n != 0 {
				t.Errorf("%d came into a queue that is late already", n)
			}
			if n := len(crowd(d, "quiet", 3)); n != 3 {
				t.Errorf("of three of a quiet workspace %d came in", n)
			}
			for _, leave := range in {
				leave()
			}
			if n := len(crowd(d, "flood", 100)); n != 100 {
				t.Errorf("%d of a hundred came in once it was in time again", n)
			}
		})
	})
	t.Run("a_few_slow_acts_are_no_queue", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			d := NewDoor(1000, time.Second)
			crowd(d, "T1", doorOutliers)
			<-time.After(time.Minute)
			if n := len(crowd(d, "T1", 100)); n != 100 {
				t.Errorf("%d of a hundred came in beside a few slow ones", n)
			}
		})
	})
}

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
			if n := len(crowd(d, "flood", 1)); n != 1 {
				t.Error("nobody came in once it was in time again")
			}
			for range 10 * 1000 { // each that is done in time makes room
				for _, leave := range crowd(d, "flood", 1) {
					leave()
				}
			}
			if n := len(crowd(d, "flood", 100)); n != 100 {
				t.Errorf("%d of a hundred came in once it was quick again", n)
			}
		})
	})
	t.Run("as_much_as_can_be_done_in_time_comes_in_for_ever", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			const rate, patience = 100, time.Second // acts a second that are done; three times that many come
			d := NewDoor(5000, patience)
			var queue []func()
			var since []time.Time
			done, late := 0, 0
			for tick := range 60 * rate { // a minute; the first ten seconds find out
				for range 3 {
					if leave, ok := d.Enter("flood"); ok {
						queue, since = append(queue, leave), append(since, time.Now())
					}
				}
				<-time.After(time.Second / rate)
				if len(queue) > 0 {
					queue[0]()
					if tick > 10*rate {
						done++
						if time.Since(since[0]) > 5*patience/2 {
							late++
						}
					}
					queue, since = queue[1:], since[1:]
				}
			}
			if done < 49*rate || late > done/50 {
				t.Errorf("%d of %d were done, %d of them too late", done, 50*rate, late)
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

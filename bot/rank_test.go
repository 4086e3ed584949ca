package bot

import (
	"slices"
	"testing"
)

func TestMoveRank(t *testing.T) {
	t.Parallel()
	// apply writes ranks into order and sorts it, as the store does.
	apply := func(order, ranks []Ranked) []Ranked {
		out := slices.Clone(order)
		for _, r := range ranks {
			for i := range out {
				if out[i].Story == r.Story {
					out[i].Rank = r.Rank
				}
			}
		}
		slices.SortFunc(out, func(a, b Ranked) int {
			switch {
			case a.Rank < b.Rank || a.Rank == b.Rank && a.Story < b.Story:
				return -1
			}
			return 1
		})
		return out
	}
	stories := func(order []Ranked) []StoryID {
		var out []StoryID
		for _, r := range order {
			out = append(out, r.Story)
		}
		return out
	}
	order := []Ranked{{1, 1 * rankGap}, {2, 2 * rankGap}, {3, 3 * rankGap}, {4, 4 * rankGap}}
	t.Run("what_is_not_there_does_not_move", func(t *testing.T) {
		t.Parallel()
		if ranks, ok := moveRank(order, 9, MoveUp); ok || ranks != nil {
			t.Errorf("moved %v", ranks)
		}
	})
	for name, c := range map[string]struct {
		story StoryID
		move  Move
		want  []StoryID
		write int
	}{
		"the_first_can_not_go_up":       {1, MoveUp, []StoryID{1, 2, 3, 4}, 0},
		"the_last_can_not_go_down":      {4, MoveDown, []StoryID{1, 2, 3, 4}, 0},
		"up_is_one_place":               {3, MoveUp, []StoryID{1, 3, 2, 4}, 1},
		"down_is_one_place":             {2, MoveDown, []StoryID{1, 3, 2, 4}, 1},
		"the_second_goes_up_to_the_top": {2, MoveUp, []StoryID{2, 1, 3, 4}, 1},
		"top":                           {4, MoveTop, []StoryID{4, 1, 2, 3}, 1},
		"bottom":                        {1, MoveBottom, []StoryID{2, 3, 4, 1}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ranks, ok := moveRank(order, c.story, c.move)
			if got := stories(apply(order, ranks)); !ok || !slices.Equal(got, c.want) || len(ranks) != c.write {
				t.Errorf("order %v by %d writes, want %v by %d", got, len(ranks), c.want, c.write)
			}
		})
	}
	t.Run("gaps_that_are_used_up_are_dealt_out_anew", func(t *testing.T) {
		t.Parallel()
		now, dealt := slices.Clone(order), false
		want := []StoryID{1, 2, 3, 4}
		for range 60 { // the last goes up twice, between the first two
			for range 2 {
				ranks, ok := moveRank(now, want[3], MoveUp)
				if !ok {
					t.Fatal("the story is lost")
				}
				dealt = dealt || len(ranks) > 1
				now = apply(now, ranks)
			}
			want = []StoryID{want[0], want[3], want[1], want[2]}
			if got := stories(now); !slices.Equal(got, want) {
				t.Fatalf("order %v, want %v", got, want)
			}
		}
		if !dealt {
			t.Error("the ranks were never dealt out anew")
		}
	})
}

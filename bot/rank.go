package bot

// rankGap is the distance between two neighbours in the backlog when nothing has
// been moved: a story can be put between them about twenty times before the ranks
// are dealt out anew.
const rankGap = int64(1) << 20

// Ranked is a story's place in the backlog.
type Ranked struct {
	Story StoryID
	Rank  int64
}

// Move is where a story goes in the backlog.
type Move string

// The moves, by the words of the command.
const (
	MoveUp     Move = ChoiceUp
	MoveDown   Move = ChoiceDown
	MoveTop    Move = ChoiceTop
	MoveBottom Move = ChoiceBottom
)

// moveRank answers the ranks to write so that a story moves within order, which is
// the open backlog from top to bottom: none when it is there already, one as a rule,
// all when there is no room between its new neighbours. False: it is not in order.
func moveRank(order []Ranked, story StoryID, move Move) ([]Ranked, bool) {
	at := -1
	for i, r := range order {
		if r.Story == story {
			at = i
		}
	}
	if at < 0 {
		return nil, false
	}
	to := at
	switch move {
	case MoveUp:
		to = max(at-1, 0)
	case MoveDown:
		to = min(at+1, len(order)-1)
	case MoveTop:
		to = 0
	case MoveBottom:
		to = len(order) - 1
	}
	if to == at {
		return nil, true
	}
	moved := make([]Ranked, 0, len(order))
	moved = append(moved, order[:at]...)
	moved = append(moved, order[at+1:]...)
	moved = append(moved[:to], append([]Ranked{order[at]}, moved[to:]...)...)
	switch {
	case to == 0:
		return []Ranked{{story, moved[1].Rank - rankGap}}, true
	case to == len(moved)-1:
		return []Ranked{{story, moved[to-1].Rank + rankGap}}, true
	}
	above, below := moved[to-1].Rank, moved[to+1].Rank
	if below-above >= 2 {
		return []Ranked{{story, above + (below-above)/2}}, true
	}
	for i := range moved {
		moved[i].Rank = int64(i+1) * rankGap
	}
	return moved, true
}

// endRank is the rank of a story that comes last.
func endRank(order []Ranked) int64 {
	if len(order) == 0 {
		return rankGap
	}
	return order[len(order)-1].Rank + rankGap
}

package bot

// Unclear is why something that a person typed could not be taken: a tag, a
// zone, a schedule.
type Unclear struct {
	// Said is what was typed.
	Said string
	// Problem is one sentence or two for the person: what is wrong and what
	// would work.
	Problem string
	// Near is what may have been meant, best first; often empty.
	Near []string
}

func (e *Unclear) Error() string { return e.Problem }

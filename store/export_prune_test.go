package store

import "heed/bot"

// PruneStatements are what deletes rows of a kind, for the tests to have explained.
func PruneStatements(what bot.Kept) []string {
	if what == bot.KeptLanes {
		return []string{oldLanes}
	}
	return []string{old[what]}
}

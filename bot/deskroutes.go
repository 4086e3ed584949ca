package bot

// deskRoutes are the acts of those who decide: rights, roles, statuses, tags,
// merges, moderation, triage.
func (b *Bot) deskRoutes(r *routes) {
	r.presses["undo"] = b.undoPress
	r.presses["ask"] = b.askPress
	r.presses["takerole"] = b.takeRolePress
	r.commands[VerbRole] = b.roleCommand
	r.commands[VerbStatus] = b.statusCommand
	r.forms["status"] = b.statusForm
	for _, act := range []string{newsStatus, newsDeclined, newsQuestion} {
		r.undos[act] = undo{VerbStatus, b.undoStatus}
	}
}

package bot

// deskRoutes are the acts of those who decide: rights, roles, statuses, tags,
// merges, moderation, triage.
func (b *Bot) deskRoutes(r *routes) {
	r.presses["undo"] = b.undoPress
	r.presses["ask"] = b.askPress
	r.presses["takerole"] = b.takeRolePress
	r.commands[VerbRole] = b.roleCommand
}

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
	r.commands[VerbMerge] = b.mergeCommand
	r.commands[VerbUnmerge] = b.unmergeCommand
	r.undos[actTookIn] = undo{VerbMerge, b.undoMerge}
	r.commands[VerbTag] = b.tagCommand
	r.commands[VerbUntag] = b.tagCommand
	r.undos[actTagged] = undo{VerbTag, b.undoTags}
	r.commands[VerbAudience] = b.audienceCommand
	r.undos[actAudience] = undo{VerbAudience, b.undoAudience}
	r.presses["publish"] = b.publishPress
	r.forms[publishForm] = b.published
	r.undos[actShared] = undo{VerbAudience, b.undoShared}
	r.undos[actRoadmap] = undo{VerbRoadmap, b.undoRoadmap}
	r.commands[VerbHide] = b.hideCommand
	r.undos[actHidden] = undo{VerbHide, b.undoHide}
	r.commands[VerbBlock] = b.blockCommand
	r.presses["blockauthor"] = b.blockAuthorPress
	b.reviewRoutes(r)
	r.presses["answer"] = b.tellPress("answer")
	r.presses["missed"] = b.tellPress("missed")
	r.presses["off"] = b.tellPress("off")
	r.forms[tellForm] = b.told
	b.manageRoutes(r)
	b.triageRoutes(r)
}

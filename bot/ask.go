package bot

// askRoutes are the commands, buttons and forms of people who ask for something.
func (b *Bot) askRoutes(r *routes) {
	r.commands[VerbHelp] = b.help
	r.presses["give"] = b.givePress
	r.forms[giveForm] = b.given
	r.forms[saveForm] = b.saveSubmitted
	r.presses["unname"] = b.unnamePress
	r.presses["notrequest"] = b.notRequestPress
	b.heldRoutes(r)
	b.editRoutes(r)
	b.meRoutes(r)
}

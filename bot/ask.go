package bot

// askRoutes are the commands, buttons and forms of people who ask for something.
func (b *Bot) askRoutes(r *routes) {
	r.commands[VerbHelp] = b.help
}

// listRoutes are the commands and buttons that read the board.
func (b *Bot) listRoutes(_ *routes) {}

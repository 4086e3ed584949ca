package bot

import "context"

// askRoutes are the commands, buttons and forms of people who ask for something.
func (b *Bot) askRoutes(r *routes) {
	r.commands[VerbHelp] = b.help
	r.commands[VerbFeedback] = func(ctx context.Context, c caller, cmd Command) (Reply, error) {
		if Empty(cmd.Words) {
			return c.giveForm(""), nil
		}
		return b.offer(ctx, c, c.key(), cmd.Words, c.wish())
	}
	r.presses["give"] = b.givePress
	r.presses["why"] = b.tellPress("why")
	r.forms[giveForm] = b.given
	r.forms[saveForm] = b.saveSubmitted
	r.presses["unname"] = b.unnamePress
	r.presses["notrequest"] = b.notRequestPress
	b.heldRoutes(r)
	b.editRoutes(r)
	b.meRoutes(r)
}

package bot

// AccountHash is how a forgotten account is recognized.
func AccountHash(b *Bot, w WorkspaceRef, account string) []byte { return b.accountHash(w, account) }

// Routes names everything that people can press, send as a form, or type.
func Routes(b *Bot) (presses, forms, verbs []string) {
	for v := range b.routes.presses {
		presses = append(presses, v)
	}
	for f := range b.routes.forms {
		forms = append(forms, f)
	}
	for v := range b.routes.commands {
		verbs = append(verbs, string(v))
	}
	return presses, forms, verbs
}

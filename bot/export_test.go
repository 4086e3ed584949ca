package bot

// AccountHash is how a forgotten account is recognized.
func AccountHash(b *Bot, w WorkspaceRef, account string) []byte { return b.accountHash(w, account) }

package main

import (
	"context"
	"fmt"

	"heed/bot"
	"heed/store"
)

// tokens are the bot tokens of Slack workspaces: the one of the environment, or
// those that installs brought, sealed in the database.
type tokens struct {
	one   string
	key   []byte
	store *store.Store
	core  *bot.Bot // set once there is one
}

// Token is a workspace's token; bot.ErrNotFound where there is none.
func (t *tokens) Token(ctx context.Context, w bot.WorkspaceRef) (string, error) {
	if t.one != "" {
		return t.one, nil
	}
	sealed, err := t.store.SealedToken(ctx, w)
	if err != nil {
		return "", err
	}
	plain, err := bot.Unseal(t.key, sealed, bot.SealedToken(w))
	if err != nil {
		return "", fmt.Errorf("token of a workspace: %w", err)
	}
	return string(plain), nil
}

// Installed keeps what an install brought, attaches the workspace and asks whoever
// installed it the first questions.
func (t *tokens) Installed(ctx context.Context, w bot.Workspace, token, installer string) error {
	sealed, err := bot.Seal(t.key, []byte(token), bot.SealedToken(w.Ref))
	if err != nil {
		return err
	}
	attached, err := t.core.Attach(ctx, w)
	if err != nil {
		return err
	}
	if err := t.store.KeepSealedToken(ctx, attached, sealed); err != nil || installer == "" {
		return err
	}
	return t.core.Welcome(ctx, w.Ref, installer)
}

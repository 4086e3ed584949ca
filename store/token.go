package store

import (
	"context"
	"fmt"

	"heed/bot"
)

// SealedToken reads a workspace's sealed token; bot.ErrNotFound when there is none.
func (s *Store) SealedToken(ctx context.Context, ref bot.WorkspaceRef) ([]byte, error) {
	var sealed []byte
	err := s.row(ctx, &sealed, `select token from workspaces where platform = $1 and ref = $2 and token is not null`, ref.Platform, ref.Ref)
	return sealed, err
}

// KeepSealedToken writes a workspace's sealed token, in place of an earlier one.
func (s *Store) KeepSealedToken(ctx context.Context, w bot.Workspace, sealed []byte) error {
	n, err := s.exec(ctx, `update workspaces set token = $3 where board_id = $1 and workspace_id = $2`, w.Board, w.ID, sealed)
	if err != nil {
		return fmt.Errorf("keep token: %w", err)
	}
	if n == 0 {
		return bot.ErrNotFound
	}
	return nil
}

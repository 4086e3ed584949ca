package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// noteHeldPicture is the note that shows a moderator the picture of words that wait.
const noteHeldPicture = "heldpicture"

// heldPicture is the picture that came with words that wait; ErrNotFound: none did.
func heldPicture(ctx context.Context, tx Tx, h Held) (int64, error) {
	id, err := tx.PictureOfAct(ctx, h.Board, strings.TrimPrefix(h.Key, "give:"))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return 0, fmt.Errorf("picture of held words: %w", err)
	}
	return id, err
}

// reviewPicturePress is [See the picture], `reviewpicture HELD`: it goes to the moderator
// in private, as an answer holds none.
func (b *Bot) reviewPicturePress(ctx context.Context, c caller, args []string) (Reply, error) {
	id, ok := numberArg(args, 0)
	if !ok {
		return nil, staleButton()
	}
	err := b.store.InTx(ctx, func(tx Tx) error {
		if err := b.mayModerate(ctx, tx, c); err != nil {
			return err
		}
		h, err := tx.Held(ctx, c.Workspace.Board, HeldID(id))
		if err == nil && h.Why != HeldReview {
			err = ErrNotFound
		}
		var picture int64
		if err == nil {
			picture, err = heldPicture(ctx, tx, h)
		}
		if errors.Is(err, ErrNotFound) {
			return staleButton()
		}
		if err != nil {
			return fmt.Errorf("held words: %w", err)
		}
		_, err = tx.WantPost(ctx, h.Board, Want{
			Key: fmt.Sprintf("heldpicture:%d:%d", picture, c.Member.ID), Kind: PostNote, Workspace: c.Workspace.ID, Account: c.Member.Account,
			Subject: pictureSubject{noteSubject{noteHeldPicture}, picture}, Due: b.clock.Now(),
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return Sayf("It is on its way to you, in a direct message. Decide above when you have seen it."), nil
}

// heldPictureNote is that message; nothing once the picture is not kept any more.
func heldPictureNote(ctx context.Context, tx Tx, p Post) (Content, int64, error) {
	s, err := subject[pictureSubject](p)
	if err != nil {
		return nil, 0, err
	}
	_, err = tx.Picture(ctx, p.Board, s.Picture)
	if errors.Is(err, ErrNotFound) {
		return nil, 1, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("picture: %w", err)
	}
	return Note{Doc{Small{Textf("📎 The picture that came with words which wait for a moderator. `/heed held` decides about both.")}}}, 1, nil
}

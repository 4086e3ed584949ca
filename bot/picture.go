package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// MaxPicture is how large a picture may be that Heed copies, in bytes. Discord's own
// bound for what a bot attaches is 10 MiB.
// https://docs.discord.com/developers/reference#uploading-files
const MaxPicture = 8 << 20

// Picture is a picture that came with a request, copied: a platform's link to a file
// that somebody attached to a command ends.
type Picture struct {
	Name string
	Type string // image/png
	Data []byte
}

// notePicture is the note under a card that holds the picture of its request.
const notePicture = "picture"

type pictureSubject struct {
	noteSubject
	Picture int64 `json:"picture"`
}

// KeepPicture keeps the picture that came with an act, which may have become a request
// already, may yet, or never will. It is shown under the request's card.
func (b *Bot) KeepPicture(ctx context.Context, call Call, p Picture) error {
	w, err := b.store.Workspace(ctx, call.Workspace)
	if err != nil {
		return fmt.Errorf("workspace of a picture: %w", err)
	}
	key := caller{Call: call, Workspace: w}.key()
	err = b.store.InTx(ctx, func(tx Tx) error {
		now := b.clock.Now()
		if err := tx.KeepPicture(ctx, w.Board, w.ID, key, p, now); err != nil {
			return fmt.Errorf("keep picture: %w", err)
		}
		item, err := itemOfAct(ctx, tx, w.Board, key)
		if err != nil || item == 0 {
			return err
		}
		if _, err := tx.LockItems(ctx, w.Board, item); err != nil {
			return fmt.Errorf("item of a picture: %w", err)
		}
		return attachPicture(ctx, tx, w.Board, key, item, now)
	})
	if err == nil {
		b.Wake()
	}
	return err
}

// itemOfAct is the item that an act's words became, or a part of; 0: none yet. A picture
// that comes after a moderator has looked at the words stays out: nobody saw it.
func itemOfAct(ctx context.Context, tx Tx, board BoardID, key string) (ItemID, error) {
	for _, k := range []string{key, "give:" + key} {
		h, err := tx.HeldByKey(ctx, board, k)
		switch {
		case err == nil && h.Why == HeldReview:
			return 0, nil
		case err == nil && h.Item != 0:
			return h.Item, nil
		case err != nil && !errors.Is(err, ErrNotFound):
			return 0, fmt.Errorf("held of an act: %w", err)
		}
		it, err := tx.ItemByKey(ctx, board, k)
		if err == nil {
			return it.ID, nil
		}
		if !errors.Is(err, ErrNotFound) {
			return 0, fmt.Errorf("item of an act: %w", err)
		}
	}
	return 0, nil
}

// attachPicture gives the picture of an act, if there is one, to the locked item that
// its words became.
func attachPicture(ctx context.Context, tx Tx, board BoardID, key string, item ItemID, now time.Time) error {
	found, err := tx.AttachPicture(ctx, board, strings.TrimPrefix(key, "give:"), item)
	if err != nil || !found {
		return err
	}
	return tx.TouchItem(ctx, board, item, now)
}

// wantPictures wants the pictures of a card's item under it, each once, where the card
// stands in the workspace that they came from.
func (b *Bot) wantPictures(ctx context.Context, c Claim, message string) error {
	err := b.store.InTx(ctx, func(tx Tx) error {
		ids, err := tx.PicturesToShow(ctx, c.Board, c.Item, c.Workspace)
		if err != nil || len(ids) == 0 {
			return err
		}
		it, err := tx.Item(ctx, c.Board, c.Item)
		if err != nil {
			return err
		}
		ch, err := tx.Channel(ctx, c.Board, c.Workspace, c.Channel)
		if err != nil || !ch.Audience.MayRead(it.Audience) { // shared in words of its own: the rest stays behind
			return err
		}
		now := b.clock.Now()
		for _, id := range ids {
			_, err := tx.WantPost(ctx, c.Board, Want{
				Key: fmt.Sprintf("picture:%d", id), Kind: PostNote, Workspace: c.Workspace, Channel: c.Channel, Thread: message, Item: c.Item,
				Subject: pictureSubject{noteSubject{notePicture}, id}, Due: now,
			})
			if err != nil {
				return err
			}
			if err := tx.PictureWanted(ctx, c.Board, id, now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("pictures of a card: %w", err)
	}
	return nil
}

// pictureNote is the note with a picture; none where the item is no longer to be seen.
func pictureNote(ctx context.Context, tx Tx, p Post) (Content, int64, error) {
	it, err := tx.Item(ctx, p.Board, p.Item)
	if err != nil {
		return nil, 0, fmt.Errorf("item of a picture: %w", err)
	}
	ch, err := tx.Channel(ctx, p.Board, p.Workspace, p.Channel)
	if err != nil {
		return nil, 0, fmt.Errorf("channel of a picture: %w", err)
	}
	if !it.HiddenAt.IsZero() || !it.GoneAt.IsZero() || !ch.Audience.MayRead(it.Audience) {
		return nil, 1, nil
	}
	return Note{Doc{Small{Textf("📎 The picture that came with *#%d %s*", it.Number, it.Title)}}}, 1, nil
}

// attached is the picture that a post shows besides its content, where its platform
// takes one; nil of every other.
func (b *Bot) attached(ctx context.Context, p Post) (*Picture, error) {
	s, err := subject[pictureSubject](p)
	if err != nil || p.Kind != PostNote || s.Note != notePicture && s.Note != noteHeldPicture {
		return nil, err
	}
	pic, err := b.store.Picture(ctx, p.Board, s.Picture)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("picture: %w", err)
	}
	return &pic, nil
}

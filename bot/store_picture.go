package bot

import (
	"context"
	"time"
)

// PictureStore keeps copies of pictures until they are shown, and a month beyond.
type PictureStore interface {
	// KeepPicture keeps the picture of an act; the same act again keeps the first.
	KeepPicture(ctx context.Context, b BoardID, w WorkspaceID, key string, p Picture, now time.Time) error
	// AttachPicture gives the picture of an act to an item and counts it there; false
	// when there is none that no item has. The item must be locked or new.
	AttachPicture(ctx context.Context, b BoardID, key string, item ItemID) (bool, error)
	// PictureOfAct is the picture of an act that no item has; ErrNotFound: none.
	PictureOfAct(ctx context.Context, b BoardID, key string) (int64, error)
	// PicturesToShow lists the pictures of an item from a workspace that no post was
	// wanted for.
	PicturesToShow(ctx context.Context, b BoardID, item ItemID, w WorkspaceID) ([]int64, error)
	// PictureWanted says that a post was wanted for a picture.
	PictureWanted(ctx context.Context, b BoardID, id int64, now time.Time) error
	// Picture reads a picture.
	Picture(ctx context.Context, b BoardID, id int64) (Picture, error)
}

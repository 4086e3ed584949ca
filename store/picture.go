package store

import (
	"context"
	"fmt"
	"time"

	"heed/bot"
)

// KeepPicture keeps the picture of an act; see bot.PictureStore.
func (q queries) KeepPicture(ctx context.Context, b bot.BoardID, w bot.WorkspaceID, key string, p bot.Picture, now time.Time) error {
	_, err := q.exec(ctx, `
		insert into pictures (board_id, workspace_id, source_key, name, media_type, data, created_at) values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (board_id, source_key) do nothing`, b, w, key, p.Name, p.Type, p.Data, now)
	return err
}

// AttachPicture gives a picture to an item; see bot.PictureStore.
func (q queries) AttachPicture(ctx context.Context, b bot.BoardID, key string, item bot.ItemID) (bool, error) {
	n, err := q.exec(ctx, `update pictures set item_id = $3 where board_id = $1 and source_key = $2 and item_id is null`, b, key, item)
	if err != nil {
		return false, fmt.Errorf("attach picture: %w", err)
	}
	if n == 0 {
		return false, nil
	}
	if _, err := q.exec(ctx, `update items set pictures = pictures + 1 where board_id = $1 and item_id = $2`, b, item); err != nil {
		return false, fmt.Errorf("count picture: %w", err)
	}
	return true, nil
}

// PictureOfAct finds the picture of an act; see bot.PictureStore.
func (q queries) PictureOfAct(ctx context.Context, b bot.BoardID, key string) (int64, error) {
	var id int64
	err := q.row(ctx, &id, `select picture_id from pictures where board_id = $1 and source_key = $2 and item_id is null`, b, key)
	return id, err
}

// PicturesToShow lists pictures that no post was wanted for; see bot.PictureStore.
func (q queries) PicturesToShow(ctx context.Context, b bot.BoardID, item bot.ItemID, w bot.WorkspaceID) ([]int64, error) {
	var ids []int64
	err := q.rows(ctx, &ids, `
		select picture_id from pictures
		 where board_id = $1 and item_id = $2 and workspace_id = $3 and wanted_at is null order by picture_id`, b, item, w)
	return ids, err
}

// PictureWanted says that a post was wanted for a picture.
func (q queries) PictureWanted(ctx context.Context, b bot.BoardID, id int64, now time.Time) error {
	_, err := q.exec(ctx, `update pictures set wanted_at = $3 where board_id = $1 and picture_id = $2`, b, id, now)
	return err
}

// Picture reads a picture.
func (q queries) Picture(ctx context.Context, b bot.BoardID, id int64) (bot.Picture, error) {
	var r struct {
		Name      string
		MediaType string `db:"media_type"`
		Data      []byte
	}
	err := q.row(ctx, &r, `select name, media_type, data from pictures where board_id = $1 and picture_id = $2`, b, id)
	return bot.Picture{Name: r.Name, Type: r.MediaType, Data: r.Data}, err
}

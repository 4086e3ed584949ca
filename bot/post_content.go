package bot

import (
	"context"
	"encoding/json"
	"fmt"
)

// content is what a post should show now, made from current data, and the version
// that this is. Nil content: the post should not be there. The version moves with
// the content, so that a post which shows it already needs no sending; what never
// changes has version 1.
func (b *Bot) content(ctx context.Context, tx Tx, p Post) (Content, int64, error) {
	switch p.Kind {
	case PostCard:
		return cardContent(ctx, tx, p, b.clock.Now())
	case PostNote:
		return b.noteContent(ctx, tx, p)
	case PostAnnouncement:
		return b.announcementContent(ctx, tx, p)
	case PostDigest:
		return digestContent(ctx, tx, p)
	case PostDirect:
		return b.directContent(ctx, tx, p)
	case PostTop:
		return b.topContent(ctx, tx, p)
	case PostMark:
		return nil, 0, fmt.Errorf("content of a post: a mark has no words")
	}
	return nil, 0, fmt.Errorf("content of a post: unknown kind %q", p.Kind)
}

// subject reads what a post's content is made from.
func subject[T any](p Post) (T, error) {
	var s T
	if err := json.Unmarshal(p.Subject, &s); err != nil {
		return s, fmt.Errorf("subject of a post: %w", err)
	}
	return s, nil
}

// noteSubject names what a note says.
type noteSubject struct {
	Note string `json:"note"`
}

// noteContent is what a note shows. Each area adds the notes of its own.
func (b *Bot) noteContent(ctx context.Context, tx Tx, p Post) (Content, int64, error) {
	s, err := subject[noteSubject](p)
	if err != nil {
		return nil, 0, err
	}
	switch s.Note {
	case newsShipped, newsDeclined, newsQuestion, newsStatus, newsPlanned, actMerged:
		return b.newsNote(ctx, tx, p)
	case noteHello:
		return b.helloNote(ctx, tx, p)
	case noteCarried:
		return carriedNote(p)
	case noteJoined:
		return joinedNote(ctx, tx, p)
	case noteSentAway:
		return sentAwayNote(ctx, tx, p)
	case noteLeft:
		return nil, 1, nil
	case noteWelcome:
		return b.welcomeNote(ctx, tx, p)
	case noteAsk:
		return askNote(ctx, tx, p)
	case noteHeldPicture:
		return heldPictureNote(ctx, tx, p)
	case notePicture:
		return pictureNote(ctx, tx, p)
	case noteCaptured:
		return b.capturedNote(ctx, tx, p)
	case noteList:
		return b.listNote(ctx, tx, p)
	case noteHeld:
		return b.heldNote(ctx, tx, p)
	case noteDecided:
		return b.decidedNote(ctx, tx, p)
	case noteBlocked:
		return b.blockedNote(ctx, tx, p)
	case noteUnpinned:
		return b.unpinnedNote(ctx, tx, p)
	case noteWaiting:
		return b.waitingNote(ctx, tx, p)
	case noteWaits:
		return b.waitsNote(ctx, tx, p)
	}
	return nil, 0, fmt.Errorf("content of a note: unknown note %q", s.Note)
}

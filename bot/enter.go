package bot

import (
	"context"
	"errors"
)

// enter makes Heed a member of a channel that it is to use, within the time an answer
// has. It answers what the person should do where that failed; nil: Heed is in, or
// the platform has no such thing as being in.
func (b *Bot) enter(ctx context.Context, w Workspace, ch Channel) Text {
	m, ok := b.messengers[w.Ref.Platform]
	_, forums := m.(ForumReader)
	if !ok || ch.Joined && !forums || ch.Ref == "" {
		return nil
	}
	asking, cancel := context.WithTimeout(ctx, lookupPatience)
	defer cancel()
	said, err := m.Channel(asking, w, ch.Ref) // a private channel's people may have let Heed in already
	if err == nil && said.Forum != nil && *said.Forum != ch.Forum {
		if err := b.ChannelChanged(ctx, w.Ref, ChannelChange{Ref: ch.Ref, Forum: said.Forum}); err != nil {
			b.log.WarnContext(ctx, "forum not kept", "board", w.Board, "error", err)
		}
	}
	if ch.Joined {
		return nil
	}
	if err != nil || said.Joined == nil || !*said.Joined {
		err = m.Join(asking, w, ch.Ref)
	}
	if err != nil {
		b.log.InfoContext(ctx, "channel not joined", "board", w.Board, "fault", FaultOf(err).Reason)
		var f *Fault
		if errors.As(err, &f) && f.Kind == FaultForbidden {
			return Textf("I'm not in this channel, and only someone in it can let me in: %s. Until then reactions there don't reach me; everything else works as soon as I'm in.", letIn(w.Ref.Platform))
		}
		return Textf("I couldn't enter the channel just now. If nothing shows up there in a minute, %s.", letIn(w.Ref.Platform))
	}
	yes := true
	if err := b.ChannelChanged(ctx, w.Ref, ChannelChange{Ref: ch.Ref, Joined: &yes}); err != nil {
		b.log.WarnContext(ctx, "joined channel not kept", "board", w.Board, "error", err)
	}
	return nil
}

package bot

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"
)

const (
	dispatchLimit = 64                     // posts that one step claims
	dispatchWidth = 64                     // sends under way: most of a send is waiting for the platform
	dispatchDesks = 2                      // of them at work in the database, which people's acts need too
	dispatchBatch = 16                     // places that are worth a claim of their own
	claimEvery    = 250 * time.Millisecond // while there is traffic: a claim steps through all workspaces where something is due
	sendPatience  = 15 * time.Second       // one call to a platform
	sendLease     = 90 * time.Second       // more than the calls that one send may make
	sendFarewell  = 5 * time.Second        // what is under way gets to come to its end
)

// RunDispatcher sends what is due until ctx ends. A slow channel holds up no other: it
// takes one of the places of those under way. What is under way when ctx ends is
// given a moment, as a call that is cut off may have come through.
func (b *Bot) RunDispatcher(ctx context.Context) error {
	sending, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(sendFarewell, cut) })()
	var all sync.WaitGroup
	defer all.Wait()
	places := make(chan struct{}, dispatchWidth)
	return b.loop(ctx, beat{name: "dispatcher", least: claimEvery}, func(ctx context.Context) (int, error) {
		free, err := freePlaces(ctx, places)
		if err != nil {
			return 0, err
		}
		claims, err := b.store.ClaimPosts(ctx, b.clock.Now(), free, sendLease, b.paces())
		if err != nil {
			return 0, err
		}
		for _, c := range claims {
			places <- struct{}{}
			all.Go(func() {
				defer func() { <-places }()
				ctx := WithEvent(sending, c.Cause)
				if err := b.send(ctx, c); err != nil {
					b.log.WarnContext(ctx, "post not settled", "board", c.Board, "post", c.ID, "kind", c.Kind, "error", err)
				}
			})
		}
		if len(claims) == free {
			return dispatchLimit, nil // there may be more
		}
		return len(claims), nil
	}, dispatchPause)
}

// freePlaces waits until posts can be sent and answers how many: some at once, as a claim
// of many costs little more than a claim of one, but slow sends hold up none for it.
func freePlaces(ctx context.Context, places chan struct{}) (int, error) {
	select { // a place has to be free before anything is claimed
	case places <- struct{}{}:
		<-places
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	if cap(places)-len(places) < dispatchBatch {
		if err := (SystemClock{}).Wait(ctx, time.Now().Add(25*time.Millisecond)); err != nil {
			return 0, err
		}
	}
	return cap(places) - len(places), nil
}

// dispatchPause is how long the dispatcher rests: not at all after a full claim, for
// less than a lane's slot while there is traffic, else for a second, as another
// replica may want a post that nobody here is woken for.
func dispatchPause(did int, err error, failures int) time.Duration {
	switch {
	case err != nil:
		return troublePause(failures)
	case did >= dispatchLimit:
		return 0
	case did > 0:
		return claimEvery
	}
	return time.Second
}

// DispatchOnce claims what is due and may go now, sends it, and waits for it. It
// answers how many posts it dealt with. A post that fails is set back and does not
// hold up others; an error is the database's.
func (b *Bot) DispatchOnce(ctx context.Context) (int, error) {
	claims, err := b.store.ClaimPosts(ctx, b.clock.Now(), dispatchLimit, sendLease, b.paces())
	if err != nil || len(claims) == 0 {
		return 0, err
	}
	errs := make([]error, len(claims))
	slots := make(chan struct{}, dispatchWidth)
	var all sync.WaitGroup
	for i, c := range claims {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			errs[i] = b.send(WithEvent(ctx, c.Cause), c)
		})
	}
	all.Wait()
	return len(claims), errors.Join(errs...)
}

// toShow reads what a claimed post should show now, and where. Nil content: nothing.
func (b *Bot) toShow(ctx context.Context, c Claim) (to Destination, content Content, version int64, err error) {
	defer b.desk()()
	version = 1
	err = b.reading(ctx, c.Kind, func(tx Tx) error {
		w, ch, err := tx.WorkspaceAndChannel(ctx, c.Board, c.Workspace, c.Channel)
		if err != nil {
			return err
		}
		to = Destination{Workspace: w, Channel: c.Channel, Account: c.Account, Thread: c.Thread}
		if c.Kind != PostMark {
			content, version, err = b.content(ctx, atChannel{tx, ch}, c.Post)
			content = markedContent(w, content)
		}
		if err == nil && c.Thread == "" && c.Message == "" {
			to.Forum = ch.Forum
		}
		return err
	})
	return to, content, version, err
}

// atChannel is a Tx for the content of one post, which has read its channel already.
type atChannel struct {
	Tx
	channel Channel // without a Ref: not known
}

// Channel is the channel that was read, or asks.
func (t atChannel) Channel(ctx context.Context, b BoardID, w WorkspaceID, ref string) (Channel, error) {
	if c := t.channel; c.Ref != "" && c.Board == b && c.Workspace == w && c.Ref == ref {
		return c, nil
	}
	return t.Tx.Channel(ctx, b, w, ref)
}

// reading runs fn over the store alone where it only reads: a transaction would hold nothing
// together that statements of their own do not, and costs two ways to the database.
func (b *Bot) reading(ctx context.Context, kind PostKind, fn func(Tx) error) error {
	if kind == PostCard || kind == PostDigest {
		return fn(b.store)
	}
	return b.store.InTx(ctx, fn)
}

// desk waits until this send may work in the database, and answers what ends that.
func (b *Bot) desk() (leave func()) {
	b.desks <- struct{}{}
	return func() { <-b.desks }
}

// settle keeps what a claim showed, also where ctx has ended: that may be why.
func (b *Bot) settle(ctx context.Context, c Claim, shown Shown) (held bool, err error) {
	err = insist(ctx, func(ctx context.Context) (err error) {
		defer b.desk()()
		held, err = b.store.SettlePost(ctx, c, shown)
		return err
	})
	return held, err
}

// send makes the platform show what a claimed post should, and settles it.
func (b *Bot) send(ctx context.Context, c Claim) error {
	to, content, version, err := b.toShow(ctx, c)
	if err != nil {
		b.options.Meter.Posted(to.Workspace.Ref.Platform, c.Kind, FaultContent)
		b.log.WarnContext(ctx, "post has no content", "board", c.Board, "post", c.ID, "kind", c.Kind, "error", err)
		return b.keepSetback(ctx, c, Setback{
			Fault: "content: not made", RetryAt: b.clock.Now().Add(backoff(c.Attempts, b.jitter())), Unsure: !c.Unsure.IsZero(),
		})
	}
	m, ok := b.messengers[to.Workspace.Ref.Platform]
	if !ok {
		b.options.Meter.Posted(to.Workspace.Ref.Platform, c.Kind, FaultUnconnected)
		return b.keepSetback(ctx, c, Setback{Fault: "platform not connected", RetryAt: b.clock.Now().Add(lastRetry), Unsure: !c.Unsure.IsZero()})
	}
	sent, err := b.show(ctx, m, c, to, content, version)
	if err != nil {
		b.options.Meter.Posted(to.Workspace.Ref.Platform, c.Kind, FaultOf(err).Kind)
		return b.setBack(ctx, c, to, err)
	}
	if content == nil && c.Kind != PostMark {
		err := b.keepSetback(ctx, c, Setback{Fault: FaultTakenBack, Gone: true})
		b.options.Meter.Posted(to.Workspace.Ref.Platform, c.Kind, settled(err))
		if err == nil {
			b.sayShown(ctx, c, to, content, version, sent)
		}
		return err
	}
	shown := Shown{Version: version, Sent: sent}
	retag := b.stand(ctx, m, c, to, content, &shown)
	held, err := b.settle(ctx, c, shown)
	settling, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepTry)
	defer cancel()
	b.options.Meter.Posted(to.Workspace.Ref.Platform, c.Kind, settled(err))
	if err == nil {
		err = b.again(settling, c, retag)
	}
	if err == nil && !held {
		b.log.WarnContext(ctx, "lease ended before the post was settled", "board", c.Board, "post", c.ID, "kind", c.Kind)
	}
	if err == nil && held {
		b.sayShown(ctx, c, to, content, version, sent)
	}
	if err == nil && c.Kind == PostCard && sent.Message != "" {
		err = b.linkNotes(settling, c)
	}
	if card, ok := content.(Card); err == nil && ok && card.Pictures > 0 {
		err = b.wantPictures(settling, c, cmp.Or(sent.Message, c.Message))
	}
	if err == nil && held && c.Kind == PostTop {
		err = b.pinTop(ctx, m, c, to, sent)
	}
	return err
}

// settled is what the operator counts of a post that is shown.
func settled(err error) FaultKind {
	if err != nil {
		return FaultUnsettled
	}
	return ""
}

// show makes the one change on the platform that the post needs, if any.
func (b *Bot) show(ctx context.Context, m Messenger, c Claim, to Destination, content Content, version int64) (Sent, error) {
	asking, cancel := context.WithTimeout(ctx, sendPatience)
	defer cancel()
	switch {
	case c.Kind == PostMark:
		emoji, err := b.markEmoji(ctx, c.Post)
		if err != nil {
			return Sent{}, err
		}
		return Sent{}, m.Mark(asking, to, c.Message, emoji)
	case content == nil && c.Message == "":
		sent, found, err := b.find(ctx, m, c, to)
		if err == nil && found {
			to.Channel, to.Thread = sent.Channel, cmp.Or(sent.Thread, to.Thread)
			err = m.Delete(asking, to, sent.Message)
		}
		return Sent{}, err
	case content == nil:
		return Sent{}, m.Delete(asking, to, c.Message)
	case c.quiet(content, version):
		return Sent{}, nil
	case c.Message != "":
		err := m.Update(asking, to, c.Message, content)
		if err == nil || FaultOf(err).Kind != FaultClosed {
			return Sent{}, err
		}
		return b.repost(ctx, m, c, to, content)
	}
	return b.post(ctx, m, c, to, content)
}

// post sends a message that is not there yet. Where an earlier try may have come
// through, it is looked for first.
func (b *Bot) post(ctx context.Context, m Messenger, c Claim, to Destination, content Content) (Sent, error) {
	sent, found, err := b.find(ctx, m, c, to)
	if err != nil {
		return sent, err
	}
	asking, cancel := context.WithTimeout(ctx, sendPatience)
	defer cancel()
	pic, err := b.attached(ctx, c.Post)
	switch a, attaches := m.(Attacher); {
	case err != nil:
		return sent, err
	case found && pic != nil: // it never changes
		return sent, nil
	case pic != nil && attaches:
		return a.PostPicture(asking, to, sendKey(c.Post), content, *pic)
	case !found:
		return m.Post(asking, to, sendKey(c.Post), content)
	}
	// It shows what was true when it was sent, and nobody took in what was done to it since.
	to.Channel, to.Thread = sent.Channel, cmp.Or(sent.Thread, to.Thread)
	if err := m.Update(asking, to, sent.Message, content); err != nil {
		return sent, err
	}
	return sent, b.readBack(ctx, c, to.Workspace, sent)
}

// find looks for what an earlier try may have sent. False: there was none, it did not
// come through, or this platform can't tell.
func (b *Bot) find(ctx context.Context, m Messenger, c Claim, to Destination) (Sent, bool, error) {
	f, ok := m.(Finder)
	if !ok || c.Unsure.IsZero() {
		return Sent{}, false, nil
	}
	asking, cancel := context.WithTimeout(ctx, sendPatience)
	defer cancel()
	return f.Find(asking, to, sendKey(c.Post), c.Unsure)
}

// repost shows a post anew whose message can't be edited any more. The old message
// goes, so that nobody votes on a card that no longer moves; one that can't be
// deleted stays.
func (b *Bot) repost(ctx context.Context, m Messenger, c Claim, to Destination, content Content) (Sent, error) {
	sent, err := b.post(ctx, m, c, to, content)
	if err != nil {
		return sent, err
	}
	asking, cancel := context.WithTimeout(ctx, sendPatience)
	defer cancel()
	if err := m.Delete(asking, to, c.Message); err != nil {
		b.log.InfoContext(ctx, "closed message not deleted", "board", c.Board, "post", c.ID, "fault", FaultOf(err).Reason)
	}
	return sent, nil
}

// markEmoji is Heed's own reaction in the post's channel.
func (b *Bot) markEmoji(ctx context.Context, p Post) (string, error) {
	ch, err := b.store.Channel(ctx, p.Board, p.Workspace, p.Channel)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return "", err
	}
	if len(ch.Emoji) == 0 {
		return "+1", nil
	}
	return ch.Emoji[0], nil
}

// sendKey is what a message carries so that Heed knows it again: the same on every
// try, another one once the message was replaced, and opaque, as others may read it.
// It stays the same when the post's workspace changes boards.
// 24 characters: Discord's nonce takes 25.
func sendKey(p Post) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d\n%d\n%s", p.ID, p.CreatedAt.UnixMicro(), p.Message))
	return hex.EncodeToString(sum[:12])
}

// setBack keeps why a send failed and does what its fault asks for. It answers the
// database's errors only.
func (b *Bot) setBack(ctx context.Context, c Claim, to Destination, cause error) error {
	fault := FaultOf(cause)
	what := afterFault(c, fault, b.jitter())
	if b.directClosed(ctx, c, fault) {
		what = aftermath{Setback: Setback{Fault: what.Setback.Fault, Gone: true}}
	}
	b.log.InfoContext(ctx, "post not shown", "board", c.Board, "post", c.ID, "kind", c.Kind, "fault", fault.Kind, "reason", fault.Reason, "attempts", c.Attempts)
	if what.Join && b.joined(ctx, c, to) {
		what.Setback.RetryAt = b.clock.Now()
	}
	if what.Retry > 0 {
		what.Setback.RetryAt = b.clock.Now().Add(what.Retry)
	}
	err := b.keepSetback(ctx, c, what.Setback)
	if what.Revoked {
		err = errors.Join(err, b.WorkspaceGone(context.WithoutCancel(ctx), to.Workspace.Ref))
	}
	return err
}

// keepSetback stores it even where ctx has ended: that may be the very cause.
func (b *Bot) keepSetback(ctx context.Context, c Claim, s Setback) error {
	err := insist(ctx, func(ctx context.Context) error {
		_, err := b.store.SetBackPost(ctx, c, s)
		return err
	})
	if err != nil {
		return fmt.Errorf("set back post: %w", err)
	}
	return nil
}

// joined tries once to become a member of a public channel that did not let Heed post.
func (b *Bot) joined(ctx context.Context, c Claim, to Destination) bool {
	m, ok := b.messengers[to.Workspace.Ref.Platform]
	if !ok || to.Channel == "" {
		return false
	}
	asking, cancel := context.WithTimeout(ctx, sendPatience)
	defer cancel()
	if err := m.Join(asking, to.Workspace, to.Channel); err != nil {
		b.log.InfoContext(ctx, "channel not joined", "board", c.Board, "post", c.ID, "fault", FaultOf(err).Reason)
		return false
	}
	yes := true
	if err := b.ChannelChanged(ctx, to.Workspace.Ref, ChannelChange{Ref: to.Channel, Joined: &yes}); err != nil {
		b.log.WarnContext(ctx, "joined channel not kept", "board", c.Board, "error", err)
	}
	return true
}

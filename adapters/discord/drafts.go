package discord

import (
	"context"
	"sync"
	"time"

	"heed/bot"
)

// keepPatience is how long a form's opening may wait for the draft behind it.
const keepPatience = 500 * time.Millisecond

// maxAtHand bounds how many drafts are held here.
const maxAtHand = 1000

// drafts are forms that are open or could not be sent, as this process remembers them:
// while the database is away it at least can open them again.
type drafts struct {
	mu     sync.Mutex
	atHand map[string]draft
	order  []string
}

// hold keeps d here; the oldest gives way.
func (k *drafts) hold(d draft) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.atHand == nil {
		k.atHand = map[string]draft{}
	}
	id := d.account + "/" + d.key
	if _, there := k.atHand[id]; !there {
		k.order = append(k.order, id)
	}
	k.atHand[id] = d
	for len(k.order) > maxAtHand {
		delete(k.atHand, k.order[0])
		k.order = k.order[1:]
	}
}

func (k *drafts) held(account, key string) (draft, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	d, ok := k.atHand[account+"/"+key]
	return d, ok
}

func (k *drafts) drop(account, key string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.atHand, account+"/"+key) // its place in the order passes with time
}

// keepDraft keeps d; false when only this process has it.
func (a *Adapter) keepDraft(ctx context.Context, d draft) bool {
	d.here = true
	a.drafts.hold(d)
	data, err := d.marshal()
	if err == nil {
		keeping, cancel := context.WithTimeout(ctx, keepPatience)
		defer cancel()
		_, err = bot.Within(keeping, bot.Begin(a.asks, func() (struct{}, error) {
			return struct{}{}, a.core.KeepDraft(keeping, bot.Draft{Workspace: d.workspace, Account: d.account, Key: d.key, Data: data})
		}))
	}
	if err != nil {
		a.log.WarnContext(ctx, "a form is kept here only", "error", err)
		return false
	}
	d.here = false
	a.drafts.hold(d)
	return true
}

// draftOf finds the draft of an account; false when there is none. While the database is
// away, or did not get it as it is, it is what this process remembers; an error means that
// nobody knows.
func (a *Adapter) draftOf(ctx context.Context, account, key string) (draft, bool, error) {
	if d, ok := a.drafts.held(account, key); ok && d.here {
		return d, true, nil
	}
	asking, cancel := context.WithTimeout(ctx, keepPatience)
	defer cancel()
	type found struct {
		draft bot.Draft
		ok    bool
	}
	f, err := bot.Within(asking, bot.Begin(a.asks, func() (found, error) {
		d, ok, err := a.core.DraftOf(asking, bot.Discord, account, key)
		return found{d, ok}, err
	}))
	if err != nil || !f.ok {
		d, ok := a.drafts.held(account, key)
		if ok {
			err = nil
		}
		return d, ok, err
	}
	d, err := unmarshalDraft(f.draft.Data)
	if err != nil {
		return draft{}, false, err
	}
	d.workspace, d.account, d.key = f.draft.Workspace, account, key
	return d, true, nil
}

// dropDraft lets go of a draft that was sent. What stays behind expires.
func (a *Adapter) dropDraft(ctx context.Context, d draft) {
	a.drafts.drop(d.account, d.key)
	dropping, cancel := context.WithTimeout(ctx, keepPatience)
	defer cancel()
	if err := a.core.DropDraft(dropping, bot.Draft{Workspace: d.workspace, Account: d.account, Key: d.key}); err != nil {
		a.log.InfoContext(ctx, "a sent form was not dropped", "error", err)
	}
}

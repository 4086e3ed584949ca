package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"heed/bot"
	"heed/store"
)

// digest does, or with --dry-run prints, what the scheduler would do if all
// schedules of a workspace were due at an instant.
func (p program) digest(ctx context.Context, args []string) error {
	fs := p.flags("digest", "digest --workspace slack:T123 [--at 2026-11-23T09:00:00Z] [--dry-run]")
	workspace := fs.String("workspace", "", "platform and id of the workspace, like slack:T123 or discord:1234; may be left out where there is one")
	at := fs.String("at", "", "the instant, in RFC 3339; default now. A past one that was told prints what was said")
	dry := fs.Bool("dry-run", false, "print, and write nothing")
	if err := p.parse(fs, args); err != nil {
		return err
	}
	instant, err := time.Parse(time.RFC3339, *at)
	if *at != "" && err != nil {
		fmt.Fprintln(p.err, "heed: --at takes an instant like 2026-11-23T09:00:00Z.")
		return errUse
	}
	work, err := p.task(ctx)
	if err != nil {
		return err
	}
	defer work.end()
	ref, err := p.workspace(ctx, work.store, *workspace)
	if err != nil {
		return err
	}
	clock, err := clockOf(ctx, work.config, work.store)
	if err != nil {
		return err
	}
	if *at == "" {
		instant = clock.Now()
	}
	core := bot.New(work.store, clock, work.log, nil, bot.Options{})
	runs, err := core.DigestAt(ctx, ref, instant, *dry)
	if err != nil {
		return err
	}
	for _, r := range runs {
		fmt.Fprintf(p.out, "#%s, %s: %s\n\n%s\n", r.Channel.Name, instant.Format(time.RFC3339), digestState(r, *dry), r.Digest.Doc.Plain())
	}
	return nil
}

// digestState says what became, or would become, of a digest.
func digestState(r bot.DigestRun, dry bool) string {
	switch {
	case r.Frozen:
		return "told already; this is what it said"
	case r.State == bot.DigestEmpty:
		return "nothing to say, so nothing is sent"
	case r.State == bot.DigestSkipped:
		return "too late, skipped"
	case dry:
		return "would be sent"
	}
	return "will be sent by the running Heed"
}

// workspace finds the workspace that was named, or the only one there is.
func (p program) workspace(ctx context.Context, s *store.Store, named string) (bot.WorkspaceRef, error) {
	if named != "" {
		platform, ref, ok := strings.Cut(named, ":")
		if !ok || ref == "" {
			fmt.Fprintln(p.err, "heed: --workspace takes a platform and an id, like slack:T123.")
			return bot.WorkspaceRef{}, errUse
		}
		w, err := s.Workspace(ctx, bot.WorkspaceRef{Platform: bot.Platform(platform), Ref: ref})
		if errors.Is(err, bot.ErrNotFound) {
			return w.Ref, fmt.Errorf("there is no workspace %s here; nothing was sent", named)
		}
		return w.Ref, err
	}
	all, err := s.Workspaces(ctx, 0)
	if err != nil {
		return bot.WorkspaceRef{}, err
	}
	if len(all) == 1 {
		return all[0].Ref, nil
	}
	fmt.Fprintf(p.err, "heed: there are %d workspaces; say which with --workspace.\n", len(all))
	for _, w := range all {
		fmt.Fprintf(p.err, "  %s:%s  %s\n", w.Ref.Platform, w.Ref.Ref, w.Name)
	}
	return bot.WorkspaceRef{}, errUse
}

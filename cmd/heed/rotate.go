package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"strings"

	"heed/bot"
	"heed/store"
)

// rotation is a change of the secret key: the keys, and what else is known of them.
type rotation struct {
	old, fresh []byte
	used       []byte // what Heed hashed with where it could not open the hash key
	next       string // the file of the new secret that becomes the data folder's; "" for none
	file       string // the data folder's own
}

// rotateKey seals what is stored sealed with a new secret key.
func (p program) rotateKey(ctx context.Context, args []string) error {
	return stopped(p.rotate(ctx, args))
}

func (p program) rotate(ctx context.Context, args []string) error {
	fl := p.flags("rotate-key", "rotate-key [--old-key-file FILE] [--give-up]\n\n"+
		"Seals stored tokens, hidden texts and Heed's own keys with the key that HEED_SECRET_KEY (or HEED_SECRET_KEY_FILE) holds now.\n"+
		"With Heed's own Postgres and no HEED_SECRET_KEY it makes a new key in the data folder. All or nothing; doing it again changes nothing.\n"+
		"Those who asked to be forgotten stay forgotten. Afterwards restart every heed with the new key and run this once more,\n"+
		"for what one of them may have sealed meanwhile.")
	oldFile := fl.String("old-key-file", "", "a file that holds the key of before (the data folder's own is found without)")
	giveUp := fl.Bool("give-up", false, "let go of what neither key opens: workspaces install Heed again, hidden texts stay hidden")
	if err := p.parse(fl, args); err != nil {
		return err
	}
	c, err := readConfig(p.environ)
	if err != nil {
		return err
	}
	if c.SecretKey == "" && c.DatabaseURL != "" {
		fmt.Fprintln(p.err, "heed: set HEED_SECRET_KEY or HEED_SECRET_KEY_FILE to the new key, e.g. from `openssl rand -hex 32`. Nothing was changed.")
		return errUse
	}
	work, err := p.taskOf(ctx, c)
	if err != nil {
		return err
	}
	defer work.end()
	if err := work.ready(ctx); err != nil {
		return err
	}
	return p.rotateIn(ctx, c, work.store, *oldFile, *giveUp, work.log)
}

// rotateIn changes the key of one store.
func (p program) rotateIn(ctx context.Context, c config, s *store.Store, oldFile string, giveUp bool, log *slog.Logger) error {
	r, err := rotationOf(c, oldFile)
	if err != nil {
		return err
	}
	var done bot.Resealed
	err = s.Reseal(ctx, giveUp, func(values []bot.Sealed) (bot.Resealed, error) {
		var err error
		if done, err = bot.Reseal(r.old, r.fresh, values); err == nil && len(done.Closed) > 0 && !giveUp {
			err = errors.New(stillClosed(done.Closed))
		}
		return done, err
	})
	if err != nil {
		return err
	}
	// Gone with the old key is the one that hashed: what Heed hashed with since goes on.
	if slices.ContainsFunc(done.Closed, func(v bot.Sealed) bool { return v.Kind == bot.SealedKindKey }) {
		_, err = keepHashKey(ctx, s, r.fresh, r.used, log)
	} else {
		_, err = hashKey(ctx, s, r.fresh, log)
	}
	if err != nil {
		return err
	}
	if r.next != "" {
		if err := os.Rename(r.next, r.file); err != nil {
			return fmt.Errorf("put the new key in its place: %w. Everything is sealed with %s already; run `heed rotate-key` again", err, r.next)
		}
	}
	p.sayResealed(done, giveUp)
	return nil
}

// rotationOf finds the keys. Without HEED_SECRET_KEY the data folder's own key changes:
// to one that a run before this left unfinished, else to a fresh one; with the key of
// before named, to the one that is there.
func rotationOf(c config, oldFile string) (r rotation, err error) {
	own := c.SecretKey == ""
	r.file = secretFile(c)
	secret := c.SecretKey
	if own {
		r.next = r.file + ".next"
		if _, err := os.Lstat(r.next); oldFile != "" && errors.Is(err, fs.ErrNotExist) {
			r.next = ""
		}
		if secret, err = keptSecret(cmp.Or(r.next, r.file)); err != nil {
			return r, fmt.Errorf("the secret key in the data folder: %w", err)
		}
	}
	if r.fresh, err = bot.SealingKey(secret); err != nil {
		return r, err
	}
	r.used = r.fresh
	present, err := os.ReadFile(r.file) // #nosec G304 -- the data folder's own file
	if c.DatabaseURL == "" && err == nil {
		if r.old, err = bot.SealingKey(string(present)); err != nil {
			return r, err
		}
		if own {
			r.used = r.old
		}
	}
	if oldFile == "" {
		return r, nil
	}
	given, err := os.ReadFile(oldFile) // #nosec G304 -- the file that was asked for
	if err != nil || strings.TrimSpace(string(given)) == "" {
		return r, errors.New("the file of the old key can't be read, or is empty. Nothing was changed")
	}
	r.old, err = bot.SealingKey(strings.TrimSpace(string(given)))
	return r, err
}

// stillClosed says what neither key opens and what to do about it.
func stillClosed(closed []bot.Sealed) string {
	return fmt.Sprintf("neither the new key nor the old one opens %s. Nothing was changed. Give the key that sealed it: --old-key-file FILE. "+
		"If it is lost for good, --give-up goes on without", listSealed(closed))
}

// listSealed counts sealed values in words: "2 tokens (slack:T1, slack:T2) and 1 hidden text".
func listSealed(values []bot.Sealed) string {
	var tokens []string
	var texts, keys int
	for _, v := range values {
		switch v.Kind {
		case bot.SealedKindToken:
			tokens = append(tokens, bot.SealedToken(v.Workspace))
		case bot.SealedKindText:
			texts++
		case bot.SealedKindKey:
			keys++
		}
	}
	var parts []string
	if n := len(tokens); n > 0 {
		if n > 5 {
			tokens = append(tokens[:5], "…")
		}
		parts = append(parts, fmt.Sprintf("%s (%s)", counted(n, "token"), strings.Join(tokens, ", ")))
	}
	if texts > 0 {
		parts = append(parts, counted(texts, "hidden text"))
	}
	if keys > 0 {
		parts = append(parts, counted(keys, "key of Heed's own"))
	}
	return strings.Join(parts, ", ")
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	if one, of, ok := strings.Cut(what, " of "); ok {
		return fmt.Sprintf("%d %ss of %s", n, one, of)
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// sayResealed says what was done, and what to do next.
func (p program) sayResealed(done bot.Resealed, gaveUp bool) {
	switch {
	case len(done.Changed) > 0:
		fmt.Fprintf(p.out, "Sealed with the new key: %s. Restart every heed with it, then run this once more.\n", listSealed(done.Changed))
	case done.Already > 0:
		fmt.Fprintln(p.out, "Everything is sealed with the new key already.")
	default:
		fmt.Fprintln(p.out, "There was nothing to seal anew.")
	}
	if gaveUp && len(done.Closed) > 0 {
		fmt.Fprintf(p.out, "Given up: %s. Workspaces whose token went install Heed again; hidden texts stay hidden.\n", listSealed(done.Closed))
	}
}

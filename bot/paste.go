package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

const (
	pasteFormID = "paste"
	pasteLines  = 100 // requests at once
)

// pastePress opens the box for requests that are kept elsewhere.
func (b *Bot) pastePress(ctx context.Context, c caller, _ []string) (Reply, error) {
	if err := b.mayChannels(ctx, b.store, c); err != nil {
		return nil, err
	}
	return Ask{Form{
		ID: pasteFormID, Title: "Paste requests", Submit: "Add them",
		Fields: []Field{
			TextField{Name: "words", Label: "One request a line", Lines: true,
				Placeholder: "Dark mode\nExport as CSV",
				Hint:        "Each becomes a request without votes. Pasting a line again adds nothing."},
		},
	}}, nil
}

// pasteSubmitted makes a request of each line, in a transaction of its own: what failed
// half-way is finished by pasting again. Lines that sound like a request that is there
// are added all the same, and marked for triage.
func (b *Bot) pasteSubmitted(ctx context.Context, c caller, s Submission) (Reply, error) {
	if err := b.mayChannels(ctx, b.store, c); err != nil {
		return nil, err
	}
	lines := pastedLines(s.Values["words"])
	switch {
	case len(lines) == 0:
		return Fix{map[string]string{"words": "There is no request in it yet. One a line."}}, nil
	case len(lines) > pasteLines:
		return Fix{map[string]string{"words": fmt.Sprintf("That's %d lines; %d fit at once. The rest can follow.", len(lines), pasteLines)}}, nil
	}
	added, there := 0, 0
	var same []Block
	for _, line := range lines {
		it, fresh, like, err := b.pasteLine(ctx, c, line)
		if err != nil {
			return nil, err
		}
		if !fresh {
			there++
			continue
		}
		added++
		if like.ID != 0 && len(same) < nearOffered*2 {
			same = append(same, Para{Textf("%v sounds like %v.", title(it), title(like))})
		}
	}
	say := Sayf("%s added.", plural(added, "request"))
	if there > 0 {
		say = Sayf("%s added; %d here already.", plural(added, "request"), there)
	}
	if len(same) > 0 {
		say = say.With(Small{Textf("Maybe doubles, marked for triage:")}).With(same...)
	}
	return say.With(Buttons{{Label: "See the top 10", Action: Act("top")}, {Label: "Paste more", Action: Act("paste")}}), nil
}

// pasteLine makes one line a request, if it is not there yet. like is the one that it
// may be the same as.
func (b *Bot) pasteLine(ctx context.Context, c caller, line string) (it Item, fresh bool, like Item, err error) {
	err = b.store.InTx(ctx, func(tx Tx) error {
		key := pasteKey(c.Workspace, line)
		if it, err = tx.ItemByKey(ctx, c.Workspace.Board, key); err == nil {
			fresh = false
			return nil
		}
		w := Wish{Audience: Team, Workspace: c.Workspace.ID, Asked: c.At}
		main, err := mainIntake(ctx, tx, c.Workspace)
		if err != nil {
			return err
		}
		if main.Ref != "" {
			w.Audience = main.Audience
		}
		near, err := b.similar(ctx, tx, c, line, w)
		if err != nil {
			return err
		}
		var maybe ItemID
		if len(near) > 0 {
			maybe = near[0]
			if like, err = tx.Item(ctx, c.Workspace.Board, maybe); err != nil {
				return fmt.Errorf("similar item: %w", err)
			}
		}
		fresh = true
		it, err = b.file(ctx, tx, c.Workspace.Board, key, line, w, maybe)
		return err
	})
	return it, fresh, like, err
}

// pasteKey names a line as it was pasted, however it was written.
func pasteKey(w Workspace, line string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(oneLine(line))))
	return fmt.Sprintf("paste:%d:%s", w.ID, hex.EncodeToString(sum[:16]))
}

// pastedLines are the requests in a pasted text: its lines without bullets and numbers,
// none twice.
func pastedLines(text string) []string {
	var out []string
	had := map[string]bool{}
	for line := range strings.Lines(Clean(text)) {
		line = strings.TrimSpace(withoutNumber(withoutBullet(strings.TrimSpace(line))))
		if key := strings.ToLower(line); !Empty(strings.Trim(line, "#>*-•–— ")) && !had[key] {
			had[key] = true
			out = append(out, line)
		}
	}
	return out
}

// withoutNumber drops a list's "3. " or "3) ".
func withoutNumber(line string) string {
	rest := strings.TrimLeft(line, "0123456789")
	if len(rest) == len(line) || len(rest) < 3 || rest[0] != '.' && rest[0] != ')' || rest[1] != ' ' {
		return line
	}
	return rest[2:]
}

package bot

import (
	"context"
	"fmt"
)

// checkShards looks whether somebody listens to a workspace's gateway, where it has one,
// and tells true when all is well.
func (b *Bot) checkShards(ctx context.Context, tx Tx, f *findings, w Workspace) (bool, error) {
	all, err := tx.Shards(ctx)
	if err != nil {
		return false, fmt.Errorf("shards: %w", err)
	}
	var last ShardState // heard last, of all there were
	of, held := 0, map[Shard]bool{}
	said := map[string]bool{}
	for _, s := range all {
		if s.App != w.BotAccount || w.BotAccount == "" {
			continue
		}
		if s.Heard.After(last.Heard) || last.App == "" {
			last = s
		}
		if !s.Held {
			continue
		}
		of, held[s.Shard] = s.Of, true
		if s.Trouble != "" && !said[s.Trouble] {
			said[s.Trouble] = true
			f.wrong("*%s* (%s): %s", w.Name, w.Ref.Platform, s.Trouble)
		}
	}
	switch {
	case last.App == "": // this platform has none
		return true, nil
	case len(held) == 0 && last.Heard.IsZero():
		f.wrong("*%s* (%s): nobody listens there. Is `heed serve` running?", w.Name, w.Ref.Platform)
	case len(held) == 0:
		f.wrong("*%s* (%s): nobody listens there any more; the last who did was heard %s. Is `heed serve` running? What people do meanwhile is read back then.", w.Name, w.Ref.Platform, ago(b.clock.Now(), last.Heard))
	case len(held) < of:
		f.wrong("*%s* (%s): %d of its %d parts are listened to. Start the process for the others; DISCORD_SHARD says which is whose.", w.Name, w.Ref.Platform, len(held), of)
	default:
		return len(said) == 0, nil
	}
	return false, nil
}

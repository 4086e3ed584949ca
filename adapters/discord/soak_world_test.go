package discord_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"heed/adapters/discord"
	"heed/adapters/discord/discordfake"
	"heed/bot"
	"heed/store"
	"heed/store/storetest"
)

// busy is a Discord guild with many cards and members, and Heed on it as it runs: by the
// machine's clock, with its loops, inside Discord's rate limits.
type busy struct {
	t        *testing.T
	discord  *discordfake.Server
	guild    *discordfake.Guild
	channels []*discordfake.Channel
	asker    *discordfake.User
	members  []*discordfake.User
	cards    []discordfake.Message
	db       *sqlx.DB
	store    *store.Store
	bot      *bot.Bot
	adapter  *discord.Adapter
	stop     func()
}

func newBusy(t *testing.T, size soakSize) *busy {
	t.Helper()
	b := &busy{t: t, discord: discordfake.New(discordfake.Config{}), db: storetest.New(t)}
	t.Cleanup(b.discord.Close)
	b.guild = b.discord.AddGuild("acme")
	b.asker = b.guild.AddUser("rui")
	for i := range size.members {
		b.members = append(b.members, b.guild.AddUser("m"+strconv.Itoa(i)))
	}
	for i := range size.channels {
		b.channels = append(b.channels, b.guild.AddChannel("intake-"+strconv.Itoa(i)))
	}
	b.store = store.New(b.db)
	o := discord.Options{APIURL: b.discord.APIURL(), Token: b.discord.Token(), Shards: b.store}
	messenger := discord.NewMessenger(o)
	b.bot = bot.New(b.store, bot.SystemClock{}, slog.New(slog.DiscardHandler), map[bot.Platform]bot.Messenger{bot.Discord: messenger}, bot.Options{
		Undo: time.Minute, RequestsPerDay: 1000, RequestGap: time.Nanosecond, SecretKey: []byte("no real key, only for tests....."),
	})
	b.adapter = discord.New(o, messenger, b.bot)

	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for _, loop := range []func(context.Context) error{b.adapter.Run, b.bot.RunDispatcher, b.bot.RunNotices, b.bot.RunLookups} {
		running.Go(func() {
			if err := loop(ctx); err != nil && ctx.Err() == nil {
				t.Error(err)
			}
		})
	}
	b.stop = sync.OnceFunc(func() { cancel(); running.Wait() })
	t.Cleanup(b.stop)
	b.wait("the gateway", func() bool { return b.discord.Connected() == 1 && len(b.discord.Commands(nil)) > 0 })
	b.heard()
	b.settle()
	return b
}

// settle makes every channel an intake.
func (b *busy) settle() {
	b.t.Helper()
	ctx := b.t.Context()
	ws, err := b.store.Workspace(ctx, bot.WorkspaceRef{Platform: bot.Discord, Ref: b.guild.ID})
	b.ok(err)
	for i, ch := range b.channels {
		joined := true
		kept, err := b.store.MeetChannel(ctx, ws.Board, ws.ID, bot.ChannelSeen{Ref: ch.ID, Name: ch.Name(), Kind: bot.PublicChannel, Joined: &joined}, bot.Community)
		b.ok(err)
		kept.Intake, kept.Main = true, i == 0
		b.ok(b.store.SaveChannel(ctx, kept))
	}
}

func (b *busy) ok(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// wait waits until something is so in the fake.
func (b *busy) wait(what string, done func() bool) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), 2*time.Minute)
	defer cancel()
	if err := b.discord.WaitFor(ctx, done); err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
}

// heard waits until everything that was told is kept.
func (b *busy) heard() {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), 2*time.Minute)
	defer cancel()
	b.ok(b.discord.WaitHeard(ctx))
	b.adapter.Wait()
}

// ask has Rui ask for as many things as there are to be cards, the same number in every
// channel, and waits for the cards.
func (b *busy) ask(cards int) {
	b.t.Helper()
	words := rand.New(rand.NewPCG(7, 7))
	for i := range cards {
		b.ok(b.asker.Slash(b.channels[i%len(b.channels)], "feedback", discordfake.Options{"text": babble(words, 6)}))
	}
	var all []discordfake.Message
	b.wait("the cards", func() bool {
		all = nil
		for _, ch := range b.channels {
			for _, m := range b.discord.Messages(ch) {
				if m.ByApp && len(m.Buttons()) > 0 {
					all = append(all, m)
				}
			}
		}
		return len(all) == cards
	})
	b.cards = all
}

// babble is words that are like no others.
func babble(r *rand.Rand, n int) string {
	out := ""
	for range n {
		word := ""
		for range 4 + r.IntN(5) {
			word += string(rune('a' + r.IntN(26)))
		}
		out += word + " "
	}
	return out[:len(out)-1]
}

// hand is a member's reaction on a card.
type hand struct {
	member, card int
	emoji        string
	super        bool
}

// hands change reactions; nobody else does, so that what stands is known.
type hands struct {
	b    *busy
	mu   sync.Mutex
	up   map[hand]bool
	seed uint64
}

// change makes n changes in random order, by several people at a time: a reaction that
// stands is taken back, another is put.
func (h *hands) change(n int) {
	h.b.t.Helper()
	const crowd = 4
	var all sync.WaitGroup
	errs := make(chan error, crowd)
	for c := range crowd {
		h.seed++
		random := rand.New(rand.NewPCG(h.seed, 42))
		share := n / crowd
		if c < n%crowd {
			share++
		}
		all.Go(func() {
			for range share {
				x := hand{member: random.IntN((len(h.b.members)+crowd-1-c)/crowd)*crowd + c, card: random.IntN(len(h.b.cards)), emoji: "👍"}
				switch random.IntN(10) {
				case 0:
					x.emoji = "👍🏽"
				case 1:
					x.emoji = "🎉" // no vote
				case 2:
					x.super = true // beside a normal one it is the same vote
				}
				if err := h.flip(x); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	all.Wait()
	select {
	case err := <-errs:
		h.b.t.Fatal(err)
	default:
	}
}

func (h *hands) flip(x hand) error {
	h.mu.Lock()
	stands := h.up[x]
	h.up[x] = !stands
	h.mu.Unlock()
	u, m := h.b.members[x.member], h.b.cards[x.card]
	switch {
	case stands && x.super:
		return u.SuperUnreact(m, x.emoji)
	case stands:
		return u.Unreact(m, x.emoji)
	case x.super:
		return u.SuperReact(m, x.emoji)
	default:
		return u.React(m, x.emoji)
	}
}

// voters are the accounts that support each card by what stands in the chat: who holds a
// thumb, and who asked.
func (b *busy) voters() map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for _, card := range b.cards {
		now, _ := b.discord.Message(card)
		out[card.ID] = map[string]bool{b.asker.ID: true}
		for _, r := range now.Reactions {
			if r.Emoji == "👍" || r.Emoji == "👍🏽" {
				for _, id := range slices.Concat(r.Users, r.Super) {
					out[card.ID][id] = true
				}
			}
		}
	}
	return out
}

// votes are the accounts that support each card by what stands in Postgres.
func (b *busy) votes() map[string]map[string]bool {
	b.t.Helper()
	var rows []struct {
		Message string `db:"message_ref"`
		Account string `db:"account"`
	}
	b.ok(b.db.SelectContext(b.t.Context(), &rows, `
		select p.message_ref, m.account
		  from posts p
		  join votes v on v.board_id = p.board_id and v.item_id = p.item_id and v.supports
		  join members m on m.board_id = v.board_id and m.person_id = v.person_id
		 where p.kind = 'card' and p.message_ref <> ''`))
	out := map[string]map[string]bool{}
	for _, r := range rows {
		if out[r.Message] == nil {
			out[r.Message] = map[string]bool{}
		}
		if out[r.Message][r.Account] {
			b.t.Errorf("%s has two votes on %s", r.Account, r.Message)
		}
		out[r.Message][r.Account] = true
	}
	return out
}

// difference is how the votes differ from what the chat shows; empty when they do not.
func difference(want, got map[string]map[string]bool) []string {
	var out []string
	for card, voters := range want {
		for account := range voters {
			if !got[card][account] {
				out = append(out, fmt.Sprintf("%s: %s is missing", card, account))
			}
		}
		for account := range got[card] {
			if !voters[account] {
				out = append(out, fmt.Sprintf("%s: %s is too many", card, account))
			}
		}
	}
	return out
}

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jmoiron/sqlx"

	"heed/adapters/discord/discordfake"
	"heed/cmd/internal/scorecard"
)

const (
	discordFor     = 25 * time.Second
	discordHeals   = 2 * time.Minute
	discordMembers = 30
	discordCards   = 6
	discordHands   = 4
)

// discord breaks what lies between Heed and Discord, while two replicas share the gateway.
// What stands in the chat is the truth: each reaction on a card is a vote, each request
// that Heed said to have saved is one item with one card.
func discord(ctx context.Context, say func(string, ...any)) ([]scorecard.Figure, error) {
	g, err := newGuild(ctx)
	if err != nil {
		return nil, err
	}
	defer g.close()
	if err := g.seed(ctx); err != nil {
		return nil, err
	}
	breaking, stop := context.WithTimeout(ctx, discordFor)
	defer stop()
	var all sync.WaitGroup
	for i := range discordHands {
		all.Go(func() { g.use(breaking, i) })
	}
	all.Go(func() { g.refuse(breaking) })
	all.Go(func() { g.hangUp(breaking) })
	all.Wait()
	g.discord.ClearFaults()
	g.discord.RefuseGateway(false)
	say("%d reactions came and went, %d requests were typed; %d faults were laid in the way of calls, the gateway ended %d times",
		g.flips, len(g.asked), g.refused, g.ended)
	began := time.Now()
	var wrong []string
	for {
		if wrong, err = g.wrong(ctx); err == nil && len(wrong) == 0 || time.Since(began) > discordHeals {
			break
		}
		if err := rest(ctx, 250*time.Millisecond); err != nil {
			return nil, err
		}
	}
	if err != nil {
		return nil, err
	}
	for i, w := range wrong {
		if i < 20 {
			say("%s", w)
		}
	}
	kept := scorecard.Of("Discord in trouble: requests said to be saved", float64(g.saved()), "", scorecard.AtLeast, 1)
	kept.Note = fmt.Sprintf("of %d typed", len(g.asked))
	return []scorecard.Figure{
		kept,
		scorecard.Of("Discord in trouble: votes, requests and cards that are not as the chat has them", float64(len(wrong)), "", scorecard.AtMost, 0),
		scorecard.Of("Discord in trouble: healed after", time.Since(began).Seconds(), "s", scorecard.AtMost, discordHeals.Seconds()),
	}, nil
}

// guild is a Discord with one server in it, and two replicas of Heed.
type guild struct {
	dir      string
	server   *server
	db       *sqlx.DB
	discord  *discordfake.Server
	replicas []*replica
	zoe      *discordfake.User
	members  []*discordfake.User
	requests *discordfake.Channel
	cards    []discordfake.Message // of the seed: those that are reacted to

	mu      sync.Mutex
	random  *rand.Rand
	up      map[[2]int]bool              // who has a thumb on which card
	asked   map[string]*discordfake.User // by token
	flips   int
	refused int
	ended   int
}

func newGuild(ctx context.Context) (g *guild, err error) {
	g = &guild{
		random: rand.New(rand.NewPCG(5, 11)), // #nosec G404 -- the same troubles each time, not a secret
		up:     map[[2]int]bool{}, asked: map[string]*discordfake.User{},
	}
	defer func() {
		if err != nil {
			g.close()
		}
	}()
	if g.dir, err = openFolder(); err != nil {
		return g, err
	}
	bin, err := buildHeed(ctx, g.dir)
	if err != nil {
		return g, err
	}
	if g.server, err = newServer(ctx, g.dir); err != nil {
		return g, err
	}
	if g.db, err = open(g.server.address(rootRole, heedRole)); err != nil {
		return g, err
	}
	g.discord = discordfake.New(discordfake.Config{})
	acme := g.discord.AddGuild("acme")
	g.zoe = acme.AddUser("zoe")
	acme.AddRole("Admins", discordfake.Administrator).Give(g.zoe)
	g.requests = acme.AddChannel("requests")
	for i := range discordMembers {
		g.members = append(g.members, acme.AddUser(fmt.Sprintf("member%03d", i+1)))
	}
	for i := range 2 {
		r := &replica{name: fmt.Sprintf("replica %d", i+1), bin: bin, env: []string{
			"DATABASE_URL=" + g.server.dsn(), "DISCORD_TOKEN=" + g.discord.Token(), "DISCORD_API_URL=" + g.discord.APIURL(),
			"HEED_SECRET_KEY=not a real key, for faults only", "HEED_REQUESTS_PER_DAY=1000", "HEED_REQUEST_GAP=1ms",
		}}
		g.replicas = append(g.replicas, r)
		if err = r.start(ctx); err != nil {
			return g, err
		}
	}
	soon, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return g, g.discord.WaitFor(soon, func() bool { return g.discord.Connected() > 0 && len(g.discord.Commands(nil)) > 0 })
}

func (g *guild) close() {
	for _, r := range g.replicas {
		r.kill()
	}
	if g.discord != nil {
		g.discord.Close()
	}
	if g.db != nil {
		_ = g.db.Close()
	}
	if g.server != nil {
		_ = g.server.stop(syscall.SIGQUIT)
	}
	if g.dir != "" {
		_ = os.RemoveAll(filepath.Clean(g.dir))
	}
}

// seed has cards to react to.
func (g *guild) seed(ctx context.Context) error {
	soon, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if err := g.discord.WaitHeard(soon); err != nil {
		return fmt.Errorf("the gateway: %w", err)
	}
	if err := g.zoe.Line(g.requests, "/heed channel intake on"); err != nil {
		return fmt.Errorf("intake: %w", err)
	}
	for i := range discordCards {
		if err := g.ask(g.members[i]); err != nil {
			return fmt.Errorf("seed: %w", err)
		}
	}
	err := g.discord.WaitFor(soon, func() bool { return len(g.shown()) == discordCards })
	g.cards = g.shown()
	return err
}

// shown are the cards that stand in the channel.
func (g *guild) shown() []discordfake.Message {
	var out []discordfake.Message
	for _, m := range g.discord.Messages(g.requests) {
		if m.ByApp && strings.Contains(m.String(), "tok") {
			out = append(out, m)
		}
	}
	return out
}

func (g *guild) dice(n int) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.random.IntN(n)
}

// ask is somebody's wish, with a token of its own.
func (g *guild) ask(who *discordfake.User) error {
	g.mu.Lock()
	token := fmt.Sprintf("tok%06d", len(g.asked)+1)
	words := make([]string, 4)
	for i := range words {
		for range 6 {
			words[i] += string(rune('a' + g.random.IntN(26)))
		}
	}
	g.asked[token] = who
	g.mu.Unlock()
	return who.Line(g.requests, "/feedback "+token+" "+strings.Join(words, " "))
}

// use is one hand: the members whose number it has, one after the other. Who asked for the
// cards of the seed leaves them alone: who takes back the last of their thumbs takes back
// having asked, and that is not to be read from the chat.
func (g *guild) use(ctx context.Context, hand int) {
	for rest(ctx, 15*time.Millisecond) == nil {
		member := g.dice(discordMembers/discordHands)*discordHands + hand
		if g.dice(60) == 0 {
			_ = g.ask(g.members[member]) // what they were answered is looked at in the end
			continue
		}
		if member < discordCards {
			continue
		}
		card := g.dice(len(g.cards))
		g.mu.Lock()
		stands := g.up[[2]int{member, card}]
		g.up[[2]int{member, card}] = !stands
		g.flips++
		g.mu.Unlock()
		act := g.members[member].React
		if stands {
			act = g.members[member].Unreact
		}
		_ = act(g.cards[card], "👍") // what stands is read from the chat
	}
}

// refuse has calls of Heed's go wrong, several a second.
func (g *guild) refuse(ctx context.Context) {
	routes := []string{
		"POST /channels/{channel}/messages", "PATCH /channels/{channel}/messages/{message}", "PATCH /channels/{channel}/messages/{message}",
		"GET /channels/{channel}/messages/{message}/reactions/{emoji}", "GET /channels/{channel}/messages", "GET /gateway/bot", "GET /guilds/{guild}", "*",
	}
	wrongs := []discordfake.Fault{
		discordfake.RateLimited(discordfake.UserScope, time.Second), discordfake.RateLimited(discordfake.SharedScope, time.Second),
		discordfake.RateLimited(discordfake.GlobalScope, 500*time.Millisecond), discordfake.Broken(500), discordfake.Broken(502), discordfake.Broken(503),
		discordfake.Slow(2 * time.Second), discordfake.SlowAnswer(2 * time.Second), discordfake.CutBefore(), discordfake.CutAfter(), discordfake.CutAfter(), discordfake.Malformed(),
	}
	for rest(ctx, 100*time.Millisecond) == nil {
		g.discord.Fail(routes[g.dice(len(routes))], 1, wrongs[g.dice(len(wrongs))])
		g.refused++
	}
}

// hangUp ends the gateway in each of its ways.
func (g *guild) hangUp(ctx context.Context) {
	for i := 0; rest(ctx, 2500*time.Millisecond) == nil; i++ {
		switch i % 6 {
		case 0:
			g.discord.CutGateway()
		case 1:
			g.discord.Disconnect(true)
		case 2:
			g.discord.InvalidateSessions(false)
		case 3:
			g.discord.AskReconnect()
		case 4:
			g.discord.Disconnect(false)
		case 5:
			g.discord.RefuseGateway(true)
			g.discord.CutGateway()
			_ = rest(ctx, time.Second)
			g.discord.RefuseGateway(false)
		}
		g.ended++
	}
}

// receipts are what somebody was told about a wish.
func (g *guild) receipts(token string, who *discordfake.User) (saved bool) {
	for _, m := range append(g.discord.Ephemerals(who), g.discord.DMs(who)...) {
		if text := m.String(); strings.Contains(text, token) && strings.Contains(text, "Saved as") {
			return true
		}
	}
	return false
}

// saved is how many wishes Heed said to have saved.
func (g *guild) saved() (n int) {
	for token, who := range g.asked {
		if g.receipts(token, who) {
			n++
		}
	}
	return n
}

// wrong is what differs between the chat and the database.
func (g *guild) wrong(ctx context.Context) ([]string, error) {
	var rows []struct{ Title, Message, Author, Voters string }
	if err := g.db.SelectContext(ctx, &rows, `
		select i.title, coalesce(p.message_ref, '') as message, coalesce(a.account, '') as author,
		       coalesce((select string_agg(m.account, ' ' order by m.account) from votes v
		          join members m on m.board_id = v.board_id and m.person_id = v.person_id
		         where v.board_id = i.board_id and v.item_id = i.item_id and v.supports), '') as voters
		  from items i
		  left join members a on a.board_id = i.board_id and a.member_id = i.author_id
		  left join posts p on p.board_id = i.board_id and p.item_id = i.item_id and p.kind = 'card' and p.gone_at is null`); err != nil {
		return nil, fmt.Errorf("look: %w", err)
	}
	var out []string
	items, stand := map[string]int{}, map[string]string{}
	for _, m := range g.shown() {
		token := wishToken.FindString(m.String())
		if stand[token] != "" {
			out = append(out, token+" has two cards")
		}
		stand[token] = m.ID
	}
	for _, r := range rows {
		token := wishToken.FindString(r.Title)
		items[token]++
		if r.Message == "" || stand[token] != r.Message {
			out = append(out, token+" has no card, or another than Heed knows")
			continue
		}
		m, _ := g.discord.Message(discordfake.Message{ID: r.Message, Channel: g.requests})
		want := []string{r.Author}
		for _, reaction := range m.Reactions {
			if reaction.Emoji == "👍" {
				want = append(want, reaction.Users...)
			}
		}
		slices.Sort(want)
		want = slices.DeleteFunc(slices.Compact(want), func(id string) bool { return id == g.discord.Bot().ID })
		if got := strings.Fields(r.Voters); !slices.Equal(got, want) {
			out = append(out, fmt.Sprintf("%s has votes of %d accounts, the chat of %d", token, len(got), len(want)))
		}
		people := fmt.Sprintf("%d people", len(want))
		if len(want) == 1 {
			people = "1 person"
		}
		if !strings.Contains(m.String(), people) {
			out = append(out, fmt.Sprintf("%s does not show %s", token, people))
		}
	}
	for token, who := range g.asked {
		switch n := items[token]; {
		case n > 1:
			out = append(out, fmt.Sprintf("%s is there %d times", token, n))
		case n == 0 && g.receipts(token, who):
			out = append(out, token+" was said to be saved and is not there")
		}
	}
	var gaps int
	if err := g.db.GetContext(ctx, &gaps, `select count(*) from workspaces where gap_since is not null`); err != nil {
		return nil, err
	}
	if gaps > 0 {
		out = append(out, "votes are still being read back")
	}
	if len(rows) == 0 {
		return nil, errors.New("no requests are there")
	}
	slices.Sort(out)
	return out, nil
}

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jmoiron/sqlx"

	"heed/adapters/discord/discordfake"
)

const (
	discordMembers = 30
	discordCards   = 6
	discordHands   = 4
)

// guild is a Discord with one server in it, and two replicas of Heed.
type guild struct {
	dir      string
	remove   func() // it
	server   *server
	db       *sqlx.DB
	discord  *discordfake.Server
	replicas []*replica
	zoe      *discordfake.User
	members  []*discordfake.User
	requests *discordfake.Channel
	digests  *discordfake.Channel
	cards    []discordfake.Message // of the seed: those that are reacted to

	due    dues
	before int // messages in the digests' channel that are none

	mu      sync.Mutex
	random  *rand.Rand
	up      map[[2]int]bool              // who has a thumb on which card
	asked   map[string]*discordfake.User // by token
	flips   int
	refused int
	ended   int
}

// guildPlan is how a line wants its guild.
type guildPlan struct {
	Replicas int
	Bin      string // the program, built before; "" builds it
	// Through leads to the database and to Discord's API, host:port; nil: directly.
	Through func(to string) string
}

func newGuild(ctx context.Context, p guildPlan) (g *guild, err error) {
	g = &guild{
		random: rand.New(rand.NewPCG(5, 11)), // #nosec G404 -- the same troubles each time, not a secret
		up:     map[[2]int]bool{}, asked: map[string]*discordfake.User{},
	}
	defer func() {
		if err != nil {
			g.close()
		}
	}()
	if g.dir, g.remove, err = openFolder(); err != nil {
		return g, err
	}
	if p.Bin == "" {
		if p.Bin, err = buildHeed(ctx, g.dir); err != nil {
			return g, err
		}
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
	g.requests, g.digests = acme.AddChannel("requests"), acme.AddChannel("digests")
	for i := range discordMembers {
		g.members = append(g.members, acme.AddUser(fmt.Sprintf("member%03d", i+1)))
	}
	dsn, api := g.server.dsn(), g.discord.APIURL()
	if p.Through != nil {
		dsn = dsnAt(p.Through(net.JoinHostPort("127.0.0.1", strconv.Itoa(g.server.port))), heedRole, heedRole)
		api = "http://" + p.Through(g.discord.Addr().String()) + "/api"
	}
	for i := range p.Replicas {
		r := &replica{name: fmt.Sprintf("replica %d", i+1), bin: p.Bin, env: []string{
			"DATABASE_URL=" + dsn, "DISCORD_TOKEN=" + g.discord.Token(), "DISCORD_API_URL=" + api,
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
	g.remove()
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
	if err := g.zoe.Line(g.digests, "/heed digest here"); err != nil {
		return fmt.Errorf("digest: %w", err)
	}
	for i := range discordCards {
		if err := g.ask(g.members[i]); err != nil {
			return fmt.Errorf("seed: %w", err)
		}
	}
	err := g.discord.WaitFor(soon, func() bool { return len(g.shown()) == discordCards })
	g.cards = g.shown()
	if err != nil {
		return err
	}
	for schedules := 0; schedules == 0; {
		if err := g.db.GetContext(soon, &schedules, `select count(*) from schedules`); err != nil {
			return fmt.Errorf("the digest is not set up: %w", err)
		}
		if err := rest(soon, 20*time.Millisecond); err != nil {
			return fmt.Errorf("the digest is not set up: %w", err)
		}
	}
	g.before = len(g.discord.Messages(g.digests))
	return nil
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

package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"heed/adapters/discord"
	"heed/adapters/slack"
	"heed/adapters/web"
	"heed/bot"
	"heed/store"
)

const (
	// slowAnswer is when a database that answers nothing of weight is slow.
	slowAnswer = 200 * time.Millisecond
	// fewFree is when a server has too few connections left for another replica.
	fewFree = 10
	// clockMost is how far this machine's clock may be from the database's.
	clockMost = 5 * time.Second
	// addressPatience is how long the public address may take to answer.
	addressPatience = 5 * time.Second
)

// database tells of the server and what is in it.
func (d *diagnosis) database(s store.Status) {
	version, _, _ := strings.Cut(s.Server, " ") // without the package's own
	d.add("database", "answers", bot.FoundWell, "Postgres %s answers in %.1f ms.", version, float64(s.Answered.Microseconds())/1000)
	if s.Answered > slowAnswer {
		d.add("database", "speed", bot.FoundHint, "That is slow: people wait for several such answers. Is it far away, or busy?")
	}
	told := map[store.ProblemCode]bool{}
	for _, p := range s.Problems {
		told[p.Code] = true
		d.add("database", string(p.Code), bot.FoundProblem, "%s", p.Sentence)
	}
	if !told[store.TooOld] {
		d.add("database", "version", bot.FoundWell, "Its version is supported: 15 or newer.")
	}
	if !told[store.NoExtension] {
		d.add("database", "extensions", bot.FoundWell, "It has what the schema needs: %s.", strings.Join(store.Extensions(), " and "))
	}
	if !told[store.NotMigrated] && !told[store.TooNew] {
		d.add("database", "schema", bot.FoundWell, "The schema is at %d, as this Heed needs; nothing is pending.", s.Schema)
	}
	const connections = "Connections: %d of Heed's; the server has %d of %d left."
	if s.Free < fewFree {
		d.add("database", "connections", bot.FoundProblem, connections+" A replica takes up to %d. Raise max_connections, or put PgBouncer in front.", s.Ours, s.Free, s.Most, store.PoolSize)
		return
	}
	d.add("database", "connections", bot.FoundWell, connections+" A replica takes up to %d.", s.Ours, s.Free, s.Most, store.PoolSize)
}

// clock compares this machine's with the database's. The platforms' are compared with
// each workspace.
func (d *diagnosis) clock(s store.Status) {
	if off := s.Ahead.Abs(); off > clockMost {
		side := "ahead of"
		if s.Ahead < 0 {
			side = "behind"
		}
		d.add("clock", "database", bot.FoundProblem, "This machine's clock is %s %s the database's. Have both set by NTP: digests come at the wrong time, and votes may be put in the wrong order.", off.Round(time.Second), side)
		return
	}
	d.add("clock", "database", bot.FoundWell, "This machine's clock agrees with the database's.")
}

// secret tells of what the secret key doesn't open.
func (d *diagnosis) secret(ctx context.Context, c config, s *store.Store) error {
	key, err := secretKey(c)
	if err != nil {
		return err
	}
	values, err := s.SealedValues(ctx)
	if err != nil {
		return err
	}
	closed := slices.DeleteFunc(values, func(v bot.Sealed) bool { return bot.SealedWith(key, v.Value) })
	if len(closed) > 0 {
		d.add("configuration", "secret_key", bot.FoundProblem, "The secret key doesn't open %s. Set HEED_SECRET_KEY to the key of before, or change keys with `heed rotate-key --old-key-file FILE`.", listSealed(closed))
		return nil
	}
	d.add("configuration", "secret_key", bot.FoundWell, "The secret key opens all that is sealed.")
	return nil
}

// address asks the public address who answers there.
func (d *diagnosis) address(ctx context.Context, c config, s *store.Store) error {
	if c.PublicURL == "" {
		if c.slackOn() && c.SlackAppToken == "" {
			d.add("address", "reachable", bot.FoundHint, "HEED_PUBLIC_URL is not set, so nobody can look whether Slack reaches Heed. Set it to the address that Slack's request URLs begin with.")
		}
		return nil
	}
	ours, err := s.Instance(ctx)
	if errors.Is(err, bot.ErrNotFound) {
		d.add("address", "reachable", bot.FoundHint, "No Heed has served this database yet, so nothing can answer at %s.", c.PublicURL)
		return nil
	}
	if err != nil {
		return err
	}
	there, code, err := whoAnswers(ctx, c.PublicURL)
	const mend = "Slack's deliveries and links go there: look at DNS, the firewall, the certificate and the proxy in front, which hands on to HEED_LISTEN."
	switch {
	case err != nil:
		d.add("address", "reachable", bot.FoundProblem, "%s is not reachable from here: %s. %s", c.PublicURL, why(err), mend)
	case there == ours:
		d.add("address", "reachable", bot.FoundWell, "%s leads to this Heed.", c.PublicURL)
	case there != "":
		d.add("address", "reachable", bot.FoundProblem, "At %s another Heed answers, with another database. Is HEED_PUBLIC_URL or DATABASE_URL that of another installation?", c.PublicURL)
	default:
		d.add("address", "reachable", bot.FoundProblem, "At %s something answers %d that is not Heed. %s", c.PublicURL, code, mend)
	}
	return nil
}

// whoAnswers is the instance that a Heed at an address names, "" where it is none.
func whoAnswers(ctx context.Context, url string) (instance string, code int, err error) {
	ctx, cancel := context.WithTimeout(ctx, addressPatience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/healthz", nil)
	if err != nil {
		return "", 0, err
	}
	res, err := http.DefaultClient.Do(req) // #nosec G704 -- the operator's own address
	if err != nil {
		return "", 0, err
	}
	defer closeQuietly(res.Body)
	return res.Header.Get(web.InstanceHeader), res.StatusCode, nil
}

// why says in a few words why nobody answered.
func why(err error) string {
	var dns *net.DNSError
	var certificate interface{ Unwrap() error }
	switch text := err.Error(); {
	case errors.As(err, &dns):
		return "its name is not known"
	case errors.Is(err, context.DeadlineExceeded):
		return "no answer within five seconds"
	case strings.Contains(text, "connection refused"):
		return "nobody listens there"
	case errors.As(err, &certificate) && (strings.Contains(text, "x509") || strings.Contains(text, "tls:")):
		return "its certificate is not trusted here"
	}
	return "the connection fails"
}

// messengers are those of the chats that are configured, to ask them how Heed stands.
func (t *task) messengers() (map[bot.Platform]bot.Messenger, error) {
	key, err := secretKey(t.config)
	if err != nil {
		return nil, err
	}
	out := map[bot.Platform]bot.Messenger{}
	if t.config.slackOn() {
		out[bot.Slack] = slack.NewMessenger(slack.Options{
			APIURL: t.config.SlackAPIURL, Tokens: &tokens{one: t.config.SlackBotToken, key: key, store: t.store}, Log: t.log,
		})
	}
	if t.config.discordOn() {
		out[bot.Discord] = discord.NewMessenger(discord.Options{APIURL: t.config.DiscordAPIURL, Token: t.config.DiscordToken, Log: t.log})
	}
	return out, nil
}

package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"

	"heed/adapters/discord"
)

// config is the environment, read once. Every secret may also come from a file,
// by the variable's name with _FILE behind it.
type config struct {
	DatabaseURL string `env:"DATABASE_URL"`
	DataDir     string `env:"HEED_DATA_DIR"`
	PostgresBin string `env:"HEED_POSTGRES_BIN"`
	Listen      string `env:"HEED_LISTEN"`
	PublicURL   string `env:"HEED_PUBLIC_URL"`
	SecretKey   string `env:"HEED_SECRET_KEY"`

	SlackSigningSecret string `env:"SLACK_SIGNING_SECRET"`
	SlackBotToken      string `env:"SLACK_BOT_TOKEN"`
	SlackAppToken      string `env:"SLACK_APP_TOKEN"`
	SlackClientID      string `env:"SLACK_CLIENT_ID"`
	SlackClientSecret  string `env:"SLACK_CLIENT_SECRET"`
	SlackAPIURL        string `env:"SLACK_API_URL" envDefault:"https://slack.com/api/"`

	DiscordToken  string `env:"DISCORD_TOKEN"`
	DiscordShard  string `env:"DISCORD_SHARD"`
	DiscordAPIURL string `env:"DISCORD_API_URL" envDefault:"https://discord.com/api/v10/"`

	Playground string `env:"HEED_PLAYGROUND"`

	Drain          *time.Duration `env:"HEED_DRAIN"`
	Undo           time.Duration  `env:"HEED_UNDO" envDefault:"5m"`
	RequestsPerDay int            `env:"HEED_REQUESTS_PER_DAY" envDefault:"5"`
	RequestGap     time.Duration  `env:"HEED_REQUEST_GAP" envDefault:"30s"`

	HistoryDays int `env:"HEED_HISTORY_DAYS" envDefault:"1095"`

	Log      string `env:"HEED_LOG"`
	LogLevel string `env:"HEED_LOG_LEVEL" envDefault:"info"`

	// toy is the demo's: its board is up sooner, and may lose its last half second to a
	// power cut (a program that ends, however it ends, loses nothing).
	toy bool
}

// configProblems are all that is wrong with the environment, a sentence each. None
// holds a value that may be secret.
type configProblems []string

func (ps configProblems) Error() string { return strings.Join(ps, "; ") }

// secrets are the variables that may come from a file.
var secrets = []string{
	"DATABASE_URL", "HEED_SECRET_KEY", "SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "DISCORD_TOKEN",
}

// readConfig reads the environment and checks it whole.
func readConfig(environ []string) (config, error) {
	vars := map[string]string{}
	for _, kv := range environ {
		if name, value, ok := strings.Cut(kv, "="); ok {
			vars[name] = value
		}
	}
	var problems configProblems
	for _, name := range secrets {
		file := vars[name+"_FILE"]
		switch {
		case file == "":
		case vars[name] != "":
			problems = append(problems, fmt.Sprintf("%s and %s_FILE are both set; keep one.", name, name))
		default:
			content, err := os.ReadFile(file)
			if err != nil {
				problems = append(problems, fmt.Sprintf("%s_FILE can't be read.", name))
				continue
			}
			vars[name] = strings.TrimSpace(string(content))
		}
	}
	var c config
	var several env.AggregateError
	if err := env.ParseWithOptions(&c, env.Options{Environment: vars}); errors.As(err, &several) {
		for _, e := range several.Errors {
			problems = append(problems, parseProblem(e))
		}
	} else if err != nil {
		problems = append(problems, parseProblem(err))
	}
	problems = append(problems, c.check()...)
	if len(problems) > 0 {
		return c, problems
	}
	return c.defaults(vars), nil
}

// parseProblem names the field that did not parse, never its value.
func parseProblem(err error) string {
	var parse env.ParseError
	if errors.As(err, &parse) {
		names := map[string]string{
			"Drain": "HEED_DRAIN", "Undo": "HEED_UNDO", "RequestGap": "HEED_REQUEST_GAP", "RequestsPerDay": "HEED_REQUESTS_PER_DAY", "HistoryDays": "HEED_HISTORY_DAYS",
		}
		return fmt.Sprintf("%s is not understood; a duration looks like 5m or 30s, a count like 5.", names[parse.Name])
	}
	return "the environment can't be read."
}

// check finds what can't work together.
func (c config) check() (problems []string) {
	add := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	oneOf := func(name, value string, allowed ...string) {
		if !slices.Contains(allowed, value) {
			add("%s must be one of %s.", name, strings.Join(allowed, ", "))
		}
	}
	oneOf("HEED_PLAYGROUND", orOne(c.Playground, "on"), "on", "off")
	oneOf("HEED_LOG", orOne(c.Log, "text"), "text", "json")
	oneOf("HEED_LOG_LEVEL", c.LogLevel, "debug", "info", "warn", "error")
	if c.Drain != nil && (*c.Drain < 0 || *c.Drain > time.Hour) {
		add("HEED_DRAIN must be between 0s and an hour.")
	}
	if c.Undo < 0 || c.RequestGap < 0 || c.RequestsPerDay < 0 {
		add("HEED_UNDO, HEED_REQUEST_GAP and HEED_REQUESTS_PER_DAY can't be negative.")
	}
	if c.HistoryDays != 0 && (c.HistoryDays < 90 || c.HistoryDays > 36500) {
		add("HEED_HISTORY_DAYS must be between 90 and 36500.")
	}
	if c.Listen != "" {
		if _, _, err := net.SplitHostPort(c.Listen); err != nil {
			add("HEED_LISTEN must look like :8080 or 127.0.0.1:8080.")
		}
	}
	for name, value := range map[string]string{"HEED_PUBLIC_URL": c.PublicURL, "SLACK_API_URL": c.SlackAPIURL, "DISCORD_API_URL": c.DiscordAPIURL} {
		if u, err := url.Parse(value); value != "" && (err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "") {
			add("%s must be a web address, like https://heed.acme.example.", name)
		}
	}
	if c.SlackBotToken != "" && c.SlackSigningSecret == "" && c.SlackAppToken == "" {
		add("SLACK_BOT_TOKEN needs SLACK_SIGNING_SECRET (over HTTP) or SLACK_APP_TOKEN (Socket Mode) beside it.")
	}
	if c.SlackAppToken != "" && c.SlackBotToken == "" && c.SlackClientID == "" {
		add("SLACK_APP_TOKEN needs SLACK_BOT_TOKEN beside it.")
	}
	if c.SlackAppToken != "" && !strings.HasPrefix(c.SlackAppToken, "xapp-") {
		add("SLACK_APP_TOKEN must be an app-level token: it begins with xapp-.")
	}
	if (c.SlackClientID == "") != (c.SlackClientSecret == "") {
		add("SLACK_CLIENT_ID and SLACK_CLIENT_SECRET go together.")
	}
	if c.SlackClientID != "" && (c.SecretKey == "" && c.DatabaseURL != "") {
		add("SLACK_CLIENT_ID needs HEED_SECRET_KEY: it encrypts the tokens of the workspaces that install Heed.")
	}
	if c.SlackClientID != "" && c.PublicURL == "" {
		add("SLACK_CLIENT_ID needs HEED_PUBLIC_URL: Slack sends people back there.")
	}
	if c.SlackSigningSecret != "" && c.SlackBotToken == "" && c.SlackClientID == "" {
		add("SLACK_SIGNING_SECRET needs SLACK_BOT_TOKEN (one workspace) or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET (many) beside it.")
	}
	if strings.ContainsAny(c.DiscordToken, " \t\r\n") {
		add("DISCORD_TOKEN holds a space or a line break; it is the bot's token alone, without the word Bot.")
	}
	if c.DiscordShard != "" {
		if _, _, ok := discord.ParseShard(c.DiscordShard); !ok {
			add("DISCORD_SHARD must look like 0/2: this process's shard, counted from 0, of how many there are.")
		}
		if c.DiscordToken == "" {
			add("DISCORD_SHARD needs DISCORD_TOKEN beside it.")
		}
	}
	if c.SecretKey != "" && len(c.SecretKey) < 16 {
		add("HEED_SECRET_KEY is too short: at least 16 characters, e.g. from `openssl rand -hex 32`.")
	}
	slices.Sort(problems)
	return problems
}

func orOne(s, or string) string {
	if s == "" {
		return or
	}
	return s
}

// slackOn tells whether a real Slack is configured.
func (c config) slackOn() bool { return c.SlackBotToken != "" || c.SlackClientID != "" }

// discordOn tells whether a real Discord is configured.
func (c config) discordOn() bool { return c.DiscordToken != "" }

// chatOn tells whether any real chat platform is configured.
func (c config) chatOn() bool { return c.slackOn() || c.discordOn() }

// playgroundOn tells whether the playground is served: by default only where no
// chat platform is configured.
func (c config) playgroundOn() bool {
	return c.Playground == "on" || c.Playground == "" && !c.chatOn()
}

// defaults fills in what depends on the rest.
func (c config) defaults(vars map[string]string) config {
	if c.Listen == "" {
		c.Listen = ":8080"
		if c.playgroundOn() { // it hands out the admin role
			c.Listen = "127.0.0.1:8080"
		}
	}
	if c.DataDir == "" {
		c.DataDir = dataDir(vars)
	}
	c.PublicURL = strings.TrimSuffix(c.PublicURL, "/")
	return c
}

// dataDir is where the embedded database lives: a system folder for root, who
// runs services, else the person's own data folder.
func dataDir(vars map[string]string) string {
	if u, err := user.Current(); err == nil && u.Uid == "0" {
		return "/var/lib/heed"
	}
	if home := vars["XDG_DATA_HOME"]; home != "" {
		return filepath.Join(home, "heed")
	}
	return filepath.Join(vars["HOME"], ".local", "share", "heed")
}

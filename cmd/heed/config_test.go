package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestConfig(t *testing.T) {
	t.Parallel()

	t.Run("every_problem_is_told_at_once_and_no_secret_with_it", func(t *testing.T) {
		t.Parallel()
		out, said, code := heed(t, []string{
			"DATABASE_URL=postgres://heed:sesame-open@127.0.0.1/heed", "HEED_LISTEN=nowhere", "HEED_PUBLIC_URL=heed.acme.example", "HEED_SECRET_KEY=tooshortkey",
			"HEED_PLAYGROUND=maybe", "HEED_LOG=xml", "HEED_LOG_LEVEL=loud", "HEED_UNDO=five", "HEED_REQUESTS_PER_DAY=many", "HEED_REQUEST_GAP=-",
			"SLACK_BOT_TOKEN=xoxb-sesame-bot", "SLACK_APP_TOKEN=sesame-app", "SLACK_CLIENT_ID=111.222", "SLACK_API_URL=slack",
			"SLACK_SIGNING_SECRET=sesame-sign", "SLACK_SIGNING_SECRET_FILE=/nowhere/sign", "DISCORD_TOKEN=Bot sesame-discord", "DISCORD_SHARD=2/2", "DISCORD_API_URL=discord",
		}, "serve")
		if code != exitUse || out != "" {
			t.Errorf("it ended with %d and printed %q", code, out)
		}
		for _, name := range []string{
			"HEED_LISTEN", "HEED_PUBLIC_URL", "HEED_SECRET_KEY is too short", "HEED_PLAYGROUND", "HEED_LOG must", "HEED_LOG_LEVEL", "HEED_UNDO", "HEED_REQUESTS_PER_DAY",
			"HEED_REQUEST_GAP", "SLACK_APP_TOKEN must", "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET go together", "SLACK_API_URL", "SLACK_SIGNING_SECRET_FILE", "DISCORD_TOKEN holds", "DISCORD_SHARD must", "DISCORD_API_URL",
		} {
			if !strings.Contains(said, name) {
				t.Errorf("it does not tell of %s:\n%s", name, said)
			}
		}
		for _, secret := range []string{"sesame", "tooshortkey"} {
			if strings.Contains(said, secret) {
				t.Errorf("it tells a secret:\n%s", said)
			}
		}
	})

	for _, c := range []struct {
		name    string
		environ []string
		told    string
	}{
		{"a_bot_token_needs_a_way_to_hear", []string{"SLACK_BOT_TOKEN=xoxb-fake"}, "SLACK_BOT_TOKEN needs SLACK_SIGNING_SECRET"},
		{"an_app_token_needs_a_bot_token", []string{"SLACK_APP_TOKEN=xapp-fake"}, "SLACK_APP_TOKEN needs SLACK_BOT_TOKEN"},
		{"a_signing_secret_alone_does_nothing", []string{"SLACK_SIGNING_SECRET=fake"}, "SLACK_SIGNING_SECRET needs"},
		{"installs_need_a_key", []string{"SLACK_CLIENT_ID=1", "SLACK_CLIENT_SECRET=fake", "HEED_PUBLIC_URL=https://heed.acme.example", "DATABASE_URL=postgres:///heed"}, "SLACK_CLIENT_ID needs HEED_SECRET_KEY"},
		{"installs_need_an_address", []string{"SLACK_CLIENT_ID=1", "SLACK_CLIENT_SECRET=fake"}, "SLACK_CLIENT_ID needs HEED_PUBLIC_URL"},
		{"a_shard_needs_a_bot", []string{"DISCORD_SHARD=0/2"}, "DISCORD_SHARD needs DISCORD_TOKEN"},
		{"a_negative_count_is_none", []string{"HEED_REQUESTS_PER_DAY=-1"}, "can't be negative"},
		{"a_secret_has_one_source", []string{"SLACK_BOT_TOKEN=xoxb-fake", "SLACK_BOT_TOKEN_FILE=/run/secrets/bot"}, "SLACK_BOT_TOKEN and SLACK_BOT_TOKEN_FILE are both set"},
		{"a_file_that_is_not_there", []string{"HEED_SECRET_KEY_FILE=/nowhere/key"}, "HEED_SECRET_KEY_FILE can't be read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := readConfig(c.environ)
			var problems configProblems
			if !errors.As(err, &problems) || !slices.ContainsFunc(problems, func(p string) bool { return strings.Contains(p, c.told) }) {
				t.Errorf("want %q, got %v", c.told, err)
			}
		})
	}

	t.Run("each_secret_may_come_from_a_file", func(t *testing.T) {
		t.Parallel()
		var environ []string
		for _, name := range secrets {
			file := filepath.Join(t.TempDir(), name)
			if err := os.WriteFile(file, []byte("xapp-from-the-file-of-"+name+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			environ = append(environ, name+"_FILE="+file)
		}
		c, err := readConfig(append(environ, "HEED_PUBLIC_URL=https://heed.acme.example/"))
		if err != nil {
			t.Fatal(err)
		}
		for name, got := range map[string]string{
			"DATABASE_URL": c.DatabaseURL, "HEED_SECRET_KEY": c.SecretKey, "SLACK_SIGNING_SECRET": c.SlackSigningSecret, "SLACK_BOT_TOKEN": c.SlackBotToken,
			"SLACK_APP_TOKEN": c.SlackAppToken, "SLACK_CLIENT_ID": c.SlackClientID, "SLACK_CLIENT_SECRET": c.SlackClientSecret,
			"DISCORD_TOKEN": c.DiscordToken,
		} {
			if got != "xapp-from-the-file-of-"+name {
				t.Errorf("%s is %q", name, got)
			}
		}
	})

	t.Run("defaults", func(t *testing.T) {
		t.Parallel()
		alone, err := readConfig([]string{"XDG_DATA_HOME=/home/rui/.data"})
		if err != nil {
			t.Fatal(err)
		}
		if alone.Listen != "127.0.0.1:8080" || !alone.playgroundOn() || alone.Undo != 5*time.Minute || alone.RequestsPerDay != 5 || alone.RequestGap != 30*time.Second {
			t.Errorf("with nothing set: %+v", alone)
		}
		want := "/home/rui/.data/heed"
		if os.Geteuid() == 0 {
			want = "/var/lib/heed"
		}
		if alone.DataDir != want {
			t.Errorf("the data would go to %s, want %s", alone.DataDir, want)
		}
		slack := []string{"SLACK_BOT_TOKEN=xoxb-fake", "SLACK_SIGNING_SECRET=fake"}
		connected, err := readConfig(slack)
		if err != nil || connected.Listen != ":8080" || connected.playgroundOn() || connected.SlackAPIURL != "https://slack.com/api/" {
			t.Errorf("with Slack: %v, %v, %v", connected.Listen, connected.playgroundOn(), err)
		}
		discord, err := readConfig([]string{"DISCORD_TOKEN=fake.discord.token"})
		if err != nil || discord.Listen != ":8080" || discord.playgroundOn() || discord.DiscordAPIURL != "https://discord.com/api/v10/" {
			t.Errorf("with Discord: %v, %v, %v", discord.Listen, discord.playgroundOn(), err)
		}
		both, err := readConfig(append(slack, "HEED_PLAYGROUND=on"))
		if err != nil || both.Listen != "127.0.0.1:8080" || !both.playgroundOn() {
			t.Errorf("with both: %v, %v, %v", both.Listen, both.playgroundOn(), err)
		}
	})
}

package web_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/collectors"

	"heed/adapters/web"
	"heed/bot"
)

const opsFolder = "../../docs/ops"

var (
	figureName = regexp.MustCompile(`\b(?:heed|go|process)_[a-z0-9_]+`)
	alertName  = regexp.MustCompile(`(?m)^ *- alert: (\w+)$`)
	ruleText   = regexp.MustCompile(`(?m)^ *(?:runbook_url|summary|- name):.*$|^ *#.*$`)
	typeLine   = regexp.MustCompile(`(?m)^# TYPE (\S+) (\S+)$`)
)

// fullScrape is a scrape with everything in it that Heed can show.
func fullScrape(t *testing.T) string {
	t.Helper()
	m := web.NewMetrics("1")
	m.Heard(bot.Slack, "vote")
	m.Acked(bot.Slack, "vote", bot.AckKept, time.Millisecond)
	m.Grouped(1)
	m.Posted(bot.Slack, bot.PostCard, "")
	pool := sql.OpenDB(nil)
	t.Cleanup(func() { _ = pool.Close() })
	return scrape(t, m.Handler(slog.New(slog.DiscardHandler),
		web.NewFigures(func(context.Context) (bot.Figures, error) {
			return bot.Figures{Workspaces: []bot.WorkspaceFigures{{Platform: bot.Slack, Active: 1}}}, nil
		}, nil),
		web.NewHearing(func() map[bot.Platform]bool { return map[bot.Platform]bool{bot.Slack: true} }),
		collectors.NewDBStatsCollector(pool, "heed")))
}

// allFigures are the names in a scrape, with what a histogram makes of its own.
func allFigures(text string) map[string]bool {
	out := map[string]bool{}
	for _, m := range typeLine.FindAllStringSubmatch(text, -1) {
		out[m[1]] = true
		if m[2] == "histogram" {
			out[m[1]+"_bucket"], out[m[1]+"_sum"], out[m[1]+"_count"] = true, true, true
		}
	}
	return out
}

func readOps(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(opsFolder, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// board is what a dashboard asks for.
type board struct {
	Panels []struct {
		Title   string
		Type    string
		Targets []struct{ Expr string }
	}
}

func dashboard(t *testing.T) (b board) {
	t.Helper()
	if err := json.Unmarshal([]byte(readOps(t, "dashboard.json")), &b); err != nil {
		t.Fatal(err)
	}
	return b
}

// asRules writes what the dashboard asks for as a file of rules.
func asRules(t *testing.T, b board) string {
	t.Helper()
	var out strings.Builder
	out.WriteString("groups:\n- name: dashboard\n  rules:\n")
	for i, p := range b.Panels {
		for _, target := range p.Targets {
			expr := strings.ReplaceAll(target.Expr, "$__rate_interval", "5m")
			fmt.Fprintf(&out, "  - record: panel%d\n    expr: %q\n", i, expr)
		}
	}
	name := filepath.Join(t.TempDir(), "dashboard.yml")
	if err := os.WriteFile(name, []byte(out.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestOps(t *testing.T) {
	t.Parallel()
	text := fullScrape(t)
	known := allFigures(text)

	t.Run("the_dashboard_shows_figures_that_exist", func(t *testing.T) {
		t.Parallel()
		for _, p := range dashboard(t).Panels {
			if len(p.Targets) == 0 && p.Type != "row" {
				t.Errorf("%q shows nothing", p.Title)
			}
			for _, target := range p.Targets {
				names := figureName.FindAllString(target.Expr, -1)
				if len(names) == 0 {
					t.Errorf("%q asks for no figure: %s", p.Title, target.Expr)
				}
				for _, name := range names {
					if !known[name] {
						t.Errorf("%q asks for %s, which Heed does not show", p.Title, name)
					}
				}
			}
		}
	})

	t.Run("the_rules_watch_figures_that_exist", func(t *testing.T) {
		t.Parallel()
		rules := ruleText.ReplaceAllString(readOps(t, "alerts.yml"), "")
		names := figureName.FindAllString(rules, -1)
		if len(names) < 10 {
			t.Fatalf("only %d figures in the rules", len(names))
		}
		for _, name := range names {
			if !known[name] {
				t.Errorf("a rule watches %s, which Heed does not show", name)
			}
		}
	})

	t.Run("each_alert_and_each_figure_stands_on_the_page", func(t *testing.T) {
		t.Parallel()
		page := readOps(t, "README.md")
		alerts := alertName.FindAllStringSubmatch(readOps(t, "alerts.yml"), -1)
		if len(alerts) < 10 {
			t.Fatalf("only %d alerts", len(alerts))
		}
		for _, a := range alerts {
			if !strings.Contains(page, "\n### "+a[1]+"\n") {
				t.Errorf("nothing is said about %s", a[1])
			}
			if !strings.Contains(readOps(t, "alerts.yml"), "README.md#"+strings.ToLower(a[1])+"\n") {
				t.Errorf("%s does not lead to its paragraph", a[1])
			}
		}
		for name := range known {
			base := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(name, "_bucket"), "_sum"), "_count")
			if strings.HasPrefix(name, "heed_") && !strings.Contains(page, "`"+base+"`") && !strings.Contains(page, "`"+base+"{") {
				t.Errorf("nothing is said about %s", name)
			}
		}
	})

	t.Run("promtool_takes_it_all_where_it_is_there", func(t *testing.T) {
		t.Parallel()
		promtool, err := exec.LookPath("promtool")
		if err != nil {
			t.Log("promtool is not on this machine; the tests beside this one hold without it")
			return
		}
		for _, args := range [][]string{
			{"check", "rules", filepath.Join(opsFolder, "alerts.yml")},
			{"check", "rules", asRules(t, dashboard(t))},
			{"check", "metrics"},
		} {
			check := exec.CommandContext(t.Context(), promtool, args...) // #nosec G204 -- ours
			check.Stdin = strings.NewReader(text)
			if out, err := check.CombinedOutput(); err != nil {
				t.Errorf("promtool %v: %v\n%s", args, err, out)
			}
		}
	})
}

package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"heed/bot"
)

// dump is everything that the database holds, a line a row with its table in front.
func (w *world) dump() []string {
	w.t.Helper()
	var tables, out []string
	w.must(w.db.Select(&tables, `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`))
	var all []string
	for _, t := range tables {
		all = append(all, fmt.Sprintf("select '%[1]s ' || to_jsonb(t)::text from %[1]s t", t))
	}
	w.must(w.db.Select(&out, strings.Join(all, " union all ")))
	slices.Sort(out)
	return out
}

// differ are the rows that only one of two dumps has.
func differ(before, after []string) []string {
	count := map[string]int{}
	for _, r := range before {
		count[r]--
	}
	for _, r := range after {
		count[r]++
	}
	var out []string
	for r, n := range count {
		if n != 0 {
			out = append(out, fmt.Sprintf("%+d %s", n, r))
		}
	}
	slices.Sort(out)
	return out
}

// deed is one act, as it can be sent again.
type deed struct {
	what string
	do   func() (bot.Reply, error)
}

// day is a board and what was done on it, in order.
type day struct {
	*world
	deeds []deed
}

// does does it, as its person does, and keeps it. A second passes.
func (d *day) does(what string, act func() (bot.Reply, error)) bot.Reply {
	d.t.Helper()
	r, err := act()
	if err != nil {
		d.t.Errorf("%s: %v", what, err)
	}
	d.deeds = append(d.deeds, deed{what, act})
	d.clock.move(time.Second)
	return r
}

// untimed is an act of which the platform does not say when it was, as Slack's commands.
func (d *day) untimed(who, channel string) bot.Call {
	c := d.by(who, channel)
	c.At, c.Sent = time.Time{}, c.At
	return c
}

func (d *day) types(who, line string) bot.Reply {
	d.t.Helper()
	name, text, _ := strings.Cut(line, " ")
	call := d.untimed(who, "C1")
	return d.does(line, func() (bot.Reply, error) { return d.bot.Command(d.t.Context(), call, name, text) })
}

func (d *day) pushes(who string, a bot.Action) bot.Reply {
	d.t.Helper()
	call := d.by(who, "C1")
	return d.does("press "+string(a), func() (bot.Reply, error) { return d.bot.Press(d.t.Context(), call, a) })
}

func (d *day) sendsForm(who string, s bot.Submission) bot.Reply {
	d.t.Helper()
	call := d.untimed(who, "C1")
	call.Delivery, call.Key = call.Key, "form:"+s.Form+s.State
	return d.does("form "+s.Form, func() (bot.Reply, error) { return d.bot.Submit(d.t.Context(), call, s) })
}

// again sends all that was done again.
func (d *day) again() {
	d.t.Helper()
	before := d.dump()
	for some := range slices.Chunk(d.deeds, 10) {
		var names []string
		for _, x := range some {
			names = append(names, x.what)
			d.clock.move(time.Second) // or it would be too fast for a person
			if _, err := x.do(); err != nil {
				d.t.Errorf("%s again: %v", x.what, err)
			}
		}
		after := d.dump()
		if diff := differ(before, after); len(diff) > 0 {
			d.t.Errorf("one of %s, sent again, changed\n%s", strings.Join(names, ", "), strings.Join(diff, "\n"))
		}
		before = after
	}
}

// TestReplayOfEverything has every command, button and form there is done once, most of
// them undone by a later one, and then all of them sent again by somebody who recorded
// them: not a row changes.
func TestReplayOfEverything(t *testing.T) {
	t.Parallel()
	d := &day{world: newWorld(t)}
	d.chat.members["UZOE"] = bot.MemberSeen{Account: "UZOE", Name: "Zoe", Admin: true, Complete: true}
	for _, line := range []string{
		"/feedback Dark mode, please", "/feedback Export the ledger as CSV", "/feedback Undo a delete", "/feedback Invoices as PDF", "/feedback dark mode pleas", "/feedback staus 1",
		"/heed role <@UZOE> pm", "/heed role <@UZOE> po", "/heed role <@UANA> pm", "/heed role <@UANA> pm off",
		"/heed vote 2", "/heed unvote 2", "/heed vote 3", "/heed follow 2", "/heed unfollow 2", "/heed follow 3",
		"/heed status 1 planned", "/heed status 1 started", "/heed status 1 under review", "/heed tag 1 onboarding", "/heed untag 1 onboarding", "/heed tag 1 billing",
		"/heed merge 3 into 2", "/heed unmerge 3", "/heed retitle 1 Dark theme", "/heed retitle 1 Dark mode", "/heed audience 2 community", "/heed audience 2 team",
		"/heed hide 4", "/heed hide 4 off", "/heed roadmap 1 later", "/heed roadmap 1 off", "/heed stop-notes", "/heed start-notes",
		"/heed channel intake off", "/heed channel intake on", "/heed channel announce on", "/heed channel announce off",
		"/heed digest here", "/heed digest off", "/heed digest here 0 9 * * 2 Berlin", "/heed block <@URUI> 3", "/heed block <@URUI> off", "/heed audience team",
		"/heed top pin", "/heed top pin off", "/heed link", "/heed link-me", "/promote 1", "/ship 1", "/backlog", "/heed withdraw 4", "/heed held", "/heed doctor",
	} {
		d.types("UZOE", line)
	}
	d.again()
	promote := d.says("UZOE", "C1", "/promote 1").(bot.Ask).Form
	d.sendsForm("UZOE", bot.Submission{Form: promote.ID, State: promote.State, Values: map[string]string{"i_want": "a dark mode", "criteria": "It is dark."}})
	for i, a := range slices.Concat(everyPress(1, 1), everyPress(2, 2), everyPress(2, 1), everyPress(3, 5)) {
		if verb, _ := a.Parts(); verb == "leaveboard" || verb == "sendaway" {
			continue
		}
		d.pushes("UZOE", a)
		if i%40 == 0 { // and the other way again, so that a repeat would show
			d.types("UZOE", "/heed status 2 started")
			d.types("UZOE", "/heed status 2 under review")
		}
	}
	for n := 1; n <= 3; n++ {
		for _, s := range everySubmit(n, n) {
			d.sendsForm("UZOE", s)
		}
	}
	d.types("UZOE", "/heed status 2 planned")
	d.types("UZOE", "/heed channel intake off")
	d.types("UZOE", "/heed role <@UANA> admin")
	d.again()
}

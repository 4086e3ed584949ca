package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heed/bot"
)

// secretName stands in the names of the team's people: the community reads it only
// where they have an account.
const secretName = "TEAMNAME"

// sharedBoard is one board of a Slack team and a Discord community, on which a random
// story happens. C1 is the team's, C2 a customer's in Slack, D1 and D2 the community's.
type sharedBoard struct {
	*world
	rt    *rapid.T
	guild bot.Workspace
	said  []string // what was done so far
	count int      // items
}

const (
	ana, ben, rui, mira = secretName + "-ana", secretName + "-ben", secretName + "-rui", secret + "-mira"
)

func newSharedBoard(t *testing.T, rt *rapid.T) *sharedBoard {
	w := newWorld(t)
	s := &sharedBoard{world: w, rt: rt}
	w.exec(`update channels set name = $1, customer = $2 where channel_ref = 'C1'`, secret+"-room", secret+" Corp")
	w.channel("C2", func(c *bot.Channel) {
		c.Audience, c.Intake, c.Joined, c.Announce, c.Customer = bot.Community, true, true, true, secret+" Corp"
	})
	w.exec(`update channels set name = $1 where channel_ref = 'C2'`, "ext-"+secretName)
	w.roles(ana+" pm", ben+" po", ana+" admin")
	s.guild = w.joinGuild()
	w.guildChannel(s.guild, "D2", bot.Community, func(c *bot.Channel) { c.Announce = true })
	s.guildSays("lena", "D1", "/heed help")
	s.guildSays("anaplays", "D1", "/heed help")
	return s
}

// in is a Slack command with the channels' own names.
func (s *sharedBoard) in(account, channel, line string) bot.Reply {
	s.t.Helper()
	name, text, _ := strings.Cut(line, " ")
	c := s.by(account, channel)
	c.Channel.Name = map[string]string{"C1": secret + "-room", "C2": "ext-" + secretName}[channel]
	r, err := s.bot.Command(s.t.Context(), c, name, text)
	s.must(err)
	return r
}

// unalike words sound nothing alike.
var unalike = strings.Fields("umbrella giraffe compass saxophone blanket volcano pepper lantern bicycle harbor violin cactus marble tunnel pigeon sandal turnip glacier trumpet walnut kettle meadow python quartz")

// wish is words that nobody has said yet.
func (s *sharedBoard) wish() string {
	i := len(s.said) % len(unalike)
	return fmt.Sprintf("%s beside %s", unalike[i], unalike[(i+7)%len(unalike)])
}

func (s *sharedBoard) pick(what string) int {
	return rapid.IntRange(1, max(s.count, 1)).Draw(s.rt, what)
}

// form sends the form of a reply, if it is one.
func (s *sharedBoard) form(account string, r bot.Reply, values map[string]string) bot.Reply {
	if _, ok := r.(bot.Ask); !ok {
		return r
	}
	return s.fills(account, "C1", r, values)
}

// step does one thing that people of the team or the community do.
func (s *sharedBoard) step() {
	n := s.pick("item")
	it := bot.Item{Audience: bot.Community}
	if s.count > 0 {
		it = s.numbered(n)
	}
	words := "in words for everyone"
	if it.Audience == bot.Team {
		words = secret + " among us"
	}
	press := func(account string, a bot.Action) bot.Reply {
		return must(s.bot.Press(s.t.Context(), s.by(account, "C1"), a))
	}
	steps := []func() string{
		func() string {
			s.in(rui, "C1", fmt.Sprintf("/feedback %s wants %s", secret, s.wish()))
			return "asked by the team"
		},
		func() string {
			s.in("omar", "C2", "/feedback "+s.wish())
			return "asked by a customer in Slack"
		},
		func() string {
			s.guildSays("lena", "D1", "/feedback "+s.wish())
			return "asked on Discord"
		},
		func() string {
			heard := bot.Heard{Message: fmt.Sprint("said", s.count, len(s.said)), Author: bot.MemberSeen{Account: rui, Name: rui}, Words: secret + " said " + s.wish(), Permalink: "https://chat.example/" + secret, At: s.clock.Now()}
			r := must(s.bot.Save(s.t.Context(), s.by(mira, "C1"), heard))
			s.form(mira, r, nil)
			return "saved"
		},
		func() string { // silence: similar words become items
			s.clock.move(16 * time.Minute)
			_, err := s.bot.HeldOnce(s.t.Context())
			s.must(err)
			return "waited"
		},
		func() string {
			s.form(ana, press(ana, bot.Act("publish", n)), map[string]string{"title": fmt.Sprint("Public thing ", n), "body": "Public words, " + s.wish()})
			return fmt.Sprint("published #", n)
		},
		func() string {
			a, b := s.pick("from"), s.pick("into")
			s.in(ana, "C1", fmt.Sprintf("/heed merge %d into %d", a, b))
			return fmt.Sprintf("merged #%d into #%d", a, b)
		},
		func() string { s.in(ana, "C1", fmt.Sprintf("/heed unmerge %d", n)); return fmt.Sprint("unmerged #", n) },
		func() string {
			st := rapid.SampledFrom([]string{"under review", "planned", "started", "declined", "needs info"}).Draw(s.rt, "status")
			readers := "team"
			if it.Shared() {
				words = secret + " among us"
				if rapid.Bool().Draw(s.rt, "for everyone") {
					readers, words = "community", "for everyone"
				}
			}
			if root, err := s.store.Item(s.t.Context(), s.ws.Board, it.Root); err == nil && root.ID != it.ID {
				return "nothing: it is merged"
			}
			r := s.in(ana, "C1", fmt.Sprintf("/heed status %d %s %s", n, st, words))
			s.form(ana, r, map[string]string{"readers": readers})
			return fmt.Sprintf("#%d %s", n, st)
		},
		func() string {
			if it.Root == it.ID && (it.Audience == bot.Team || it.Shared()) { // tags are those of the root
				s.in(ana, "C1", fmt.Sprintf("/heed tag %d %s-deal", n, strings.ToLower(secret)))
				s.in(ana, "C1", fmt.Sprintf("/heed retitle %d %s calls it so", n, secret))
			}
			return fmt.Sprint("tagged and retitled #", n)
		},
		func() string {
			if it.Shared() { // the author's words are the team's, whoever reads others
				words = secret + " among us"
			}
			s.form(rui, s.in(rui, "C1", fmt.Sprintf("/heed edit %d", n)), map[string]string{"words": words + ", now", "title": words})
			return fmt.Sprint("edited #", n)
		},
		func() string {
			if it.Shared() || it.Root != it.ID && it.ID != 0 {
				words = "for everyone"
			}
			if root, err := s.store.Item(s.t.Context(), s.ws.Board, it.Root); err == nil && root.Audience == bot.Team {
				words = secret + " has it"
			}
			s.form(ben, s.in(ben, "C1", fmt.Sprintf("/ship %d", n)), map[string]string{"note": words})
			return fmt.Sprint("shipped #", n)
		},
		func() string {
			s.in(ana, "C1", fmt.Sprintf("/heed audience %d team", n))
			return fmt.Sprintf("#%d made the team's", n)
		},
		func() string {
			var entries []int64
			s.must(s.db.Select(&entries, `select entry_id from history where item_id is not null and act in ('shared', 'audience', 'status', 'declined', 'needs_info', 'took_in', 'tagged', 'shipped') and undone_at is null order by entry_id desc limit 3`))
			for _, e := range entries {
				// What was opened again by an undo was open before.
				press(ana, bot.Act("undo", e))
			}
			return "undone"
		},
		func() string {
			s.in(ana, "C1", fmt.Sprintf("/heed hide %d %s", n, secret))
			return fmt.Sprint("hid #", n)
		},
		func() string {
			s.in(ana, "C1", fmt.Sprintf("/heed hide %d off", n))
			return fmt.Sprint("brought back #", n)
		},
		func() string {
			for _, voter := range []string{mira, rui} {
				press(voter, bot.Act("vote", n))
			}
			s.guildPresses("lena", "D1", bot.Act("follow", n))
			return fmt.Sprint("votes for #", n)
		},
		func() string { // Ana shares and looks around on Discord, where she has an account too
			m, err := s.store.MemberByAccount(s.t.Context(), s.ws.Board, s.ws.ID, ana)
			s.must(err)
			plays, err := s.store.MemberByAccount(s.t.Context(), s.ws.Board, s.guild.ID, "anaplays")
			s.must(err)
			if plays.Person != m.Person {
				s.must(s.store.LinkMember(s.t.Context(), s.ws.Board, plays.ID, m.Person, s.clock.Now()))
			}
			for _, a := range []bot.Action{bot.Act("share", "item", n), bot.Act("share", "items", 1, 2, 3, 4, 5), "share top", "share roadmap"} {
				s.guildPresses("anaplays", "D1", a)
			}
			return "shared on Discord"
		},
		func() string {
			s.clock.move(13 * time.Hour)
			s.news()
			return "half a day"
		},
		func() string {
			_, err := s.bot.DigestAt(s.t.Context(), acmeGuild, s.clock.Now().Add(time.Minute), false)
			s.must(err)
			return "digest"
		},
	}
	publish := func() {
		s.form(ana, press(ana, bot.Act("publish", n)), map[string]string{"title": fmt.Sprint("Public thing ", n), "body": "Public words, " + s.wish()})
	}
	// What was said among the team a moment before it is opened is on its way then.
	steps = append(steps, func() string {
		if it.Audience == bot.Team && it.Root == it.ID {
			s.in(ana, "C1", fmt.Sprintf("/heed merge %d into %d", s.pick("from"), n))
			s.form(ben, s.in(ben, "C1", fmt.Sprintf("/ship %d", n)), map[string]string{"note": secret + " has it"})
			publish()
			s.clock.move(10 * time.Minute)
			s.news()
		}
		return fmt.Sprintf("shipped and published #%d", n)
	}, func() string {
		if it.Audience == bot.Team && it.Root == it.ID {
			s.in(ana, "C1", fmt.Sprintf("/heed merge %d into %d", s.pick("from"), n))
			s.in(ana, "C1", fmt.Sprintf("/heed status %d declined %s can do without", n, secret))
			publish()
			s.clock.move(10 * time.Minute)
			s.news()
		}
		return fmt.Sprintf("taken in, declined and published #%d", n)
	}, func() string {
		if it.Audience == bot.Team && it.Root == it.ID {
			s.in(ana, "C1", fmt.Sprintf("/heed status %d needs info which %s", n, secret))
			r := s.in(ana, "C1", fmt.Sprintf("/heed status %d planned", n))
			publish()
			for _, b := range buttonsOf(r) {
				if b.Label == "Undo" {
					press(ana, b.Action)
				}
			}
		}
		return fmt.Sprintf("asked about, planned, published and put back #%d", n)
	}, func() string {
		if it.Root == it.ID && it.Audience == bot.Team && !it.Shared() { // in words that everyone may read, then
			s.form(rui, s.in(rui, "C1", fmt.Sprintf("/heed edit %d", n)), map[string]string{"words": "Fit for everyone", "title": "Fit for everyone"})
			s.in(ana, "C1", fmt.Sprintf("/heed retitle %d Fit for everyone %d", n, n))
			s.in(ana, "C1", fmt.Sprintf("/heed untag %d %s-deal", n, strings.ToLower(secret)))
			s.in(ana, "C1", fmt.Sprintf("/heed status %d under review", n))
			if it = s.numbered(n); !strings.Contains(strings.ToUpper(fmt.Sprint(it.Title, it.Body, it.Reason, it.Tags)), secret) {
				s.in(ana, "C1", fmt.Sprintf("/heed audience %d community", n))
			}
		}
		return fmt.Sprintf("made fit for everyone and opened #%d", n)
	})
	i := rapid.IntRange(0, len(steps)-1).Draw(s.rt, "step")
	if s.count < 3 { // one of each kind to begin with
		i = s.count
	}
	s.said = append(s.said, steps[i]())
	s.count = s.number(`select count(*) from items where board_id = $1`, s.ws.Board)
}

// check fails when anything that the community is shown holds what is the team's.
func (s *sharedBoard) check(what, said string, markers ...string) {
	s.t.Helper()
	for _, m := range markers {
		if i := strings.Index(strings.ToUpper(said), m); i >= 0 {
			s.rt.Fatalf("%s tells of the team's, after: %s\n%s", what, strings.Join(s.said, "; "), said)
		}
	}
}

func (s *sharedBoard) checkPosts() {
	s.t.Helper()
	s.settled()
	for _, channel := range []string{"D1", "D2", "Dlena"} {
		for _, c := range s.world.guild.in(channel) {
			s.check("a post on Discord", fmt.Sprintf("%T %+v", c, c), secret, secretName)
		}
	}
	for _, c := range s.chat.in("C2") { // there they know Ana
		s.check("a post to the customer in Slack", fmt.Sprintf("%T %+v", c, c), secret)
	}
}

// checkReaders has a member of each community try everything.
func (s *sharedBoard) checkReaders() {
	lines := []string{"/heed top", "/heed mine", "/heed search thing", "/heed search umbrella", "/heed search wants", "/heed search among us", "/roadmap", "/heed my-data", "/heed held", "/feedback wants umbrella beside lantern", "/feedback giraffe beside bicycle",
		"/heed digest", "/heed digest preview", "/heed digest here", "/heed channel", "/heed channel intake", "/heed settings", "/heed doctor", "/backlog", "/promote 1", "/ship 1", "/heed triage", "/heed role <@lena> pm", "/heed help"}
	for n := 1; n <= s.count; n++ {
		lines = append(lines, fmt.Sprintf("/heed show %d", n))
	}
	for _, line := range lines {
		r := s.guildSays("lena", "D1", line)
		s.check(line, answer(r), secret, secretName)
		for _, b := range buttonsOf(r) {
			if b.URL != "" || strings.HasPrefix(string(b.Action), "forget") || strings.HasPrefix(string(b.Action), "withdraw") {
				s.check(line, b.URL, secret, secretName)
				continue
			}
			s.check(line+" ["+b.Label+"]", answer(s.guildPresses("lena", "D1", b.Action)), secret, secretName)
		}
		guest := s.by("guest", "C2")
		guest.Member = bot.MemberSeen{Account: "guest", Name: "Guest", Guest: true, Complete: true}
		name, text, _ := strings.Cut(line, " ")
		s.check(line+" by a guest", answer(must(s.bot.Command(s.t.Context(), guest, name, text))), secret)
	}
	for n := 1; n <= s.count; n++ {
		for _, a := range append(everyPress(n, n), bot.Act("publish", n), bot.Act("discuss", n)) {
			if strings.HasPrefix(string(a), "withdrawnow") || strings.HasPrefix(string(a), "unask") {
				continue // lena's own stay
			}
			s.check(string(a), answer(s.guildPresses("lena", "D1", a)), secret, secretName)
		}
		for _, f := range append(everySubmit(n, n), bot.Submission{Form: "publish", State: fmt.Sprint(n), Values: map[string]string{"title": "forged"}}) {
			s.check("form "+f.Form, answer(must(s.bot.Submit(s.t.Context(), s.onGuild("lena", "D1"), f))), secret, secretName)
		}
	}
	for _, verb := range []bot.Verb{bot.VerbFeedback, bot.VerbShow, bot.VerbVote, bot.VerbEdit, bot.VerbMerge, bot.VerbUnvote} {
		u, _ := bot.UsageOf(verb)
		for _, p := range u.Params {
			for _, typed := range []string{"", "umbrella", "wants", "1", strings.ToLower(secret[:5])} {
				s.check(fmt.Sprintf("suggested for %s %q", verb, typed), fmt.Sprint(s.bot.Suggest(s.t.Context(), s.onGuild("lena", "D1"), verb, p.Name, typed)), secret, secretName)
			}
		}
	}
	home := must2(s.bot.Home(s.t.Context(), s.onGuild("lena", "")))
	s.check("home", home.Doc.Plain(), secret, secretName)
}

func must2[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TestNothingOfTheTeamsReachesAnotherChat tells random stories on a board that a team's
// Slack and a community's Discord share.
func TestNothingOfTheTeamsReachesAnotherChat(t *testing.T) {
	t.Parallel()
	boards, cards := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		if boards++; boards > 10 { // as many as a test may take time for
			return
		}
		s := newSharedBoard(t, rt)
		defer func() { _ = s.db.Close() }() // ten boards' connections are many
		for range rapid.IntRange(10, 30).Draw(rt, "steps") {
			s.step()
			s.checkPosts()
		}
		s.checkReaders()
		s.checkPosts()
		cards += len(cardsIn(s.world.guild, "D1"))
	})
	if cards == 0 {
		t.Error("no card stood on Discord")
	}
}

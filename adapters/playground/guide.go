package playground

import (
	"strconv"
	"sync"

	"heed/bot"
)

// The guided first minute, step by step. Each step is entered by something that
// really happened; nothing waits for it and nothing is undone by leaving it.
const (
	stepStart    = "start"    // Rui has "/feedback dark mode" typed
	stepSimilar  = "similar"  // Heed found the same wish and asks
	stepVoted    = "voted"    // his vote counts
	stepDigest   = "digest"   // the team read about it
	stepPromoted = "promoted" // it is in the backlog
	stepShipped  = "shipped"  // the news wait for Undo
	stepTold     = "told"     // Rui has his note
)

// guideAccount is who begins the path and hears the news at its end.
const guideAccount = "rui"

// guide follows the path. Safe for concurrent use.
type guide struct {
	on bool

	mu   sync.Mutex
	step string
	item int // the item that the path is about; 0 until it is known
}

// guided is where the path stands, for the page.
type guided struct {
	Step string `json:"step"` // "": no path
	Item int    `json:"item,omitempty"`
}

func (g *guide) restart() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.step, g.item = "", 0
	if g.on {
		g.step = stepStart
	}
}

func (g *guide) now() guided {
	g.mu.Lock()
	defer g.mu.Unlock()
	return guided{g.step, g.item}
}

// enter goes to a step when the path stands at one of those before it.
func (g *guide) enter(step string, item int, from ...string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, f := range from {
		if g.step == f {
			g.step = step
			if item != 0 {
				g.item = item
			}
			return true
		}
	}
	return false
}

// answered is told what a person was answered.
func (g *guide) answered(who Person, reply bot.Reply) bool {
	say, ok := reply.(bot.Say)
	if !ok || who.Account != guideAccount {
		return false
	}
	for _, b := range say.Doc {
		buttons, _ := b.(bot.Buttons)
		for _, x := range buttons {
			if verb, args := x.Action.Parts(); verb == "same" {
				return g.enter(stepSimilar, actionItem(args), stepStart, stepSimilar)
			}
		}
	}
	return false
}

// pressed is told that a button of the core's was pressed and it did what it says.
func (g *guide) pressed(who Person, a bot.Action) bool {
	verb, args := a.Parts()
	if who.Account != guideAccount || verb != "same" && verb != "vote" {
		return false
	}
	return g.enter(stepVoted, actionItem(args), stepStart, stepSimilar)
}

// sent is told that a form which was opened by a command or press was taken.
func (g *guide) sent(opened string) bool {
	switch opened {
	case "promote":
		return g.enter(stepPromoted, 0, stepDigest)
	case "ship":
		return g.enter(stepShipped, 0, stepDigest, stepPromoted)
	}
	return false
}

// posted is told that Heed posted something.
func (g *guide) posted(c bot.Content, r room) bool {
	switch c.(type) {
	case bot.Digest:
		return g.enter(stepDigest, 0, stepVoted)
	case bot.Direct:
		return r.Account == guideAccount && g.enter(stepTold, 0, stepShipped)
	}
	return false
}

// actionItem is the item's number in "vote 42" and "same HELD 42": the last argument.
func actionItem(args []string) int {
	if len(args) == 0 {
		return 0
	}
	n, err := strconv.Atoi(args[len(args)-1])
	if err != nil {
		return 0
	}
	return n
}

// guideSaw tells the page when the path went on.
func (a *Adapter) guideSaw(saw func(*guide) bool) {
	if saw(a.guide) {
		a.hub.publish(event{Name: eventGuide, Data: a.guide.now()})
	}
}

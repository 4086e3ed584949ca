package discord

import (
	"context"
	"strconv"
	"time"

	"heed/bot"
)

// suggestPatience is how long a person who types waits for suggestions; Discord gives
// up after three seconds.
const suggestPatience = 2 * time.Second

// complete offers what the option that is being typed may become. Whatever goes wrong,
// the person can go on typing.
func (a *Adapter) complete(ctx context.Context, i interaction) {
	verb, _, focused := i.command()
	var found []bot.Suggestion
	if w, ok := a.home(ctx, i); ok {
		asking, cancel := context.WithTimeout(ctx, suggestPatience)
		defer cancel()
		var err error
		found, err = bot.Within(asking, bot.Begin(a.asks, func() ([]bot.Suggestion, error) {
			return a.core.Suggest(asking, i.call(w), verb, focused.Name, focused.text()), nil
		}))
		if err != nil {
			a.failed(ctx, "autocomplete", err)
		}
	}
	a.answered(ctx, "autocomplete", a.respond(ctx, i, answer{answerSuggestions, suggestions{offered(found, focused.Type)}}))
}

// offered are suggestions as Discord takes them: numbers where the option is one.
func offered(found []bot.Suggestion, kind int) []appChoice {
	out := []appChoice{}
	for _, s := range found {
		c := appChoice{Name: orDash(fitUnits(s.Label, maxChoiceName)), Value: s.Value}
		if kind == optionInteger {
			n, err := strconv.Atoi(s.Value)
			if err != nil {
				continue
			}
			c.Value = n
		}
		if s.Value == "" || units(s.Value) > maxChoiceName || len(out) == maxChoices {
			continue
		}
		out = append(out, c)
	}
	return out
}

// fitUnits is s, cut with a mark to what Discord may count as limit.
func fitUnits(s string, limit int) string {
	for most := limit; units(s) > limit; most-- {
		s = cut(s, most)
	}
	return s
}

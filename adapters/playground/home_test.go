package playground_test

import (
	"context"

	"heed/bot"
)

// withHome is the core with a home page.
type withHome struct{ *bot.Bot }

func (withHome) Home(context.Context, bot.Call) (bot.Home, error) {
	return bot.Home{Doc: bot.Doc{bot.Para{Text: bot.Textf("Home")}}}, nil
}

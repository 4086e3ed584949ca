package discord

import (
	"heed/bot"
)

// drawCard renders an item as its channel sees it.
func drawCard(c bot.Card) message {
	return drawDoc(bot.Doc{bot.Para{Text: bot.Textf("*#%d %s*", c.Number, c.Title)}, bot.Buttons{
		{Label: "👍 Vote", Action: bot.Act("vote", c.Number), Style: bot.Primary}, {Label: "Details", Action: bot.Act("details", c.Number)},
	}})
}

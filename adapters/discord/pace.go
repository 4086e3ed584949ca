package discord

import (
	"time"

	"heed/bot"
)

// Pace keeps within Discord's limits: about five messages in five seconds a channel,
// 50 requests a second a bot over all its guilds.
// https://docs.discord.com/developers/topics/rate-limits#global-rate-limit
func (m *Messenger) Pace() bot.Pace {
	return bot.Pace{Channel: 1050 * time.Millisecond, Post: 50 * time.Millisecond, Change: 50 * time.Millisecond, Burst: 5}
}

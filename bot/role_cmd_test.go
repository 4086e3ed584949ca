package bot_test

import (
	"testing"

	"heed/bot"
)

func TestARoleForSomebodyNewIsGivenByName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.chat.members["zoe"] = bot.MemberSeen{Account: "zoe", Name: "Zoe", Admin: true, Complete: true}
	w.chat.members["ana"] = bot.MemberSeen{Account: "ana", Name: "Ana", Complete: true}
	reads(t, w.says("zoe", "C1", "/heed role <@ana> pm"), "Ana is a product manager now")
	reads(t, w.says("zoe", "C1", "/heed role <@nobody> po"), "is a product owner now")
}

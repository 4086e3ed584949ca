package discord

import (
	"net/url"
	"strconv"

	"github.com/bwmarrin/discordgo"
)

// permissionPinMessages came after discordgo's list.
// https://docs.discord.com/developers/topics/permissions#permissions-bitwise-permission-flags
const permissionPinMessages = 1 << 51

// Permissions is what Heed asks for when it is invited; docs/discord.md says why for
// each bit. Heed goes on without any of them but the first two.
const Permissions int64 = discordgo.PermissionViewChannel |
	discordgo.PermissionSendMessages |
	discordgo.PermissionSendMessagesInThreads |
	discordgo.PermissionCreatePublicThreads |
	discordgo.PermissionManageThreads |
	discordgo.PermissionAttachFiles |
	discordgo.PermissionReadMessageHistory |
	discordgo.PermissionAddReactions |
	permissionPinMessages

// InviteURL is the page on which somebody with Manage Server lets the bot of an
// application in, with its commands.
func InviteURL(application string) string {
	return "https://discord.com/oauth2/authorize?" + url.Values{
		"client_id": {application}, "scope": {"bot applications.commands"}, "permissions": {strconv.FormatInt(Permissions, 10)},
	}.Encode()
}

package bot

// What people do in the chat itself has other names on each.

// saveWay is where a message's menu has "Save as feedback".
func saveWay(p Platform) string {
	if p == Discord {
		return "⋯ → Apps → Save as feedback"
	}
	return "⋯ → Save as feedback"
}

// threadWay is how words from a thread come to Heed. Slack runs no commands there.
func threadWay(p Platform) string {
	if p == Discord {
		return "On a message: " + saveWay(p) + "."
	}
	return "In a thread: " + saveWay(p) + ". Slash commands don't work there."
}

// letIn is what to do so that Heed is in a channel, as the end of a sentence.
func letIn(p Platform) string {
	if p == Discord {
		return "allow my role to View Channel, Send Messages and Read Message History in its settings, under Permissions"
	}
	return "type `/invite` and my name in it"
}

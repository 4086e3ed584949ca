package bot

// The verbs, in the order in which help lists them.
const (
	VerbFeedback   Verb = "feedback"
	VerbTop        Verb = "top"
	VerbMine       Verb = "mine"
	VerbSearch     Verb = "search"
	VerbShow       Verb = "show"
	VerbVote       Verb = "vote"
	VerbUnvote     Verb = "unvote"
	VerbFollow     Verb = "follow"
	VerbUnfollow   Verb = "unfollow"
	VerbEdit       Verb = "edit"
	VerbWithdraw   Verb = "withdraw"
	VerbHeld       Verb = "held"
	VerbRoadmap    Verb = "roadmap"
	VerbStatus     Verb = "status"
	VerbTag        Verb = "tag"
	VerbUntag      Verb = "untag"
	VerbMerge      Verb = "merge"
	VerbUnmerge    Verb = "unmerge"
	VerbTriage     Verb = "triage"
	VerbRetitle    Verb = "retitle"
	VerbAudience   Verb = "audience"
	VerbHide       Verb = "hide"
	VerbBlock      Verb = "block"
	VerbPromote    Verb = "promote"
	VerbBacklog    Verb = "backlog"
	VerbShip       Verb = "ship"
	VerbDigest     Verb = "digest"
	VerbChannel    Verb = "channel"
	VerbRole       Verb = "role"
	VerbSettings   Verb = "settings"
	VerbDoctor     Verb = "doctor"
	VerbLink       Verb = "link"
	VerbUnlink     Verb = "unlink"
	VerbStopNotes  Verb = "stop-notes"
	VerbStartNotes Verb = "start-notes"
	VerbLinkMe     Verb = "link-me"
	VerbMyData     Verb = "my-data"
	VerbForgetMe   Verb = "forget-me"
	VerbHelp       Verb = "help"
)

// Choices of the commands that take one.
const (
	ChoiceHere     = "here"
	ChoicePreview  = "preview"
	ChoiceOff      = "off"
	ChoiceIntake   = "intake"
	ChoiceDigest   = "digest"
	ChoiceAnnounce = "announce"
	ChoiceReview   = "review"
	ChoiceSaving   = "saving"
	ChoicePin      = "pin"
	ChoiceLater    = "later"
	ChoiceUp       = "up"
	ChoiceDown     = "down"
	ChoiceTop      = "top"
	ChoiceBottom   = "bottom"
)

// Shortcut is an action that a chat offers in a menu instead of by typing.
type Shortcut struct {
	Name string
	// OnMessage is true where it stands in a message's own menu.
	OnMessage bool
	Summary   string
}

// Shortcuts lists the menu actions. The name of the first is fixed: guides and
// every help text teach it.
func Shortcuts() []Shortcut {
	return []Shortcut{
		{Name: "Save as feedback", OnMessage: true, Summary: "Keep this message as a request, in its author's name"},
		{Name: "Give feedback", Summary: "Say what would make things better for you"},
	}
}

// Usages is the one table of commands, in the order of help. The slice is the
// caller's own.
func Usages() []Usage {
	pm, po, admin := []Role{PM}, []Role{PO}, []Role{Admin}
	item := Param{Name: "item", Kind: KindItem, Summary: "The request's number"}
	maybeItem := Param{Name: "item", Kind: KindItem, Optional: true, Summary: "The request's number"}
	off := Param{Name: "off", Kind: KindSwitch, Optional: true, Summary: "on, or off to take it back"}
	one := []Param{item}

	return []Usage{
		{Verb: VerbFeedback, Slash: true, Shows: true, Summary: "Say what would make things better for you",
			Params: []Param{
				{Name: "text", Kind: KindWords, Optional: true, Summary: "What you need, in your own words"},
				{Name: "picture", Kind: KindPicture, Optional: true, Summary: "A picture that shows it"},
			},
			Examples: []string{"dark mode, please", ""}},
		{Verb: VerbTop, Shows: true, Summary: "What people want most",
			Params: []Param{
				{Name: "count", Kind: KindCount, Optional: true, Summary: "How many, up to 50"},
				{Name: "live", Kind: KindChoice, Optional: true, Choices: []string{ChoicePin}, Summary: "pin keeps a live Top 10 in this channel"},
				off,
			},
			Examples: []string{"", "20", "pin", "pin off"}},
		{Verb: VerbMine, Shows: true, Summary: "What you asked for and voted for, and where it stands",
			Examples: []string{""}},
		{Verb: VerbSearch, Summary: "Find requests by words", Aliases: []string{"find"},
			Params:   []Param{{Name: "words", Kind: KindWords, Summary: "What to look for"}},
			Examples: []string{"dark mode"}},
		{Verb: VerbShow, Summary: "Everything about one request", Aliases: []string{"view", "details"},
			Params: one, Examples: []string{"42", "#42"}},
		{Verb: VerbVote, Summary: "Say that you want it too", Aliases: []string{"upvote"},
			Params: one, Examples: []string{"42"}},
		{Verb: VerbUnvote, Summary: "Take your vote back", Aliases: []string{"retract"},
			Params: one, Examples: []string{"42"}},
		{Verb: VerbFollow, Summary: "Hear when it moves, without a vote", Aliases: []string{"watch"},
			Params: one, Examples: []string{"42"}},
		{Verb: VerbUnfollow, Summary: "Stop hearing about it", Aliases: []string{"unwatch"},
			Params: one, Examples: []string{"42"}},
		{Verb: VerbEdit, Summary: "Change the words of your request",
			Params: one, Examples: []string{"42"}},
		{Verb: VerbWithdraw, Summary: "Take your request back", Aliases: []string{"delete", "remove"},
			Params: one, Examples: []string{"42"}},
		{Verb: VerbHeld, Shows: true, Summary: "What waits: for your choice, or for a moderator",
			Examples: []string{""}},
		{Verb: VerbRoadmap, Slash: true, Shows: true, Needs: pm, BareForAll: true, Summary: "What comes now, next and later",
			Params: []Param{
				maybeItem,
				{Name: "when", Kind: KindChoice, Optional: true, Choices: []string{ChoiceLater, ChoiceOff}, Summary: "later puts it on the roadmap, off takes it from there"},
			},
			Examples: []string{"", "42 later", "42 off"}},

		{Verb: VerbStatus, Needs: pm, Summary: "Say where a request stands", Aliases: []string{"state"},
			Params: []Param{
				item,
				{Name: "status", Kind: KindStatus, Summary: "Where it stands now"},
				{Name: "reason", Kind: KindWords, Optional: true, Summary: "Why; the people who asked will read it"},
			},
			Examples: []string{"42 planned", "42 in progress", "42 not planned too few people need it"}},
		{Verb: VerbTag, Needs: pm, Summary: "Put tags on a request", Aliases: []string{"label"},
			Params:   []Param{item, {Name: "tags", Kind: KindTags, Summary: "One tag or more: letters, digits and dashes"}},
			Examples: []string{"42 onboarding", "42 onboarding mobile"}},
		{Verb: VerbUntag, Group: "manage", Needs: pm, Summary: "Take tags from a request",
			Params:   []Param{item, {Name: "tags", Kind: KindTags, Summary: "One tag or more"}},
			Examples: []string{"42 onboarding"}},
		{Verb: VerbMerge, Needs: pm, Summary: "Make one of several requests that are the same",
			Params: []Param{
				{Name: "items", Kind: KindItems, Summary: "The numbers that go into the other"},
				{Name: "into", Kind: KindInto},
				{Name: "item", Kind: KindItem, Summary: "The number that stays"},
			},
			Examples: []string{"12 into 7", "12, 13 and 14 into 7"}},
		{Verb: VerbUnmerge, Group: "manage", Needs: pm, Summary: "Take a merge back: votes and words go home",
			Params: one, Examples: []string{"12"}},
		{Verb: VerbTriage, Shows: true, Needs: pm, Summary: "What waits for an answer, one by one",
			Examples: []string{""}},
		{Verb: VerbRetitle, Group: "manage", Needs: pm, Summary: "Give a request a clearer title", Aliases: []string{"rename"},
			Params:   []Param{item, {Name: "title", Kind: KindWords, Summary: "The new title"}},
			Examples: []string{"42 Dark mode that follows the system"}},
		{Verb: VerbAudience, Group: "manage", Needs: pm, Summary: "Who sees a request, or this channel: the team or the community",
			Params: []Param{
				maybeItem,
				{Name: "audience", Kind: KindAudience, Summary: "team or community"},
			},
			Examples: []string{"42 team", "community"}},
		{Verb: VerbHide, Group: "manage", Needs: []Role{PM, Admin}, Summary: "Take a request out of sight; off brings it back",
			Params: []Param{
				item, off,
				{Name: "reason", Kind: KindWords, Optional: true, Summary: "Why; kept for moderators"},
			},
			Examples: []string{"42 spam", "42 off"}},
		{Verb: VerbBlock, Needs: []Role{PM, Admin}, Summary: "Keep a member from giving feedback for a time; off ends it",
			Params: []Param{
				{Name: "member", Kind: KindMember, Summary: "Who"},
				off,
				{Name: "days", Kind: KindDays, Optional: true, Summary: "For how many days"},
				{Name: "reason", Kind: KindWords, Optional: true, Summary: "Why; kept for moderators"},
			},
			Examples: []string{"<@U0RUI|Rui> 7 days spam", "<@U0RUI|Rui> off"}},

		{Verb: VerbPromote, Slash: true, Needs: po, Summary: "Make a backlog story from a request, or a story of its own",
			Params: []Param{maybeItem}, Examples: []string{"42", ""}},
		{Verb: VerbBacklog, Slash: true, Shows: true, Needs: po, Summary: "What gets built, in order",
			Params: []Param{
				maybeItem,
				{Name: "move", Kind: KindChoice, Optional: true, Choices: []string{ChoiceUp, ChoiceDown, ChoiceTop, ChoiceBottom}, Summary: "Where it goes in the order"},
			},
			Examples: []string{"", "42 up", "42 top"}},
		{Verb: VerbShip, Slash: true, Needs: po, Summary: "Tell everyone who asked that it is here",
			Params: []Param{
				item,
				{Name: "note", Kind: KindWords, Optional: true, Summary: "What is new and how to try it"},
			},
			Examples: []string{"42", "42 Settings → Appearance → Dark"}},

		{Verb: VerbDigest, Shows: true, Needs: pm, BareForAll: true, Summary: "The regular summary: when it comes, and where",
			Params: []Param{
				{Name: "what", Kind: KindChoice, Optional: true, Choices: []string{ChoiceHere, ChoicePreview, ChoiceOff}, Summary: "here sends it to this channel, preview shows the next, off ends it"},
				{Name: "when", Kind: KindCron, Optional: true, Summary: "A cron spec, or a day and a time: monday 9:00"},
				{Name: "zone", Kind: KindZone, Optional: true, Summary: "A time zone or city: Europe/Berlin, Lisbon"},
			},
			Examples: []string{"here", "here 0 9 * * 1 Europe/Berlin", "here friday 16:00 Lisbon", "preview", "off", ""}},
		{Verb: VerbChannel, Shows: true, Needs: []Role{PM, Admin}, BareForAll: true, Summary: "What Heed uses this channel for",
			Params: []Param{
				{Name: "use", Kind: KindChoice, Optional: true, Choices: []string{ChoiceIntake, ChoiceDigest, ChoiceAnnounce, ChoiceReview, ChoiceSaving},
					Summary: "cards live here · digest · what shipped · a moderator looks first · all save others' words"},
				off,
				{Name: "whose", Kind: KindReview, Optional: true, Summary: "For review: whose words a moderator sees first"},
			},
			Examples: []string{"intake", "announce on", "digest off", "review newcomers", "saving on", ""}},
		{Verb: VerbRole, Needs: admin, Summary: "Say who decides: product managers, product owners, admins",
			Params: []Param{
				{Name: "member", Kind: KindMember, Summary: "Who"},
				{Name: "role", Kind: KindRole, Summary: "pm, po or admin"},
				off,
			},
			Examples: []string{"<@U0ANA|Ana> pm", "<@U0BEN|Ben> po", "<@U0BEN|Ben> po off"}},
		{Verb: VerbSettings, Group: "setup", Shows: true, Needs: admin, Summary: "How this board works",
			Examples: []string{""}},
		{Verb: VerbDoctor, Group: "setup", Shows: true, Needs: admin, Summary: "What is wrong, and how to mend it",
			Examples: []string{""}},
		{Verb: VerbLink, Needs: admin, Summary: "Share one board with another workspace; off leaves it again",
			Params: []Param{
				{Name: "code", Kind: KindCode, Optional: true, Summary: "The code that the other workspace was given"},
				{Name: "off", Kind: KindChoice, Choices: []string{ChoiceOff}, Optional: true, Summary: "off takes this workspace back to a board of its own"},
			},
			Examples: []string{"", "K7Q-4FX", "off"}},
		{Verb: VerbUnlink, Group: "setup", Needs: admin, Summary: "Take this workspace back to a board of its own, or send another away; asks first",
			Params:   []Param{{Name: "workspace", Kind: KindWords, Optional: true, Summary: "Another one that should leave: for admins where the board is at home"}},
			Examples: []string{"", "Acme fans"}},

		{Verb: VerbStopNotes, Group: "me", Summary: "No more direct messages from Heed, or none about one request", Aliases: []string{"unsubscribe"},
			Params: []Param{maybeItem}, Examples: []string{"", "42"}},
		{Verb: VerbStartNotes, Group: "me", Summary: "Hear from Heed in direct messages again", Aliases: []string{"subscribe"},
			Params: []Param{maybeItem}, Examples: []string{"", "42"}},
		{Verb: VerbLinkMe, Group: "me", Summary: "Join your own accounts, so that you have one vote everywhere",
			Params: []Param{
				{Name: "code", Kind: KindCode, Optional: true, Summary: "The code that your other account was given"},
				{Name: "off", Kind: KindChoice, Choices: []string{ChoiceOff}, Optional: true, Summary: "off parts them again"},
			},
			Examples: []string{"", "K7Q-4FX", "off"}},
		{Verb: VerbMyData, Group: "me", Shows: true, Summary: "Everything that Heed keeps about you",
			Examples: []string{""}},
		{Verb: VerbForgetMe, Group: "me", Summary: "Remove you and your name; asks first",
			Examples: []string{""}},
		{Verb: VerbHelp, Shows: true, Summary: "What you can do here, with examples",
			Params:   []Param{{Name: "command", Kind: KindVerb, Optional: true, Summary: "The command to explain"}},
			Examples: []string{"", "vote"}},
	}
}

package main

// demoWish is one request of the demo's board and what became of it. Days count
// back from the day the demo begins; a later status stands for all that led there.
type demoWish struct {
	days   int    // ago it was asked
	by     string // account
	in     string // channel
	words  string
	votes  int // by others, spread over the time since, most of them early
	late   int // votes of the last week besides
	tags   string
	steps  []demoStep
	same   int    // merged into this number
	quotes string // what somebody else said for it, in a thread that was saved
}

// demoStep is a change of status.
type demoStep struct {
	days   int
	status string // as /heed status takes it, or "ship"
	reason string
}

// demoBoard is the board in the order of asking, so that the last but two is #42.
var demoBoard = []demoWish{
	{days: 83, by: "lena", in: "support", words: "CSV export of the monthly report. Our accountant types it off the screen.", votes: 24, late: 1, tags: "export", steps: []demoStep{{70, "under_review", ""}, {41, "planned", ""}, {9, "started", ""}}},
	{days: 83, by: "ines", in: "ideas", words: "Keyboard shortcuts for the board. I live on the keyboard.", votes: 17, tags: "comfort", steps: []demoStep{{60, "planned", ""}, {33, "started", ""}, {20, "ship", "Press ? anywhere to see them all."}}},
	{days: 81, by: "jonas", in: "support", words: "Invoices as PDF by email, not only behind the login.", votes: 9, tags: "billing"},
	{days: 80, by: "priya", in: "ideas", words: "Faster search. It takes four seconds with our 20,000 parts.", votes: 21, tags: "speed", steps: []demoStep{{74, "under_review", ""}, {55, "started", ""}, {27, "ship", "Search answers while you type, also on very large boards."}}},
	{days: 78, by: "tomas", in: "support", words: "Let me undo a delete. I lost a whole list on Friday.", votes: 19, steps: []demoStep{{66, "planned", ""}, {30, "started", ""}, {13, "ship", "Deleted things wait 30 days in the bin."}}},
	{days: 77, by: "omar", in: "product", words: "A sandbox account for each sales call, reset every night.", votes: 2},
	{days: 75, by: "aiko", in: "ideas", words: "Calendar view for due dates.", votes: 13, late: 1, tags: "planning", steps: []demoStep{{50, "under_review", ""}}},
	{days: 74, by: "noor", in: "support", words: "Right-to-left layout for our office in Amman.", votes: 7, tags: "language", steps: []demoStep{{44, "under_review", ""}}},
	{days: 72, by: "felix", in: "ideas", words: "Saved filters that I can share with my team.", votes: 15, tags: "search", steps: []demoStep{{52, "planned", ""}, {24, "started", ""}, {6, "ship", "Filters → Save. Shared ones show up for your whole team."}}},
	{days: 71, by: "carla", in: "support", words: "Two people edit the same note and one of them loses. Please lock it or merge it.", votes: 12, late: 2, steps: []demoStep{{20, "planned", ""}}},
	{days: 69, by: "dmitri", in: "ideas", words: "A desktop app for Linux.", votes: 8, steps: []demoStep{{35, "declined", "The web app works offline now, and three of us can't keep another app healthy."}}},
	{days: 68, by: "yara", in: "support", words: "Reminders on the phone, ten minutes before a deadline.", votes: 11, tags: "mobile"},
	{days: 66, by: "hugo", in: "ideas", words: "Let guests comment without an account.", votes: 10, late: 1},
	{days: 64, by: "sanna", in: "support", words: "Bigger text. I am 61 and proud of it.", votes: 14, tags: "comfort", steps: []demoStep{{40, "planned", ""}, {10, "started", ""}}},
	{days: 63, by: "bo", in: "ideas", words: "Templates for recurring projects.", votes: 16, late: 1, tags: "planning", steps: []demoStep{{38, "under_review", ""}, {17, "planned", ""}}},
	{days: 61, by: "leila", in: "support", words: "Tell me when somebody mentions me, by email if I'm away.", votes: 6},
	{days: 60, by: "marek", in: "ideas", words: "An audit log of who changed what, for our yearly check.", votes: 9, late: 2, tags: "security", steps: []demoStep{{14, "under_review", ""}}},
	{days: 57, by: "mira", in: "product", words: "Show support which plan a customer is on.", votes: 3, steps: []demoStep{{30, "planned", ""}}},
	{days: 56, by: "tess", in: "support", words: "Attach photos from the camera without saving them first.", votes: 12, tags: "mobile", steps: []demoStep{{29, "started", ""}, {3, "ship", "The camera opens right in the note."}}},
	{days: 54, by: "kofi", in: "ideas", words: "Offline mode on trains.", votes: 8, tags: "mobile"},
	{days: 53, by: "elif", in: "support", words: "Prices in lira on the invoice.", votes: 3, tags: "billing"},
	{days: 51, by: "nils", in: "ideas", words: "Bulk edit: change the owner of fifty tasks at once.", votes: 3, late: 6, tags: "planning"},
	{days: 49, by: "rosa", in: "support", words: "Import from spreadsheets with a preview.", votes: 11, steps: []demoStep{{22, "under_review", ""}}},
	{days: 47, by: "sami", in: "ideas", words: "Emoji in task titles sort to the top. Please don't.", votes: 2},
	{days: 45, by: "vera", in: "support", words: "Printing cuts off the last column.", votes: 5, steps: []demoStep{{23, "needs_info", "Which browser, and on what paper size?"}}},
	{days: 43, by: "ivo", in: "ideas", words: "Time tracking per task, start and stop.", votes: 9},
	{days: 41, by: "juno", in: "support", words: "Export to a spreadsheet please, with the comments.", votes: 4, same: 1},
	{days: 39, by: "malik", in: "ideas", words: "Webhooks when a task is done.", votes: 7, late: 1, tags: "integration", steps: []demoStep{{12, "under_review", ""}}},
	{days: 37, by: "theo", in: "product", words: "A way to see churned customers' last requests.", votes: 1},
	{days: 36, by: "greta", in: "support", words: "The logout button sits where I expect Save.", votes: 6},
	{days: 33, by: "pavel", in: "ideas", words: "Sub-tasks inside sub-tasks.", votes: 4, steps: []demoStep{{18, "declined", "Two levels keep lists readable; most of you told us so in the interviews."}}},
	{days: 31, by: "zara", in: "support", words: "A status page I can show my boss.", votes: 5},
	{days: 28, by: "luca", in: "ideas", words: "Custom fields on the contact form.", votes: 6},
	{days: 26, by: "anya", in: "support", words: "Translate the app into Ukrainian.", votes: 5, tags: "language"},
	{days: 24, by: "dario", in: "ideas", words: "A dashboard that refreshes by itself on the office screen.", votes: 7},
	{days: 21, by: "freya", in: "support", words: "My avatar is always upside down.", votes: 2},
	{days: 18, by: "idris", in: "ideas", words: "API keys that expire.", votes: 4, tags: "security integration"},
	{days: 16, by: "katja", in: "support", words: "Show the week number in the date picker.", votes: 5},
	{days: 13, by: "milo", in: "ideas", words: "Let me pin three tasks to the top.", votes: 6},
	{days: 11, by: "nadia", in: "support", words: "Single sign-on with our identity provider. Security asks for it before they renew.", votes: 2, late: 12, tags: "security"},
	{days: 10, by: "sofia", in: "product", words: "Usage numbers for the quarterly review.", votes: 1},
	{days: 9, by: "lena", in: "support", words: "Dark mode that follows the system. White at midnight is a lighthouse.", votes: 20, late: 9, tags: "comfort", quotes: "I use it next to a sleeping baby.", steps: []demoStep{{5, "under_review", ""}}},
	{days: 4, by: "hugo", in: "ideas", words: "Quick add from the browser's address bar.", votes: 0, late: 3},
	{days: 2, by: "greta", in: "support", words: "Sort comments newest first.", votes: 0, late: 2},
}

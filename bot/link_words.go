package bot

import "strings"

// String is a freight as a sentence says it: "42 requests with 310 votes, 5 stories and
// 2 digests".
func (f Freight) String() string {
	if f.Items == 0 && f.Stories == 0 && f.Digests == 0 {
		return "no requests, there are none"
	}
	parts := []string{plural(f.Items, "request") + " with " + plural(f.Votes, "vote")}
	if f.Stories == 1 {
		parts = append(parts, "1 story")
	} else if f.Stories > 1 {
		parts = append(parts, thousands(f.Stories)+" stories")
	}
	if f.Digests > 0 {
		parts = append(parts, plural(f.Digests, "digest"))
	}
	return andList(parts)
}

// workspaceName is a workspace with its platform: "Acme (Slack)".
func workspaceName(w Workspace) string {
	name := w.Name
	if name == "" {
		name = w.Ref.Ref
	}
	return name + " (" + platformName(w.Ref.Platform) + ")"
}

// platformName is a platform as people write it.
func platformName(p Platform) string {
	return strings.ToUpper(string(p[:min(1, len(p))])) + string(p[min(1, len(p)):])
}

// workspaceNames joins workspaces for a sentence.
func workspaceNames(ws []Workspace) string {
	names := make([]string, len(ws))
	for i, w := range ws {
		names[i] = workspaceName(w)
	}
	return andList(names)
}

// readersThere says who reads what once a workspace shares a board with others.
func readersThere(w Workspace, others []Workspace) string {
	open := channelAudience(w.Ref.Platform) == Community
	inner, outer := "", ""
	for _, o := range append([]Workspace{w}, others...) {
		if channelAudience(o.Ref.Platform) == Community {
			outer = "what is said in " + workspaceName(o)
		} else {
			inner = "what " + workspaceName(o) + " says"
		}
	}
	switch {
	case inner != "" && outer != "":
		return inner + " stays with the team; " + outer + " is the community's, and the team reads it too. Each channel can say otherwise with `/heed audience`."
	case open:
		return "both sides are open to their communities, so each reads what the other asks. Team channels keep theirs."
	}
	return "both sides are the team, so each reads what the other asks. Guests and community channels see what was opened to them."
}

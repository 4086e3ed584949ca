package discordfake

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// fill checks the options as the client does and takes them in the order in which the
// command has them. While one is completed (focused), nothing is required.
func (l *leaf) fill(options Options, found *resolved, focused string) error {
	for name := range options {
		if l.option(name) == nil {
			return notOffered("no option %q", name)
		}
	}
	for _, spec := range l.specs {
		name := str(spec, "name")
		value, given := options[name]
		if !given {
			if spec["required"] == true && focused == "" {
				return notOffered("the option %q is required", name)
			}
			continue
		}
		sent, err := optionValue(spec, value, found)
		if err != nil {
			return err
		}
		l.filled = append(l.filled, object{"type": num(spec, "type"), "name": name, "value": sent})
	}
	return nil
}

// optionValue is the value on the wire.
func optionValue(spec object, value any, found *resolved) (any, error) {
	name := str(spec, "name")
	wrong := notOffered("the option %q takes no %T", name, value)
	switch kind := num(spec, "type"); kind {
	case optionString:
		words, fits := value.(string)
		if !fits {
			return nil, wrong
		}
		n := utf8.RuneCountInString(words)
		if n < num(spec, "min_length") || n > orDefault(num(spec, "max_length"), 6000) {
			return nil, notOffered("the option %q takes no %d characters", name, n)
		}
		return words, allowedChoice(spec, words)
	case optionInteger, optionNumber:
		var n float64
		switch v := value.(type) {
		case int:
			n = float64(v)
		case float64:
			n = v
		default:
			return nil, wrong
		}
		least, hasLeast := spec["min_value"].(float64)
		most, hasMost := spec["max_value"].(float64)
		if hasLeast && n < least || hasMost && n > most || kind == optionInteger && n != float64(int64(n)) {
			return nil, notOffered("the option %q takes no %v", name, n)
		}
		return n, allowedChoice(spec, n)
	case optionBoolean:
		on, fits := value.(bool)
		if !fits {
			return nil, wrong
		}
		return on, nil
	}
	switch v := value.(type) {
	case *User:
		if k := num(spec, "type"); k == optionUser || k == optionMentionable {
			return found.user(v), nil
		}
	case *Role:
		if k := num(spec, "type"); k == optionRole || k == optionMentionable {
			return found.role(v), nil
		}
	case *Channel:
		kinds := list(spec["channel_types"])
		if num(spec, "type") == optionChannel && (len(kinds) == 0 || slices.Contains(kinds, any(float64(v.kind)))) {
			return found.channelOf(v), nil
		}
	case File:
		if num(spec, "type") == optionAttachment {
			return found.file(v), nil
		}
	}
	return nil, wrong
}

func allowedChoice(spec object, value any) error {
	choices := list(spec["choices"])
	if len(choices) == 0 {
		return nil
	}
	for _, v := range choices {
		if o, _ := v.(object); o["value"] == value {
			return nil
		}
	}
	return notOffered("the option %q offers no %v", str(spec, "name"), value)
}

func parsePermissions(raw string) Permissions {
	n, _ := strconv.ParseUint(raw, 10, 64)
	return Permissions(n)
}

var optionName = regexp.MustCompile(`(?:^|\s)([a-z0-9_-]+):`)

// Line runs a command as a line that a person types: "/heed status item:42
// status:planned", or without the options' names, in their order, where an option that
// a word does not fit is passed over when it is not required and the last text takes
// the rest: "/heed status 42 planned". "@rui" and "#support" are people, roles and
// channels of the guild.
func (u *User) Line(ch *Channel, line string) error {
	command, options, err := u.parseLine(ch, line)
	if err != nil {
		return err
	}
	return u.Slash(ch, command, options)
}

func (u *User) parseLine(ch *Channel, line string) (string, Options, error) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	words := strings.Fields(strings.TrimPrefix(line, "/"))
	var found *leaf
	n := 0
	for i := min(len(words), 3); i > 0 && found == nil; i-- {
		if _, l, err := u.command(ch, strings.Join(words[:i], " ")); err == nil {
			found, n = l, i
		}
	}
	if found == nil {
		return "", nil, notOffered("no command %q", line)
	}
	command := strings.Join(words[:n], " ")
	rest := strings.TrimSpace(strings.TrimPrefix(line, "/"))
	for _, w := range words[:n] {
		rest = strings.TrimSpace(strings.TrimPrefix(rest, w))
	}
	options := Options{}
	if marks := found.marks(rest); len(marks) > 0 {
		for i, at := range marks {
			end := len(rest)
			if i+1 < len(marks) {
				end = marks[i+1][0]
			}
			name := strings.TrimSuffix(strings.TrimSpace(rest[at[0]:at[1]]), ":")
			value, err := u.word(ch, found.option(name), strings.TrimSpace(rest[at[1]:end]))
			if err != nil {
				return "", nil, err
			}
			options[name] = value
		}
		return command, options, nil
	}
	for i, spec := range found.specs {
		if rest == "" {
			break
		}
		word, tail, _ := strings.Cut(rest, " ")
		if i == len(found.specs)-1 || found.lastText(i) {
			word, tail = rest, ""
		}
		value, err := u.word(ch, spec, word)
		if err != nil {
			if spec["required"] == true {
				return "", nil, err
			}
			continue
		}
		options[str(spec, "name")], rest = value, strings.TrimSpace(tail)
	}
	if rest != "" {
		return "", nil, notOffered("%q fits no option of /%s", rest, command)
	}
	return command, options, nil
}

// marks is where "name:" of one of the options stands, only when the line begins so.
func (l *leaf) marks(line string) [][]int {
	var out [][]int
	for _, at := range optionName.FindAllStringSubmatchIndex(line, -1) {
		if l.option(line[at[2]:at[3]]) != nil {
			out = append(out, []int{at[0], at[1]})
		}
	}
	if len(out) > 0 && strings.TrimSpace(line[:out[0][0]]) != "" {
		return nil
	}
	return out
}

// lastText says whether option i is the last that takes free text.
func (l *leaf) lastText(i int) bool {
	free := func(o object) bool { return num(o, "type") == optionString && len(list(o["choices"])) == 0 }
	return free(l.specs[i]) && !slices.ContainsFunc(l.specs[i+1:], func(o object) bool {
		kind := num(o, "type")
		return free(o) || kind != optionAttachment && o["required"] == true
	})
}

// word reads what a person typed for an option. Called with mu held.
func (u *User) word(ch *Channel, spec object, word string) (any, error) {
	wrong := notOffered("the option %q takes no %q", str(spec, "name"), word)
	switch num(spec, "type") {
	case optionString:
		for _, v := range list(spec["choices"]) {
			if o, _ := v.(object); strings.EqualFold(str(o, "name"), word) || o["value"] == word {
				return o["value"], nil
			}
		}
		if len(list(spec["choices"])) > 0 {
			return nil, wrong
		}
		return word, nil
	case optionInteger:
		if n, err := strconv.Atoi(strings.TrimPrefix(word, "#")); err == nil {
			return n, nil
		}
	case optionNumber:
		if n, err := strconv.ParseFloat(word, 64); err == nil {
			return n, nil
		}
	case optionBoolean:
		switch strings.ToLower(word) {
		case "true", "on", "yes":
			return true, nil
		case "false", "off", "no":
			return false, nil
		}
	default:
		if v := u.named(ch, word); v != nil {
			return v, nil
		}
	}
	return nil, wrong
}

// named is whom or what a mention names. Called with mu held.
func (u *User) named(ch *Channel, word string) any {
	id := mentionID(orDefault(mentionID(word), fmt.Sprint(mentionID(u.typed(ch, word)))))
	if who := u.s.users[id]; who != nil {
		return who
	}
	if where := u.s.channels[id]; where != nil {
		return where
	}
	if ch.guild != nil {
		for _, r := range ch.guild.roles {
			if r.ID == id {
				return r
			}
		}
	}
	return nil
}

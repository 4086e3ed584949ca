package discordfake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Kinds of command and of option:
// https://docs.discord.com/developers/interactions/application-commands#application-command-object
const (
	commandChat    = 1
	commandUser    = 2
	commandMessage = 3
	commandEntry   = 4

	optionSub     = 1
	optionGroup   = 2
	optionString  = 3
	optionInteger = 4
	optionChannel = 7
	optionNumber  = 10
	optionLast    = 11
)

// Names of chat commands and of options, and at the same place: with a lowercase
// variant, that one must be used.
// https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-naming
var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

// checkCommand checks one command: POST, or PATCH with the rest filled in.
func checkCommand(body []byte) *apiError {
	m, refused := parseBody(body)
	if refused != nil {
		return refused
	}
	k := newChecker()
	k.command("", m)
	return k.refused()
}

// checkCommands checks a bulk overwrite: PUT of all commands of a scope.
func checkCommands(body []byte) *apiError {
	var raw any
	if err := json.Unmarshal(body, &raw); err != nil {
		return errNotJSON
	}
	k := newChecker()
	all, ok := raw.([]any)
	if !ok {
		k.fail("", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
		return k.refused()
	}
	names, counts := map[string]bool{}, map[int]int{}
	k.each("", all, func(at string, m object) {
		k.command(at, m)
		kind := commandKind(m)
		counts[kind]++
		name := fmt.Sprint(kind, " ", str(m, "name"))
		if names[name] {
			k.fail(under(at, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
		}
		names[name] = true
	})
	for kind, most := range map[int]int{commandChat: MaxChatCommands, commandUser: MaxUserCommands, commandMessage: MaxMessageCommands, commandEntry: 1} {
		if counts[kind] > most {
			return refuse(http.StatusBadRequest, 30032, fmt.Sprintf("Maximum number of application commands reached (%d).", most))
		}
	}
	return k.refused()
}

func commandKind(m object) int {
	if m["type"] == nil {
		return commandChat
	}
	return num(m, "type")
}

func (k *checker) command(at string, m object) {
	if m["type"] != nil {
		k.oneOf(at, m, "type", commandChat, commandUser, commandMessage, commandEntry)
	}
	if commandKind(m) != commandChat {
		k.text(at, m, "name", 1, MaxCommandName)
		if length(str(m, "description")) > 0 && commandKind(m) != commandEntry {
			k.fail(under(at, "description"), "APPLICATION_COMMAND_INVALID_DESCRIPTION", "Context menu commands cannot have description")
		}
		if len(list(m["options"])) > 0 {
			k.fail(under(at, "options"), "APPLICATION_COMMAND_INVALID_OPTIONS", "Context menu commands cannot have options")
		}
		return
	}
	k.commandNames(at, m)
	k.options25(at, m, 0)
	if size := commandSize(m); size > MaxCommandText {
		k.fail(at, "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (%d)", MaxCommandText)
	}
	if bits, ok := m["default_member_permissions"].(string); ok {
		k.snowflake(at, "default_member_permissions", bits)
	}
}

func (k *checker) commandNames(at string, m object) {
	name := k.text(at, m, "name", 1, MaxCommandName)
	if name != "" && utf8.RuneCountInString(name) <= MaxCommandName {
		k.commandName(under(at, "name"), name)
	}
	k.localized(at, m, "name", MaxCommandName, k.commandName)
	k.text(at, m, "description", 1, MaxCommandDescription)
	k.localized(at, m, "description", MaxCommandDescription, nil)
}

func (k *checker) commandName(at, name string) {
	switch {
	case !commandName.MatchString(name):
		k.fail(at, "STRING_TYPE_REGEX", "String value did not match validation regex.")
	case name != strings.ToLower(name):
		k.fail(at, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
	}
}

// localized checks the translations of a name or description.
func (k *checker) localized(at string, m object, name string, most int, also func(at, text string)) {
	all := sub(m, name+"_localizations")
	for locale := range all {
		text := k.text(under(at, name+"_localizations"), all, locale, 1, most)
		if also != nil && text != "" {
			also(under(under(at, name+"_localizations"), locale), text)
		}
	}
}

// options25 checks the options of a command (inside 0), of a group or of a
// subcommand (inside their kind).
func (k *checker) options25(at string, m object, inside int) {
	names, optional, subs, plain := map[string]bool{}, false, 0, 0
	path := under(at, "options")
	k.each(path, k.items(at, m, "options", 0, MaxCommandOptions), func(at string, o object) {
		kind := num(o, "type")
		k.option(at, o, inside)
		if kind == optionSub || kind == optionGroup {
			subs++
		} else {
			plain++
		}
		name := str(o, "name")
		if names[name] {
			k.fail(under(at, "name"), "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option name %s is already used", name)
		}
		names[name] = true
		required := k.flag(at, o, "required", false)
		if required && optional {
			k.fail(at, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed before non-required options")
		}
		optional = optional || !required
	})
	if subs > 0 && plain > 0 {
		k.fail(path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
			"Sub-command and sub-command group option types are mutually exclusive to all other types")
	}
}

func (k *checker) option(at string, o object, inside int) {
	kind := num(o, "type")
	allowed := kind >= optionSub && kind <= optionLast
	switch inside {
	case optionGroup: // a group holds subcommands and nothing else
		allowed = kind == optionSub
	case optionSub: // a subcommand holds parameters
		allowed = allowed && kind != optionSub && kind != optionGroup
	}
	if !allowed {
		k.fail(under(at, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "An option of type %d cannot stand here", kind)
		return
	}
	k.commandNames(at, o)
	if kind == optionSub || kind == optionGroup {
		if o["required"] == true {
			k.fail(under(at, "required"), "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Sub-commands cannot be required")
		}
		k.options25(at, o, kind)
		return
	}
	typed := kind == optionString || kind == optionInteger || kind == optionNumber
	refuse := func(name string, may bool) {
		if o[name] != nil && o[name] != false && !may && (name != "choices" && name != "options" || len(list(o[name])) > 0) {
			k.fail(under(at, name), "APPLICATION_COMMAND_OPTIONS_FIELD_INVALID", "An option of type %d has no %s", kind, name)
		}
	}
	refuse("options", false)
	refuse("choices", typed)
	refuse("autocomplete", typed)
	refuse("min_value", kind != optionString && typed)
	refuse("max_value", kind != optionString && typed)
	refuse("min_length", kind == optionString)
	refuse("max_length", kind == optionString)
	refuse("channel_types", kind == optionChannel)
	k.whole(at, o, "min_length", 0, MaxStringOption, 0)
	k.whole(at, o, "max_length", 1, MaxStringOption, MaxStringOption)
	choices := k.items(at, o, "choices", 0, MaxChoices)
	names, values := map[string]bool{}, map[any]bool{}
	k.each(under(at, "choices"), choices, func(at string, c object) {
		k.choice(at, c, kind)
		if names[str(c, "name")] || c["value"] != nil && values[c["value"]] {
			k.fail(at, "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_EXISTS", "Option choice is already used")
		}
		names[str(c, "name")] = true
		if c["value"] != nil {
			values[c["value"]] = true
		}
	})
	if len(choices) > 0 && k.flag(at, o, "autocomplete", false) {
		k.fail(at, "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES", "An option with autocomplete cannot have choices")
	}
}

// commandSize counts names, descriptions and values of a command or an option,
// of all that it holds too; of translations the longest.
// https://docs.discord.com/developers/interactions/application-commands#slash-commands
func commandSize(m object) int {
	sum := 0
	for _, name := range []string{"name", "description"} {
		most := utf8.RuneCountInString(str(m, name))
		for _, text := range sub(m, name+"_localizations") {
			if s, ok := text.(string); ok {
				most = max(most, utf8.RuneCountInString(s))
			}
		}
		sum += most
	}
	if m["value"] != nil {
		sum += utf8.RuneCountInString(fmt.Sprint(m["value"]))
	}
	for _, inner := range append(append([]any{}, list(m["options"])...), list(m["choices"])...) {
		if o, ok := inner.(object); ok {
			sum += commandSize(o)
		}
	}
	return sum
}

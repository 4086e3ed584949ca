package discordfake

import "slices"

// selectMenu checks the five kinds of select:
// https://docs.discord.com/developers/components/reference#string-select
func (k *checker) selectMenu(at string, c object, modal bool) {
	k.customID(at, c)
	k.text(at, c, "placeholder", 0, MaxPlaceholder)
	if modal && k.flag(at, c, "disabled", false) {
		k.fail(under(at, "disabled"), "MODAL_COMPONENT_DISABLED", "Components in a modal cannot be disabled")
	}
	least, most := k.values(at, c, MaxSelectValues, modal)
	if num(c, "type") != typeStringSelect {
		if c["options"] != nil {
			k.fail(under(at, "options"), "SELECT_COMPONENT_OPTIONS_NOT_ALLOWED", "This select cannot have options")
		}
		k.defaults(at, c, least, most)
		return
	}
	options := k.items(at, c, "options", 1, MaxSelectOptions)
	k.options(under(at, "options"), options, most)
	if len(options) > 0 && most > len(options) {
		k.fail(under(at, "max_values"), "SELECT_COMPONENT_MAX_VALUES_TOO_LARGE",
			"max_values cannot be greater than the number of options")
	}
}

// values checks how many may be picked, and returns least and most.
func (k *checker) values(at string, c object, limit int, modal bool) (least, most int) {
	least = k.whole(at, c, "min_values", 0, limit, 1)
	standard := 1
	if num(c, "type") == typeCheckboxGroup {
		standard = max(1, len(list(c["options"])))
	}
	most = k.whole(at, c, "max_values", 1, limit, standard)
	if least > most {
		k.fail(under(at, "min_values"), "SELECT_COMPONENT_MIN_GREATER_THAN_MAX", "min_values cannot be greater than max_values")
	}
	if modal && k.flag(at, c, "required", true) && c["min_values"] != nil && least < 1 {
		k.fail(under(at, "min_values"), "MODAL_COMPONENT_REQUIRED_MIN_VALUES", "min_values must be at least 1 if the component is required")
	}
	return least, most
}

func (k *checker) options(at string, all []any, most int) {
	values, chosen := map[string]bool{}, 0
	k.each(at, all, func(at string, o object) {
		k.text(at, o, "label", 1, MaxOptionLabel)
		value := k.text(at, o, "value", 1, MaxOptionValue)
		k.text(at, o, "description", 0, MaxOptionDescription)
		k.emoji(at, o)
		if values[value] {
			k.fail(at, "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used")
		}
		values[value] = true
		if k.flag(at, o, "default", false) {
			chosen++
		}
	})
	if chosen > most {
		k.fail(at, "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", "Too many default values: at most %d", most)
	}
}

// defaults checks what is chosen from the start in a select of people, roles or channels.
func (k *checker) defaults(at string, c object, least, most int) {
	all := k.items(at, c, "default_values", 0, MaxSelectValues)
	fits := map[int][]string{
		typeUserSelect: {"user"}, typeRoleSelect: {"role"}, typeMentionableSelect: {"user", "role"}, typeChannelSelect: {"channel"},
	}[num(c, "type")]
	k.each(under(at, "default_values"), all, func(at string, d object) {
		k.snowflake(at, "id", d["id"])
		if !slices.Contains(fits, str(d, "type")) {
			k.fail(under(at, "type"), "BASE_TYPE_CHOICES", "Value must be one of %v.", fits)
		}
	})
	if len(all) > 0 && (len(all) < least || len(all) > most) {
		k.fail(under(at, "default_values"), "BASE_TYPE_BAD_LENGTH", "Must be between %d and %d in length.", least, most)
	}
}

// choices checks a radio group or a checkbox group:
// https://docs.discord.com/developers/components/reference#radio-group
func (k *checker) choices(at string, c object, least int) {
	k.customID(at, c)
	options := k.items(at, c, "options", least, MaxChoiceOptions)
	most := MaxChoiceOptions
	if num(c, "type") == typeRadioGroup {
		most = 1
	}
	k.options(under(at, "options"), options, most)
}

// checkModal checks a modal, the data of an answer of type MODAL:
// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-modal
func (k *checker) modal(path string, m object) {
	k.text(path, m, "custom_id", 1, MaxCustomID)
	k.needed(path, m, "title", MaxModalTitle)
	k.each(under(path, "components"), k.items(path, m, "components", 1, MaxModalComponents), func(at string, c object) {
		k.component(at, c, inModal, true)
	})
}

func (k *checker) label(at string, c object) {
	k.text(at, c, "label", 1, MaxLabel)
	k.text(at, c, "description", 0, MaxLabelDescription)
	inner := sub(c, "component")
	if inner == nil {
		k.fail(under(at, "component"), "BASE_TYPE_REQUIRED", "This field is required")
		return
	}
	k.component(under(at, "component"), inner, inLabel, true)
}

// textInput checks https://docs.discord.com/developers/components/reference#text-input.
// A prefilled value has to fit the lengths that the input itself asks for.
func (k *checker) textInput(at string, c object) {
	k.customID(at, c)
	k.oneOf(at, c, "style", 1, 2)
	k.flag(at, c, "required", true)
	k.text(at, c, "placeholder", 0, MaxTextInputPlaceholder)
	least := k.whole(at, c, "min_length", 0, MaxTextInput, 0)
	most := k.whole(at, c, "max_length", 1, MaxTextInput, MaxTextInput)
	if least > most {
		k.fail(under(at, "min_length"), "TEXT_INPUT_COMPONENT_MIN_GREATER_THAN_MAX", "min_length cannot be greater than max_length")
	}
	value := []rune(k.text(at, c, "value", 0, MaxTextInput))
	switch {
	case len(value) > MaxTextInput: // said already, but for the white space around it
		if length(string(value)) <= MaxTextInput {
			k.fail(under(at, "value"), "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", MaxTextInput)
		}
	case len(value) > most:
		k.fail(under(at, "value"), "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", most)
	case len(value) > 0 && len(value) < least:
		k.fail(under(at, "value"), "BASE_TYPE_MIN_LENGTH", "Must be %d or more in length.", least)
	}
}

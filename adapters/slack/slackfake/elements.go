package slackfake

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

const (
	selects      = "static_select external_select users_select conversations_select channels_select "
	multiSelects = "multi_static_select multi_external_select multi_users_select multi_conversations_select multi_channels_select "
	pickers      = "datepicker timepicker datetimepicker "
	choices      = "checkboxes radio_buttons "
	textInputs   = "plain_text_input rich_text_input email_text_input url_text_input number_input file_input "

	actionElements    = "button workflow_button overflow " + selects + multiSelects + pickers + choices + "rich_text_input plain_text_input"
	accessoryElements = "button workflow_button image overflow datepicker timepicker " + selects + multiSelects + choices
	inputElements     = textInputs + selects + multiSelects + pickers + choices
)

const selectMay = "action_id placeholder confirm focus_on_load "

// Source of each: https://docs.slack.dev/reference/block-kit/block-elements/
var elementShapes = map[string]shape{
	"button":                     {must: "text", may: "action_id url value style confirm accessibility_label"},
	"workflow_button":            {must: "text workflow", may: "action_id style accessibility_label"},
	"overflow":                   {must: "options", may: "action_id confirm"},
	"image":                      {must: "alt_text", may: "image_url slack_file"},
	"plain_text":                 {must: "text", may: "emoji"},
	"mrkdwn":                     {must: "text", may: "verbatim"},
	"static_select":              {may: selectMay + "options option_groups initial_option"},
	"external_select":            {may: selectMay + "initial_option min_query_length"},
	"users_select":               {may: selectMay + "initial_user"},
	"conversations_select":       {may: selectMay + "initial_conversation default_to_current_conversation response_url_enabled filter"},
	"channels_select":            {may: selectMay + "initial_channel response_url_enabled"},
	"multi_static_select":        {may: selectMay + "options option_groups initial_options max_selected_items"},
	"multi_external_select":      {may: selectMay + "initial_options min_query_length max_selected_items"},
	"multi_users_select":         {may: selectMay + "initial_users max_selected_items"},
	"multi_conversations_select": {may: selectMay + "initial_conversations default_to_current_conversation filter max_selected_items"},
	"multi_channels_select":      {may: selectMay + "initial_channels max_selected_items"},
	"datepicker":                 {may: selectMay + "initial_date"},
	"timepicker":                 {may: selectMay + "initial_time timezone"},
	"datetimepicker":             {may: "action_id confirm focus_on_load initial_date_time"},
	"checkboxes":                 {must: "options", may: "action_id initial_options confirm focus_on_load"},
	"radio_buttons":              {must: "options", may: "action_id initial_option confirm focus_on_load"},
	"plain_text_input":           {may: "action_id initial_value multiline min_length max_length dispatch_action_config focus_on_load placeholder"},
	"rich_text_input":            {must: "action_id", may: "initial_value dispatch_action_config focus_on_load placeholder"},
	"email_text_input":           {may: "action_id initial_value dispatch_action_config focus_on_load placeholder"},
	"url_text_input":             {may: "action_id initial_value dispatch_action_config focus_on_load placeholder"},
	"number_input":               {must: "is_decimal_allowed", may: "action_id initial_value min_value max_value dispatch_action_config focus_on_load placeholder"},
	"file_input":                 {may: "action_id filetypes max_files"},
	"feedback_buttons":           {must: "positive_button negative_button", may: "action_id"},
	"icon_button":                {must: "icon text", may: "action_id value confirm accessibility_label visible_to_user_ids"},
}

// element checks one element that stands where only the allowed types may.
func (k *checker) element(path string, raw any, allowed string) {
	e, ok := raw.(object)
	if !ok {
		k.fail(path, "must be an object")
		return
	}
	kind := str(e, "type")
	s, known := elementShapes[kind]
	if !known || !slices.Contains(strings.Fields(allowed), kind) {
		k.fail(path+"/type", "unsupported type: %s", kind)
		return
	}
	s.fits(k, path, e)
	if e["action_id"] != nil {
		k.str(path, e, "action_id", 1, MaxActionID)
	}
	if e["placeholder"] != nil {
		k.text(path+"/placeholder", e["placeholder"], MaxPlaceholder, "plain_text")
	}
	if e["confirm"] != nil {
		k.confirm(path+"/confirm", e["confirm"])
	}
	if e["focus_on_load"] == true {
		if k.focused {
			k.fail(path+"/focus_on_load", "only one element can be set to focus_on_load")
		}
		k.focused = true
	}
	switch kind {
	case "button", "icon_button":
		k.button(path, e)
	case "plain_text", "mrkdwn":
		k.text(path, e, MaxTextObject, kind)
	case "image":
		k.image(path, e)
	case "overflow":
		k.options(path+"/options", e["options"], MaxOverflowOptions, kind)
	case "checkboxes", "radio_buttons":
		k.options(path+"/options", e["options"], MaxChoiceOptions, kind)
		k.initial(path, e)
	case "static_select", "multi_static_select":
		k.menu(path, e)
	case "plain_text_input":
		k.textInput(path, e)
	}
}

func (k *checker) button(path string, e object) {
	k.text(path+"/text", e["text"], MaxButtonText, "plain_text")
	k.str(path, e, "value", 0, MaxButtonValue)
	k.str(path, e, "accessibility_label", 0, MaxAccessibilityLabel)
	if e["url"] != nil {
		k.url(path, e, "url", MaxButtonURL)
	}
	if style := e["style"]; style != nil && style != "primary" && style != "danger" {
		k.fail(path+"/style", "must be a valid enum value")
	}
}

func (k *checker) confirm(path string, raw any) {
	c, _ := raw.(object)
	k.text(path+"/title", c["title"], MaxConfirmTitle, "plain_text")
	k.text(path+"/text", c["text"], MaxConfirmText, "plain_text")
	k.text(path+"/confirm", c["confirm"], MaxConfirmButton, "plain_text")
	k.text(path+"/deny", c["deny"], MaxConfirmButton, "plain_text")
}

func (k *checker) menu(path string, e object) {
	groups, grouped := e["option_groups"]
	if grouped == (e["options"] != nil) {
		k.fail(path, "must have either options or option_groups")
		return
	}
	if !grouped {
		k.options(path+"/options", e["options"], MaxSelectOptions, "select")
	} else {
		k.count(path+"/option_groups", list(groups), MaxOptionGroups)
		for i, raw := range list(groups) {
			at := fmt.Sprintf("%s/option_groups/%d", path, i)
			group, _ := raw.(object)
			k.text(at+"/label", group["label"], MaxOptionGroupLabel, "plain_text")
			k.options(at+"/options", group["options"], MaxSelectOptions, "select")
		}
	}
	k.initial(path, e)
}

// initial checks that what is chosen at first is one of the options, whole.
func (k *checker) initial(path string, e object) {
	all := allOptions(e)
	check := func(at string, raw any) {
		if !slices.ContainsFunc(all, func(o any) bool { return same(o, raw) }) {
			k.fail(at, "must match one of the options")
		}
	}
	if e["initial_option"] != nil {
		check(path+"/initial_option", e["initial_option"])
	}
	if e["initial_options"] != nil && len(list(e["initial_options"])) == 0 {
		k.fail(path+"/initial_options", "must have at least 1 item")
	}
	for i, o := range list(e["initial_options"]) {
		check(fmt.Sprintf("%s/initial_options/%d", path, i), o)
	}
}

func same(a, b any) bool {
	x, _ := a.(object)
	y, _ := b.(object)
	return str(x, "value") == str(y, "value") && textOf(x["text"]) == textOf(y["text"])
}

// allOptions are the options of a menu, grouped or not.
func allOptions(e object) []any {
	all := slices.Clone(list(e["options"]))
	for _, g := range list(e["option_groups"]) {
		group, _ := g.(object)
		all = append(all, list(group["options"])...)
	}
	return all
}

func (k *checker) options(path string, raw any, most int, kind string) {
	k.count(path, list(raw), most)
	seen := map[string]bool{}
	for i, item := range list(raw) {
		at := fmt.Sprintf("%s/%d", path, i)
		o, ok := item.(object)
		if !ok {
			k.fail(at, "must be an object")
			continue
		}
		shape{must: "text value", may: "description url"}.fits(k, at, o)
		textKind := "plain_text"
		if kind == "checkboxes" || kind == "radio_buttons" {
			textKind = ""
		}
		k.text(at+"/text", o["text"], MaxOptionText, textKind)
		k.str(at, o, "value", 1, MaxOptionValue)
		if o["description"] != nil {
			k.text(at+"/description", o["description"], MaxOptionDescription, textKind)
		}
		if o["url"] != nil {
			k.url(at, o, "url", MaxOptionURL)
		}
		if value := str(o, "value"); seen[value] {
			k.fail(at+"/value", "option value is a duplicate: %s", value)
		} else {
			seen[value] = true
		}
	}
}

func (k *checker) textInput(path string, e object) {
	k.str(path, e, "initial_value", 0, MaxInputLength)
	for name, least := range map[string]int{"min_length": 0, "max_length": 1} {
		if e[name] == nil {
			continue
		}
		n, ok := e[name].(float64)
		if !ok || int(n) < least || int(n) > MaxInputLength {
			k.fail(path+"/"+name, "must be between %s and %d", strconv.Itoa(least), MaxInputLength)
		}
	}
	if most, ok := e["max_length"].(float64); ok && len([]rune(str(e, "initial_value"))) > int(most) {
		k.fail(path+"/initial_value", "must be less than %d characters", int(most)+1)
	}
}

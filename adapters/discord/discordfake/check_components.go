package discordfake

import (
	"net/http"
	"slices"
)

// Kinds of components:
// https://docs.discord.com/developers/components/reference#component-object-component-types
const (
	typeActionRow         = 1
	typeButton            = 2
	typeStringSelect      = 3
	typeTextInput         = 4
	typeUserSelect        = 5
	typeRoleSelect        = 6
	typeMentionableSelect = 7
	typeChannelSelect     = 8
	typeSection           = 9
	typeTextDisplay       = 10
	typeThumbnail         = 11
	typeMediaGallery      = 12
	typeFile              = 13
	typeSeparator         = 14
	typeContainer         = 17
	typeLabel             = 18
	typeFileUpload        = 19
	typeRadioGroup        = 21
	typeCheckboxGroup     = 22
	typeCheckbox          = 23
)

// Where a component may stand.
var (
	inLegacyMessage = []int{typeActionRow}
	inMessage       = []int{typeActionRow, typeSection, typeTextDisplay, typeMediaGallery, typeFile, typeSeparator, typeContainer}
	inContainer     = []int{typeActionRow, typeSection, typeTextDisplay, typeMediaGallery, typeFile, typeSeparator}
	inSection       = []int{typeTextDisplay}
	besideSection   = []int{typeButton, typeThumbnail}
	inRow           = []int{typeButton, typeStringSelect, typeUserSelect, typeRoleSelect, typeMentionableSelect, typeChannelSelect}
	inModal         = []int{typeActionRow, typeTextDisplay, typeLabel}
	inModalRow      = []int{typeTextInput}
	inLabel         = []int{
		typeTextInput, typeStringSelect, typeUserSelect, typeRoleSelect, typeMentionableSelect, typeChannelSelect,
		typeFileUpload, typeRadioGroup, typeCheckboxGroup, typeCheckbox,
	}
)

func (k *checker) messageComponents(path string, m object, v2 bool) {
	all := k.items(path, m, "components", 0, 1<<31-1)
	at := under(path, "components")
	if v2 {
		k.each(at, all, func(at string, c object) { k.component(at, c, inMessage, false) })
		return
	}
	if len(all) > MaxActionRows {
		k.fail(at, "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", MaxActionRows)
	}
	k.each(at, all, func(at string, c object) { k.component(at, c, inLegacyMessage, false) })
}

// sum checks what holds for all components of a message together.
func (k *checker) sum(path string) *apiError {
	if k.components > MaxComponents {
		k.fail(under(path, "components"), "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
			"The total number of components must be %d or fewer.", MaxComponents)
	}
	if k.displayText > MaxDisplayText {
		k.fail(under(path, "components"), "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
			"The total displayable text size must be %d or fewer.", MaxDisplayText)
	}
	if refused := k.refused(); refused != nil {
		return refused
	}
	if k.displays > 0 && k.displayBytes+displayBytesExtra*k.displays > MaxDisplayBytes {
		return refuse(http.StatusInternalServerError, 0, "500: Internal Server Error")
	}
	return nil
}

// component checks one component that must be of an allowed kind.
func (k *checker) component(at string, c object, allowed []int, modal bool) {
	kind := num(c, "type")
	if !slices.Contains(allowed, kind) {
		k.fail(at, "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of %s.", listed(allowed))
		return
	}
	k.components++
	if id := k.whole(at, c, "id", 0, 1<<31-1, 0); id != 0 {
		if k.ids[id] {
			k.fail(under(at, "id"), "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")
		}
		k.ids[id] = true
	}
	switch kind {
	case typeActionRow:
		k.row(at, c, modal)
	case typeButton:
		k.button(at, c)
	case typeStringSelect, typeUserSelect, typeRoleSelect, typeMentionableSelect, typeChannelSelect:
		k.selectMenu(at, c, modal)
	case typeSection:
		k.section(at, c)
	case typeTextDisplay:
		k.display(at, c)
	case typeThumbnail:
		k.media(at, c)
	case typeMediaGallery:
		k.each(under(at, "items"), k.items(at, c, "items", 1, MaxGalleryItems), k.media)
	case typeFile:
		if file := sub(c, "file"); file == nil {
			k.fail(under(at, "file"), "BASE_TYPE_REQUIRED", "This field is required")
		} else {
			k.link(under(at, "file"), file, "url", 2048, "attachment")
		}
	case typeSeparator:
		k.whole(at, c, "spacing", 1, 2, 1)
		k.flag(at, c, "divider", true)
	case typeContainer:
		k.whole(at, c, "accent_color", 0, MaxColor, 0)
		k.each(under(at, "components"), k.items(at, c, "components", 1, MaxComponents), func(at string, c object) {
			k.component(at, c, inContainer, false)
		})
	case typeLabel:
		k.label(at, c)
	case typeTextInput:
		k.textInput(at, c)
	case typeFileUpload:
		k.customID(at, c)
		k.values(at, c, MaxUploads, true)
	case typeRadioGroup:
		k.choices(at, c, 2)
	case typeCheckboxGroup:
		k.choices(at, c, 1)
		k.values(at, c, MaxChoiceOptions, true)
	case typeCheckbox:
		k.customID(at, c)
	}
}

func (k *checker) row(at string, c object, modal bool) {
	if modal {
		k.each(under(at, "components"), k.items(at, c, "components", 1, 1), func(at string, c object) {
			k.component(at, c, inModalRow, true)
			k.text(at, c, "label", 1, MaxLabel)
		})
		return
	}
	width := 0
	k.each(under(at, "components"), k.items(at, c, "components", 1, MaxRowButtons), func(at string, c object) {
		k.component(at, c, inRow, false)
		if width++; num(c, "type") != typeButton {
			width += MaxRowButtons - 1
		}
		if width > MaxRowButtons {
			k.fail(at, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width")
		}
	})
}

// customID checks that a component has one that no other in the message has.
func (k *checker) customID(at string, c object) {
	id := k.text(at, c, "custom_id", 1, MaxCustomID)
	if id == "" {
		return
	}
	if k.customIDs[id] {
		k.fail(under(at, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
	}
	k.customIDs[id] = true
}

// button checks the kinds of https://docs.discord.com/developers/components/reference#button
func (k *checker) button(at string, c object) {
	style := k.oneOf(at, c, "style", 1, 2, 3, 4, 5, 6)
	label := k.text(at, c, "label", 0, MaxButtonLabel)
	k.emoji(at, c)
	k.flag(at, c, "disabled", false)
	refuse := func(name string) {
		if c[name] != nil {
			k.fail(under(at, name), "BUTTON_COMPONENT_FIELD_NOT_ALLOWED", "A button of this style cannot have a %s", name)
		}
	}
	if style != 6 && length(label) == 0 && sub(c, "emoji") == nil {
		k.fail(under(at, "label"), "BASE_TYPE_REQUIRED", "This field is required")
	}
	switch style {
	case 5:
		refuse("custom_id")
		refuse("sku_id")
		if str(c, "url") == "" {
			k.fail(under(at, "url"), "BASE_TYPE_REQUIRED", "A url is required")
		}
		k.link(at, c, "url", MaxButtonURL, "http", "https", "discord")
	case 6:
		for _, name := range []string{"custom_id", "label", "url", "emoji"} {
			refuse(name)
		}
		if c["sku_id"] == nil {
			k.fail(under(at, "sku_id"), "BASE_TYPE_REQUIRED", "This field is required")
		}
	default:
		refuse("url")
		refuse("sku_id")
		k.customID(at, c)
	}
}

func (k *checker) emoji(at string, c object) {
	e := sub(c, "emoji")
	if e == nil {
		if c["emoji"] != nil {
			k.fail(under(at, "emoji"), "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
		}
		return
	}
	if str(e, "name") == "" && e["id"] == nil {
		k.fail(under(at, "emoji.name"), "BASE_TYPE_REQUIRED", "This field is required")
		return
	}
	// A name alone is a unicode emoji, never ":wave:" or a word.
	if name := str(e, "name"); e["id"] == nil && !looksLikeEmoji(name) {
		k.fail(under(at, "emoji.name"), "COMPONENT_INVALID_EMOJI", "Invalid emoji")
	}
}

// looksLikeEmoji says whether a name can be a unicode emoji: letters and
// punctuation of ASCII can't, but for keycaps such as 1️⃣.
func looksLikeEmoji(name string) bool {
	for _, r := range name {
		if r > 0x7f {
			return true
		}
	}
	return false
}

func (k *checker) section(at string, c object) {
	k.each(under(at, "components"), k.items(at, c, "components", 1, MaxSectionTexts), func(at string, c object) {
		k.component(at, c, inSection, false)
	})
	accessory := sub(c, "accessory")
	if accessory == nil {
		k.fail(under(at, "accessory"), "BASE_TYPE_REQUIRED", "This field is required")
		return
	}
	k.component(under(at, "accessory"), accessory, besideSection, false)
}

func (k *checker) display(at string, c object) {
	text := k.text(at, c, "content", 1, MaxDisplayText)
	k.displays++
	k.displayText += length(text)
	k.displayBytes += len(text)
}

func (k *checker) media(at string, c object) {
	if media := sub(c, "media"); media == nil {
		k.fail(under(at, "media"), "BASE_TYPE_REQUIRED", "This field is required")
	} else {
		k.link(under(at, "media"), media, "url", 2048, "http", "https", "attachment")
	}
	k.text(at, c, "description", 0, MaxAltText)
	k.flag(at, c, "spoiler", false)
}

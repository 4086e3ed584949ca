package discord

// message is the body of a message that Heed sends or edits, and the data of an
// answer to an interaction. Most are made of components v2; some have content:
// https://docs.discord.com/developers/resources/message#create-message
type message struct {
	Nonce           string          `json:"nonce,omitempty"`
	EnforceNonce    bool            `json:"enforce_nonce,omitempty"`
	Content         string          `json:"content,omitempty"` // never with components v2
	Flags           int             `json:"flags"`
	Components      []component     `json:"components"`
	AllowedMentions allowedMentions `json:"allowed_mentions"`
	Reference       *reference      `json:"message_reference,omitempty"`
}

// The flags of messages:
// https://docs.discord.com/developers/resources/message#message-object-message-flags
const (
	flagSuppressEmbeds = 1 << 2
	flagEphemeral      = 1 << 6
	flagComponentsV2   = 1 << 15
)

// allowedMentions is whom a message may notify. Heed's notify nobody: Parse is
// empty and never null, which would mean everybody.
type allowedMentions struct {
	Parse       []string `json:"parse"`
	RepliedUser bool     `json:"replied_user"`
}

// reference makes a message the answer to another one of its channel.
type reference struct {
	Message       string `json:"message_id"`
	FailIfMissing bool   `json:"fail_if_not_exists"`
}

// modal is a form as Discord opens it. Its CustomID is the opener's to set.
type modal struct {
	CustomID   string      `json:"custom_id"`
	Title      string      `json:"title"`
	Components []component `json:"components"`
}

// component is a part of a message or of a modal; which fields count depends on
// its Type: https://docs.discord.com/developers/components/reference
type component struct {
	Type int `json:"type"`
	ID   int `json:"id,omitempty"`

	Components  []component `json:"components,omitempty"`   // of a row, section, container
	Accessory   *component  `json:"accessory,omitempty"`    // of a section
	Component   *component  `json:"component,omitempty"`    // of a label
	Content     string      `json:"content,omitempty"`      // of a text display
	AccentColor *int        `json:"accent_color,omitempty"` // of a container
	Divider     *bool       `json:"divider,omitempty"`      // of a separator
	Spacing     int         `json:"spacing,omitempty"`

	Items []galleryItem `json:"items,omitempty"` // of a media gallery

	CustomID    string `json:"custom_id,omitempty"`
	Label       string `json:"label,omitempty"`       // of a button, a label
	Description string `json:"description,omitempty"` // of a label
	Style       int    `json:"style,omitempty"`       // of a button, a text input
	URL         string `json:"url,omitempty"`         // of a link button

	Placeholder   string         `json:"placeholder,omitempty"`
	Value         string         `json:"value,omitempty"` // of a text input
	MaxLength     int            `json:"max_length,omitempty"`
	Options       []option       `json:"options,omitempty"`
	DefaultValues []defaultValue `json:"default_values,omitempty"`
	ChannelTypes  []int          `json:"channel_types,omitempty"`
	MinValues     *int           `json:"min_values,omitempty"`
	MaxValues     *int           `json:"max_values,omitempty"`
	Default       bool           `json:"default,omitempty"`  // of a checkbox
	Required      *bool          `json:"required,omitempty"` // absent: yes
}

// galleryItem is a picture of a media gallery.
type galleryItem struct {
	Media media `json:"media"`
}

// media is where a picture is: attachment:// names a file that goes along.
type media struct {
	URL string `json:"url"`
}

// option is one choice of a list.
type option struct {
	Label       string `json:"label"`
	Value       string `json:"value"`
	Description string `json:"description,omitempty"`
	Default     bool   `json:"default,omitempty"`
}

// defaultValue is what a list of people or channels begins with.
type defaultValue struct {
	ID   string `json:"id"`
	Type string `json:"type"` // user or channel
}

// The types of components:
// https://docs.discord.com/developers/components/reference#component-object-component-types
const (
	typeActionRow     = 1
	typeButton        = 2
	typeStringSelect  = 3
	typeTextInput     = 4
	typeUserSelect    = 5
	typeChannelSelect = 8
	typeSection       = 9
	typeTextDisplay   = 10
	typeMediaGallery  = 12
	typeSeparator     = 14
	typeContainer     = 17
	typeLabel         = 18
	typeCheckboxGroup = 22
)

// The styles of buttons and of text inputs.
const (
	buttonPrimary   = 1
	buttonSecondary = 2
	buttonDanger    = 4
	buttonLink      = 5

	inputLine  = 1
	inputLines = 2
)

package discordfake

import (
	"fmt"
	"strings"
	"testing"
)

func comps(all ...any) object { return object{"components": all} }
func v2(all ...any) object    { return object{"flags": flagComponentsV2, "components": all} }
func row(all ...any) object   { return object{"type": 1, "components": append([]any{}, all...)} }
func button(id, label string) object {
	return object{"type": 2, "style": 1, "custom_id": id, "label": label}
}
func link(url string) object { return object{"type": 2, "style": 5, "label": "Try it", "url": url} }
func display(s string) object {
	return object{"type": 10, "content": s}
}
func menu(with object) object {
	m := object{"type": 3, "custom_id": "s", "options": []any{object{"label": "A", "value": "a"}}}
	for name, v := range with {
		m[name] = v
	}
	return m
}
func options(n int) []any {
	return times(n, func(i int) any { return object{"label": "x", "value": fmt.Sprint(i)} })
}

func TestComponentLimits(t *testing.T) {
	t.Parallel()
	buttons := func(n int) []any {
		return times(n, func(i int) any { return button(fmt.Sprint("b", i), "x") })
	}
	rows := func(n int) object {
		return comps(times(n, func(i int) any { return row(button(fmt.Sprint("r", i), "x")) })...)
	}
	option := func(with object) object {
		o := object{"label": "A", "value": "a"}
		for name, v := range with {
			o[name] = v
		}
		return comps(row(menu(object{"options": []any{o}})))
	}
	user := object{"type": 5, "custom_id": "u"}
	run(t, checkMessage, map[string]bounds{
		"rows":             {rows(5), rows(6), "components BASE_TYPE_MAX_LENGTH"},
		"buttons in a row": {comps(row(buttons(5)...)), comps(row(buttons(6)...)), "components.0.components BASE_TYPE_BAD_LENGTH"},
		"a row holds one":  {comps(row(button("a", "x"))), comps(row()), "components.0.components BASE_TYPE_BAD_LENGTH"},
		"label":            {comps(row(button("a", of(80)))), comps(row(button("a", of(81)))), "components.0.components.0.label BASE_TYPE_MAX_LENGTH"},
		"label or emoji": {
			comps(row(object{"type": 2, "style": 2, "custom_id": "a", "emoji": object{"name": "👍"}})),
			comps(row(object{"type": 2, "style": 2, "custom_id": "a"})), "components.0.components.0.label BASE_TYPE_REQUIRED",
		},
		"an emoji is no word": {
			comps(row(object{"type": 2, "style": 2, "custom_id": "a", "emoji": object{"name": "1️⃣"}})),
			comps(row(object{"type": 2, "style": 2, "custom_id": "a", "emoji": object{"name": "+1"}})), "components.0.components.0.emoji.name COMPONENT_INVALID_EMOJI",
		},
		"custom id":   {comps(row(button(of(100), "x"))), comps(row(button(of(101), "x"))), "components.0.components.0.custom_id BASE_TYPE_BAD_LENGTH"},
		"a custom id": {comps(row(button("a", "x"))), comps(row(button("", "x"))), "components.0.components.0.custom_id BASE_TYPE_BAD_LENGTH"},
		"custom ids differ": {
			comps(row(button("a", "x")), row(button("b", "x"))), comps(row(button("a", "x")), row(button("a", "y"))),
			"components.1.components.0.custom_id COMPONENT_CUSTOM_ID_DUPLICATED",
		},
		"ids differ": {
			comps(object{"type": 1, "id": 1, "components": []any{button("a", "x")}}, object{"type": 1, "id": 2, "components": []any{button("b", "x")}}),
			comps(object{"type": 1, "id": 1, "components": []any{button("a", "x")}}, object{"type": 1, "id": 1, "components": []any{button("b", "x")}}),
			"components.1.id COMPONENT_ID_DUPLICATED",
		},
		"style":                   {comps(row(button("a", "x"))), comps(row(object{"type": 2, "style": 7, "custom_id": "a", "label": "x"})), "components.0.components.0.style BASE_TYPE_CHOICES"},
		"a link":                  {comps(row(link("https://acme.example/" + strings.Repeat("x", 491)))), comps(row(link("https://acme.example/" + strings.Repeat("x", 492)))), "components.0.components.0.url BASE_TYPE_MAX_LENGTH"},
		"a link's scheme":         {comps(row(link("discord://x/y"))), comps(row(link("ftp://acme.example"))), "components.0.components.0.url URL_TYPE_INVALID_SCHEME"},
		"a link is whole":         {comps(row(link("https://acme.example"))), comps(row(link("acme"))), "components.0.components.0.url URL_TYPE_INVALID_URL"},
		"a link has no custom id": {comps(row(link("https://acme.example"))), comps(row(object{"type": 2, "style": 5, "label": "x", "url": "https://acme.example", "custom_id": "a"})), "components.0.components.0.custom_id BUTTON_COMPONENT_FIELD_NOT_ALLOWED"},
		"a button has no address": {comps(row(button("a", "x"))), comps(row(object{"type": 2, "style": 1, "label": "x", "url": "https://acme.example", "custom_id": "a"})), "components.0.components.0.url BUTTON_COMPONENT_FIELD_NOT_ALLOWED"},
		"options":                 {comps(row(menu(object{"options": options(25)}))), comps(row(menu(object{"options": options(26)}))), "components.0.components.0.options BASE_TYPE_BAD_LENGTH"},
		"an option":               {comps(row(menu(object{"options": options(1)}))), comps(row(menu(object{"options": []any{}}))), "components.0.components.0.options BASE_TYPE_BAD_LENGTH"},
		"option label":            {option(object{"label": of(100)}), option(object{"label": of(101)}), "components.0.components.0.options.0.label BASE_TYPE_BAD_LENGTH"},
		"option value":            {option(object{"value": of(100)}), option(object{"value": of(101)}), "components.0.components.0.options.0.value BASE_TYPE_BAD_LENGTH"},
		"option description":      {option(object{"description": of(100)}), option(object{"description": of(101)}), "components.0.components.0.options.0.description BASE_TYPE_MAX_LENGTH"},
		"placeholder":             {comps(row(menu(object{"placeholder": of(150)}))), comps(row(menu(object{"placeholder": of(151)}))), "components.0.components.0.placeholder BASE_TYPE_MAX_LENGTH"},
		"max values": {
			comps(row(menu(object{"options": options(25), "max_values": 25}))), comps(row(menu(object{"options": options(25), "max_values": 26}))),
			"components.0.components.0.max_values NUMBER_TYPE_MAX",
		},
		"as many as there are": {
			comps(row(menu(object{"options": options(2), "max_values": 2}))), comps(row(menu(object{"options": options(2), "max_values": 3}))),
			"components.0.components.0.max_values SELECT_COMPONENT_MAX_VALUES_TOO_LARGE",
		},
		"option values differ": {
			comps(row(menu(object{"options": options(2)}))),
			comps(row(menu(object{"options": []any{object{"label": "a", "value": "1"}, object{"label": "b", "value": "1"}}}))),
			"components.0.components.0.options.1 SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
		},
		"a select fills its row": {
			comps(row(menu(nil)), row(button("a", "x"))), comps(row(menu(nil), button("a", "x"))),
			"components.0.components.1 COMPONENT_LAYOUT_WIDTH_EXCEEDED",
		},
		"defaults fit": {
			comps(row(object{"type": 5, "custom_id": "u", "default_values": []any{object{"id": "1", "type": "user"}}})),
			comps(row(object{"type": 5, "custom_id": "u", "default_values": []any{object{"id": "1", "type": "role"}}})),
			"components.0.components.0.default_values.0.type BASE_TYPE_CHOICES",
		},
		"text stands outside rows":   {comps(row(user)), comps(row(display("x"))), "components.0.components.0 UNION_TYPE_CHOICES"},
		"text needs the flag":        {v2(display("x")), comps(display("x")), "components.0 UNION_TYPE_CHOICES"},
		"text input is for modals":   {comps(row(user)), comps(row(object{"type": 4, "custom_id": "t", "style": 1})), "components.0.components.0 UNION_TYPE_CHOICES"},
		"labels are for modals":      {v2(row(user)), v2(object{"type": 18, "label": "x", "component": user}), "components.0 UNION_TYPE_CHOICES"},
		"a button stands in a row":   {v2(row(button("a", "x"))), v2(button("a", "x")), "components.0 UNION_TYPE_CHOICES"},
		"containers are not nested":  {v2(container(display("x"))), v2(container(container(display("x")))), "components.0.components.0 UNION_TYPE_CHOICES"},
		"a container holds one":      {v2(container(display("x"))), v2(container()), "components.0.components BASE_TYPE_BAD_LENGTH"},
		"a section's texts":          {v2(section(3)), v2(section(4)), "components.0.components BASE_TYPE_BAD_LENGTH"},
		"a section has an accessory": {v2(section(1)), v2(object{"type": 9, "components": []any{display("x")}}), "components.0.accessory BASE_TYPE_REQUIRED"},
		"a gallery": {
			v2(object{"type": 12, "items": times(10, func(int) any { return picture() })}),
			v2(object{"type": 12, "items": times(11, func(int) any { return picture() })}), "components.0.items BASE_TYPE_BAD_LENGTH",
		},
		"no content beside": {
			v2(display("x")), object{"flags": flagComponentsV2, "content": "x", "components": []any{display("x")}},
			"content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
		},
		"no embeds beside": {
			object{"flags": flagComponentsV2, "embeds": []any{}, "components": []any{display("x")}},
			object{"flags": flagComponentsV2, "embeds": []any{object{"title": "x"}}, "components": []any{display("x")}},
			"embeds MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
		},
		// A container of 39: the container itself counts; a section counts with its text and accessory.
		"components in all": {
			v2(container(times(39, func(int) any { return display("x") })...)), v2(container(times(40, func(int) any { return display("x") })...)),
			"components COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
		},
		"nested ones count": {
			v2(times(13, func(int) any { return section(1) })...), v2(append(times(13, func(int) any { return section(1) }), display("x"), display("y"))...),
			"components COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
		},
		"text in all": {
			v2(display(of(2000)), container(display(of(2000)))), v2(display(of(2000)), container(display(of(2001)))),
			"components COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
		},
		"one text": {v2(display(of(4000))), v2(display(of(4001))), "components.0.content BASE_TYPE_BAD_LENGTH"},
		"accent":   {v2(object{"type": 17, "accent_color": 0xFFFFFF, "components": []any{display("x")}}), v2(object{"type": 17, "accent_color": 0x1000000, "components": []any{display("x")}}), "components.0.accent_color NUMBER_TYPE_MAX"},
	})
}

func container(all ...any) object {
	return object{"type": 17, "components": append([]any{}, all...)}
}
func picture() object {
	return object{"media": object{"url": "https://acme.example/shot.png"}, "description": "the list"}
}
func section(texts int) object {
	return object{
		"type": 9, "components": times(texts, func(int) any { return display("x") }),
		"accessory": object{"type": 11, "media": object{"url": "https://acme.example/shot.png"}},
	}
}

// Letters that take three or four bytes meet an end that Discord does not
// document: it answers 500, not a refusal.
func TestDisplayBytes(t *testing.T) {
	t.Parallel()
	fits, breaks := v2(display(strings.Repeat("語", 3386))), v2(display(strings.Repeat("語", 3386)+"x"))
	if e := checkMessage(bytesOf(t, fits)); e != nil {
		t.Errorf("10,158 bytes: %v", e)
	}
	if e := checkMessage(bytesOf(t, breaks)); e == nil || e.status != 500 {
		t.Errorf("10,159 bytes: %v, want 500", e)
	}
}

func TestModalLimits(t *testing.T) {
	t.Parallel()
	modal := func(with object) object {
		data := object{"custom_id": "m", "title": "t", "components": []any{labelled("a", nil)}}
		for name, v := range with {
			data[name] = v
		}
		return object{"type": 9, "data": data}
	}
	input := func(with object) object { return modal(object{"components": []any{labelled("a", with)}}) }
	inputs := func(n int) object {
		return modal(object{"components": times(n, func(i int) any { return labelled(fmt.Sprint("i", i), nil) })})
	}
	label := func(with object) object {
		l := labelled("a", nil)
		for name, v := range with {
			l[name] = v
		}
		return modal(object{"components": []any{l}})
	}
	inner := func(c object) object {
		return modal(object{"components": []any{object{"type": 18, "label": "l", "component": c}}})
	}
	radio := func(n int) object { return inner(object{"type": 21, "custom_id": "r", "options": options(n)}) }
	at := "data.components.0.component."
	run(t, func(b []byte) *apiError { return checkAnswer(b, kindCommand, nil, 0) }, map[string]bounds{
		"title":                  {modal(object{"title": of(45)}), modal(object{"title": of(46)}), "data.title BASE_TYPE_MAX_LENGTH"},
		"a title":                {modal(nil), modal(object{"title": ""}), "data.title BASE_TYPE_REQUIRED"},
		"custom id":              {modal(object{"custom_id": of(100)}), modal(object{"custom_id": of(101)}), "data.custom_id BASE_TYPE_BAD_LENGTH"},
		"fields":                 {inputs(5), inputs(6), "data.components BASE_TYPE_BAD_LENGTH"},
		"a field":                {inputs(1), inputs(0), "data.components BASE_TYPE_BAD_LENGTH"},
		"label":                  {label(object{"label": of(45)}), label(object{"label": of(46)}), "data.components.0.label BASE_TYPE_BAD_LENGTH"},
		"description":            {label(object{"description": of(100)}), label(object{"description": of(101)}), "data.components.0.description BASE_TYPE_MAX_LENGTH"},
		"value":                  {input(object{"value": of(4000)}), input(object{"value": of(4001)}), at + "value BASE_TYPE_MAX_LENGTH"},
		"value within its max":   {input(object{"value": of(80), "max_length": 80}), input(object{"value": of(81), "max_length": 80}), at + "value BASE_TYPE_MAX_LENGTH"},
		"value above its min":    {input(object{"value": "xxx", "min_length": 3}), input(object{"value": "xx", "min_length": 3}), at + "value BASE_TYPE_MIN_LENGTH"},
		"max length":             {input(object{"max_length": 4000}), input(object{"max_length": 4001}), at + "max_length NUMBER_TYPE_MAX"},
		"max length of one":      {input(object{"max_length": 1}), input(object{"max_length": 0}), at + "max_length NUMBER_TYPE_MIN"},
		"min length":             {input(object{"min_length": 4000}), input(object{"min_length": 4001}), at + "min_length NUMBER_TYPE_MAX"},
		"placeholder":            {input(object{"placeholder": of(100)}), input(object{"placeholder": of(101)}), at + "placeholder BASE_TYPE_MAX_LENGTH"},
		"input style":            {input(object{"style": 2}), input(object{"style": 3}), at + "style BASE_TYPE_CHOICES"},
		"custom ids differ":      {inputs(2), modal(object{"components": []any{labelled("a", nil), labelled("a", nil)}}), "data.components.1.component.custom_id COMPONENT_CUSTOM_ID_DUPLICATED"},
		"a select":               {inner(menu(object{"options": options(25)})), inner(menu(object{"options": options(26)})), at + "options BASE_TYPE_BAD_LENGTH"},
		"needed means one":       {inner(menu(object{"min_values": 0, "required": false})), inner(menu(object{"min_values": 0})), at + "min_values MODAL_COMPONENT_REQUIRED_MIN_VALUES"},
		"nothing is disabled":    {inner(menu(nil)), inner(menu(object{"disabled": true})), at + "disabled MODAL_COMPONENT_DISABLED"},
		"radio":                  {radio(10), radio(11), at + "options BASE_TYPE_BAD_LENGTH"},
		"radio of two":           {radio(2), radio(1), at + "options BASE_TYPE_BAD_LENGTH"},
		"text between":           {modal(object{"components": []any{display("Hello"), labelled("a", nil)}}), modal(object{"components": []any{display("")}}), "data.components.0.content BASE_TYPE_BAD_LENGTH"},
		"no button":              {inputs(1), inner(button("a", "x")), "data.components.0.component UNION_TYPE_CHOICES"},
		"an input needs a label": {inputs(1), modal(object{"components": []any{object{"type": 4, "custom_id": "a", "style": 1}}}), "data.components.0 UNION_TYPE_CHOICES"},
		"rows of old": {
			modal(object{"components": []any{row(object{"type": 4, "custom_id": "a", "style": 1, "label": of(45)})}}),
			modal(object{"components": []any{row(object{"type": 4, "custom_id": "a", "style": 1, "label": of(46)})}}), "data.components.0.components.0.label BASE_TYPE_BAD_LENGTH",
		},
	})
}

func labelled(id string, with object) object {
	c := object{"type": 4, "custom_id": id, "style": 1}
	for name, v := range with {
		c[name] = v
	}
	return object{"type": 18, "label": "l", "component": c}
}

func TestAnswer(t *testing.T) {
	t.Parallel()
	suggest := func(n int, name, value any) object {
		return object{"type": 8, "data": object{"choices": times(n, func(int) any { return object{"name": name, "value": value} })}}
	}
	t.Run("suggestions", func(t *testing.T) {
		t.Parallel()
		run(t, func(b []byte) *apiError { return checkAnswer(b, kindAutocomplete, nil, 0) }, map[string]bounds{
			"as many":      {suggest(25, "x", "y"), suggest(26, "x", "y"), "data.choices BASE_TYPE_MAX_LENGTH"},
			"none":         {suggest(0, "x", "y"), object{"type": 8}, "data.choices BASE_TYPE_REQUIRED"},
			"name":         {suggest(1, of(100), "y"), suggest(1, of(101), "y"), "data.choices.0.name BASE_TYPE_BAD_LENGTH"},
			"value":        {suggest(1, "x", of(100)), suggest(1, "x", of(101)), "data.choices.0.value BASE_TYPE_BAD_LENGTH"},
			"no message":   {suggest(1, "x", 42), object{"type": 4, "data": says("x")}, "type BASE_TYPE_CHOICES"},
			"no deferment": {suggest(1, "x", 42), object{"type": 5}, "type BASE_TYPE_CHOICES"},
		})
	})
	on := object{"content": "card"}
	modal := object{"type": 9, "data": object{"custom_id": "m", "title": "t", "components": []any{labelled("a", nil)}}}
	for name, c := range map[string]struct {
		body object
		kind int
		on   object
		fits bool
	}{
		"a form after a form":                {modal, kindModalSubmit, on, false},
		"a form after a press":               {modal, kindComponent, on, true},
		"a command has nothing to update":    {object{"type": 7, "data": says("x")}, kindCommand, nil, false},
		"a form of a command neither":        {object{"type": 7, "data": says("x")}, kindModalSubmit, nil, false},
		"a form of a press updates its card": {object{"type": 7, "data": says("x")}, kindModalSubmit, on, true},
		"a press updates its card":           {object{"type": 7, "data": object{"components": []any{}}}, kindComponent, on, true},
		"deferred privately":                 {object{"type": 5, "data": object{"flags": 64}}, kindCommand, nil, true},
		"deferred as components":             {object{"type": 5, "data": object{"flags": 64 + flagComponentsV2}}, kindCommand, nil, false},
		"an answer says something":           {object{"type": 4, "data": object{"flags": 64}}, kindCommand, nil, false},
		"an answer's text has an end":        {object{"type": 4, "data": says(of(2001))}, kindCommand, nil, false},
		"an answer":                          {object{"type": 4, "data": says("x")}, kindCommand, nil, true},
	} {
		e := checkAnswer(bytesOf(t, c.body), c.kind, c.on, 0)
		if (e == nil) != c.fits {
			t.Errorf("%s: %v", name, e)
		}
	}
}

package discordfake

import (
	"fmt"
	"testing"
)

func command(with object) object {
	m := object{"name": "heed", "description": "d"}
	for name, v := range with {
		m[name] = v
	}
	return m
}
func param(kind int, name string, with object) object {
	o := object{"type": kind, "name": name, "description": "d"}
	for n, v := range with {
		o[n] = v
	}
	return o
}
func holds(all ...any) object { return command(object{"options": all}) }

func TestCommandLimits(t *testing.T) {
	t.Parallel()
	params := func(n int) []any {
		return times(n, func(i int) any { return param(optionString, fmt.Sprint("p", i), nil) })
	}
	subs := func(n int) []any {
		return times(n, func(i int) any { return param(optionSub, fmt.Sprint("s", i), nil) })
	}
	choices := func(n int) object {
		return holds(param(optionString, "p", object{"choices": times(n, func(i int) any { return object{"name": fmt.Sprint(i), "value": fmt.Sprint(i)} })}))
	}
	choice := func(kind int, name, value any) object {
		return holds(param(kind, "p", object{"choices": []any{object{"name": name, "value": value}}}))
	}
	group := func(all ...any) object { return holds(param(optionGroup, "g", object{"options": all})) }
	run(t, checkCommand, map[string]bounds{
		"name":                      {command(object{"name": of(32)}), command(object{"name": of(33)}), "name BASE_TYPE_BAD_LENGTH"},
		"name's letters":            {command(object{"name": "forget-me_2'ä"}), command(object{"name": "forget me"}), "name STRING_TYPE_REGEX"},
		"lowercase":                 {command(object{"name": "समझ"}), command(object{"name": "Heed"}), "name APPLICATION_COMMAND_INVALID_NAME"},
		"description":               {command(object{"description": of(100)}), command(object{"description": of(101)}), "description BASE_TYPE_BAD_LENGTH"},
		"a description":             {command(object{"description": "d"}), command(object{"description": ""}), "description BASE_TYPE_BAD_LENGTH"},
		"options":                   {holds(params(25)...), holds(params(26)...), "options BASE_TYPE_MAX_LENGTH"},
		"subcommands":               {holds(subs(25)...), holds(subs(26)...), "options BASE_TYPE_MAX_LENGTH"},
		"subcommands of a group":    {group(subs(25)...), group(subs(26)...), "options.0.options BASE_TYPE_MAX_LENGTH"},
		"options of a subcommand":   {holds(param(1, "s", object{"options": params(25)})), holds(param(1, "s", object{"options": params(26)})), "options.0.options BASE_TYPE_MAX_LENGTH"},
		"an option's name":          {holds(param(3, of(32), nil)), holds(param(3, of(33), nil)), "options.0.name BASE_TYPE_BAD_LENGTH"},
		"an option's description":   {holds(param(3, "p", object{"description": of(100)})), holds(param(3, "p", object{"description": of(101)})), "options.0.description BASE_TYPE_BAD_LENGTH"},
		"names differ":              {holds(params(2)...), holds(param(3, "p", nil), param(4, "p", nil)), "options.1.name APPLICATION_COMMAND_OPTIONS_NAME_INVALID"},
		"required come first":       {holds(param(3, "a", object{"required": true}), param(3, "b", nil)), holds(param(3, "a", nil), param(3, "b", object{"required": true})), "options.1 APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"},
		"subcommands or parameters": {holds(subs(2)...), holds(param(1, "s", nil), param(3, "p", nil)), "options APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"},
		"no group in a group":       {group(subs(1)...), group(param(optionGroup, "h", nil)), "options.0.options.0.type APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"},
		"no group in a subcommand":  {holds(subs(1)...), holds(param(1, "s", object{"options": []any{param(optionGroup, "g", nil)}})), "options.0.options.0.type APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"},
		"no subcommand in one":      {holds(subs(1)...), holds(param(1, "s", object{"options": subs(1)})), "options.0.options.0.type APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"},
		"a group holds no words":    {group(subs(1)...), group(param(3, "p", nil)), "options.0.options.0.type APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"},
		"kinds of option":           {holds(param(11, "p", nil)), holds(param(12, "p", nil)), "options.0.type APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"},
		"choices":                   {choices(25), choices(26), "options.0.choices BASE_TYPE_MAX_LENGTH"},
		"a choice's name":           {choice(3, of(100), "v"), choice(3, of(101), "v"), "options.0.choices.0.name BASE_TYPE_BAD_LENGTH"},
		"a choice's value":          {choice(3, "n", of(100)), choice(3, "n", of(101)), "options.0.choices.0.value BASE_TYPE_BAD_LENGTH"},
		"a number's choice":         {choice(4, "n", 7), choice(4, "n", "7"), "options.0.choices.0.value NUMBER_TYPE_COERCE"},
		"a text's choice":           {choice(3, "n", "7"), choice(3, "n", 7), "options.0.choices.0.value STRING_TYPE_CONVERT"},
		"choices or autocomplete": {
			holds(param(3, "p", object{"autocomplete": true, "choices": []any{}})),
			holds(param(3, "p", object{"autocomplete": true, "choices": []any{object{"name": "n", "value": "v"}}})),
			"options.0 APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES",
		},
		"who may autocomplete": {holds(param(4, "p", object{"autocomplete": true})), holds(param(6, "p", object{"autocomplete": true})), "options.0.autocomplete APPLICATION_COMMAND_OPTIONS_FIELD_INVALID"},
		"max length":           {holds(param(3, "p", object{"max_length": 6000})), holds(param(3, "p", object{"max_length": 6001})), "options.0.max_length NUMBER_TYPE_MAX"},
		"channels only":        {holds(param(7, "p", object{"channel_types": []any{0}})), holds(param(3, "p", object{"channel_types": []any{0}})), "options.0.channel_types APPLICATION_COMMAND_OPTIONS_FIELD_INVALID"},
		"a menu has no words":  {object{"type": 3, "name": "Save as feedback"}, object{"type": 3, "name": "Save as feedback", "description": "d"}, "description APPLICATION_COMMAND_INVALID_DESCRIPTION"},
		"a menu's name":        {object{"type": 3, "name": of(32)}, object{"type": 3, "name": of(33)}, "name BASE_TYPE_BAD_LENGTH"},
		"translations": {
			command(object{"description_localizations": object{"de": of(100)}}), command(object{"description_localizations": object{"de": of(101)}}),
			"description_localizations.de BASE_TYPE_BAD_LENGTH",
		},
	})
}

func TestCommandSize(t *testing.T) {
	t.Parallel()
	// 4 + 96 of the command, 4 groups and 75 subcommands of 100 characters each.
	sized := func(last int) object {
		groups := times(4, func(g int) any {
			n := 19
			if g == 3 {
				n = 18
			}
			return param(optionGroup, fmt.Sprintf("g%02d", g), object{
				"description": of(97),
				"options": times(n, func(i int) any {
					return param(optionSub, fmt.Sprintf("s%02d", i), object{"description": of(97)})
				}),
			})
		})
		return command(object{"description": of(last), "options": groups})
	}
	small := commandSize(jsonObject(t, sized(96)))
	if small != 100+4*100+75*100 {
		t.Fatalf("the command counts %d", small)
	}
	bounds{sized(96), sized(97), " APPLICATION_COMMAND_TOO_LARGE"}.check(t, checkCommand)
	longest := jsonObject(t, command(object{"name": "heed", "name_localizations": object{"de": "hören", "fr": "x"}, "description": "d"}))
	if n := commandSize(longest); n != 6 {
		t.Errorf("of translations the longest counts: %d, want 6", n)
	}
}

func jsonObject(t *testing.T, m object) object {
	t.Helper()
	out, refused := parseBody(bytesOf(t, m))
	if refused != nil {
		t.Fatal(refused)
	}
	return out
}

func TestCommandsTogether(t *testing.T) {
	t.Parallel()
	chat := func(n int) []any {
		return times(n, func(i int) any { return command(object{"name": fmt.Sprint("c", i)}) })
	}
	menus := func(n int) []any {
		return times(n, func(i int) any { return object{"type": 3, "name": fmt.Sprint("Menu ", i)} })
	}
	for name, c := range map[string]struct {
		all  any
		code int
	}{
		"a hundred": {chat(100), 0}, "one more": {chat(101), 30032}, "menus": {menus(15), 0}, "one menu more": {menus(16), 30032},
		"none": {[]any{}, 0}, "no list": {command(nil), 50035},
		"a name twice":              {[]any{command(nil), command(nil)}, 50035},
		"a menu of the same name":   {[]any{command(nil), object{"type": 3, "name": "heed"}}, 0},
		"a fault inside has a path": {[]any{command(nil), command(object{"name": "x y"})}, 50035},
	} {
		e := checkCommands(bytesOf(t, c.all))
		switch {
		case e == nil && c.code != 0, e != nil && e.code != c.code:
			t.Errorf("%s: %v, want %d", name, e, c.code)
		case name == "a fault inside has a path" && e.paths()[0] != "1.name STRING_TYPE_REGEX":
			t.Errorf("%s: %v", name, e.paths())
		}
	}
}

func TestThreadAndChannelLimits(t *testing.T) {
	t.Parallel()
	post := func(with object) object {
		m := object{"name": "n", "message": says("x")}
		for name, v := range with {
			m[name] = v
		}
		return m
	}
	ids := func(n int) []any { return times(n, func(i int) any { return fmt.Sprint(i + 1) }) }
	tags := func(n, size int) object {
		return object{"available_tags": times(n, func(i int) any { return object{"name": fmt.Sprintf("%02d", i) + of(size-2)} })}
	}
	t.Run("threads", func(t *testing.T) {
		t.Parallel()
		run(t, func(b []byte) *apiError { return checkThread(b, false, 0) }, map[string]bounds{
			"name":    {object{"name": of(100)}, object{"name": of(101)}, "name BASE_TYPE_MAX_LENGTH"},
			"a name":  {object{"name": "n"}, object{}, "name BASE_TYPE_REQUIRED"},
			"archive": {object{"name": "n", "auto_archive_duration": 10080}, object{"name": "n", "auto_archive_duration": 10081}, "auto_archive_duration BASE_TYPE_CHOICES"},
		})
	})
	t.Run("posts", func(t *testing.T) {
		t.Parallel()
		run(t, func(b []byte) *apiError { return checkThread(b, true, 0) }, map[string]bounds{
			"a message":      {post(nil), object{"name": "n"}, "message BASE_TYPE_REQUIRED"},
			"tags":           {post(object{"applied_tags": ids(5)}), post(object{"applied_tags": ids(6)}), "applied_tags BASE_TYPE_MAX_LENGTH"},
			"its first text": {post(object{"message": says(of(2000))}), post(object{"message": says(of(2001))}), "message.content BASE_TYPE_MAX_LENGTH"},
		})
		if e := checkThread(bytesOf(t, post(object{"message": object{}})), true, 0); e != errEmptyMessage {
			t.Errorf("a post that says nothing: %v", e)
		}
	})
	t.Run("channels", func(t *testing.T) {
		t.Parallel()
		run(t, func(b []byte) *apiError { return checkChannel(b, true) }, map[string]bounds{
			"name":            {object{"name": of(100)}, object{"name": of(101)}, "name BASE_TYPE_BAD_LENGTH"},
			"topic":           {object{"topic": of(4096)}, object{"topic": of(4097)}, "topic BASE_TYPE_MAX_LENGTH"},
			"tags to choose":  {tags(20, 5), tags(21, 5), "available_tags BASE_TYPE_MAX_LENGTH"},
			"a tag's name":    {tags(1, 20), tags(1, 21), "available_tags.0.name BASE_TYPE_MAX_LENGTH"},
			"tags of a post":  {object{"applied_tags": ids(5)}, object{"applied_tags": ids(6)}, "applied_tags BASE_TYPE_MAX_LENGTH"},
			"archived is yes": {object{"archived": false}, object{"archived": "no"}, "archived BOOLEAN_TYPE_CONVERT"},
		})
	})
	if checkReaction(19, false) != nil || checkReaction(20, false) != errReactions || checkReaction(20, true) != nil {
		t.Error("twenty different emoji, and any number of the same")
	}
}

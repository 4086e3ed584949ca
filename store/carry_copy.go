package store

import (
	"fmt"
	"slices"
	"strings"
)

// copied says how a table's rows go to the other board.
type copied struct {
	table string
	// where chooses rows s of the board that is left; "" takes all that the joins leave.
	where string
	// join adds tables that the choice or the values need.
	join string
	// set gives columns another value than they have: SQL over s.
	set map[string]string
	// again is what becomes of a row that is there: "" leaves it as it is there. With
	// replace it becomes as it is here, but for the columns that keep names.
	again   string
	replace bool
	keep    []string
}

// copy carries a table's rows. Columns are read from the catalog, so that one which is
// added later goes along without a word here.
func (c *carrier) copy(t copied) {
	if c.err != nil {
		return
	}
	var columns, key []string
	if c.err = c.rows(c.ctx, &columns, `
		select attname from pg_attribute
		 where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`, t.table); c.err != nil {
		return
	}
	if c.err = c.rows(c.ctx, &key, `
		select a.attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
		 where i.indrelid = $1::regclass and i.indisprimary`, t.table); c.err != nil {
		return
	}
	values, sets := make([]string, len(columns)), []string{}
	for i, name := range columns {
		values[i] = "s." + name
		if name == "board_id" {
			values[i] = "$to"
		}
		if v, ok := t.set[name]; ok {
			values[i] = v
		}
		if !slices.Contains(key, name) && !slices.Contains(t.keep, name) {
			sets = append(sets, name+" = excluded."+name)
		}
	}
	again := t.again
	switch {
	case t.replace && len(sets) > 0:
		again = "do update set " + strings.Join(sets, ", ")
	case again == "":
		again = "do nothing"
	}
	where := "s.board_id = $from"
	if t.where != "" {
		where += " and " + t.where
	}
	c.do(t.table, fmt.Sprintf(`insert into %s (%s) select %s from %s s %s where %s on conflict (%s) %s`,
		t.table, strings.Join(columns, ", "), strings.Join(values, ", "), t.table, t.join, where, strings.Join(key, ", "), again))
}

// thereToo is a join with the row of the same id on the other board.
func thereToo(table, id string) string {
	return fmt.Sprintf(" join %s there on there.board_id = $to and there.%s = s.%s", table, id, id)
}

// ifThere is a column's id where the other board has such a row, else null.
func ifThere(table, id, column string) string {
	return fmt.Sprintf("(select x.%s from %s x where x.board_id = $to and x.%s = s.%s)", id, table, id, column)
}

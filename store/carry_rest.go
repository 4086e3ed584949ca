package store

import "strings"

// oursAlone tells of a story whether only people of the workspaces wrote it: what the
// others write about a request is theirs, though the request goes.
func oursAlone(story string) string {
	return strings.ReplaceAll(`(
	$all or exists (select from members m where m.board_id = s.board_id and m.member_id = s.created_by and m.workspace_id = any($ws))
	and not exists (select from story_versions v join members m on m.board_id = v.board_id and m.member_id = v.edited_by
	                 where v.board_id = s.board_id and v.story_id = s.story_id and m.workspace_id <> all($ws)))`, "s.", story+".")
}

// goesStory tells of a story whether it goes along: of those that the workspaces wrote
// alone, one with the requests that it is made from, if all of them go, or of none.
var goesStory = oursAlone("s") + ` and (
	$all or exists (select from stories h where h.board_id = $to and h.story_id = s.story_id)
	or not exists (select from story_items x join items i on i.board_id = x.board_id and i.item_id = x.item_id
	                where x.board_id = s.board_id and x.story_id = s.story_id and not ` + goes("i") + `))`

// backlog carries stories, behind those of the other board, and the record of who did what.
func (c *carrier) backlog() {
	there := `exists (select from stories t where t.board_id = $to and t.story_id = s.story_id)`
	c.read(&c.stories, "stories before", `select s.story_id from stories s where s.board_id = $from and `+there)
	c.copy(copied{table: "stories", where: goesStory + ` and not ` + there, set: map[string]string{
		"number": `(select next_story - 1 from boards where board_id = $to) + row_number() over (order by s.number)`,
		"rank":   `s.rank + (select coalesce(max(t.rank), 0) from stories t where t.board_id = $to)`,
		"source_key": `case when s.source_key in (select t.source_key from stories t where t.board_id = $to)
			then s.source_key || '` + leftMark + `' || s.story_id else s.source_key end`,
		"created_by": ifMember("created_by"),
	}})
	written := `(s.story_id <> all($stories))`
	if !c.what.Whole { // the board of one's own slept meanwhile: it takes what the stories became
		written = `exists (select from stories o where o.board_id = $from and o.story_id = s.story_id and ` + oursAlone("o") + `)`
		c.do("states of stories", `update stories t set state = s.state from stories s where s.board_id = $from and t.board_id = $to and t.story_id = s.story_id`)
		there += " and " + oursAlone("s")
		c.copy(copied{table: "stories", where: there, replace: true, keep: []string{"number", "rank", "source_key"}, set: map[string]string{"created_by": ifMember("created_by")}})
		c.do("old criteria", `delete from criteria t using stories s where s.board_id = $from and t.board_id = $to and t.story_id = s.story_id and `+oursAlone("s"))
		c.do("old story items", `delete from story_items t using stories s where s.board_id = $from and t.board_id = $to and t.story_id = s.story_id and `+oursAlone("s"))
	}
	c.copy(copied{table: "criteria", where: written, join: thereToo("stories", "story_id")})
	c.copy(copied{table: "story_items", where: written, join: thereToo("stories", "story_id") + ` join items i on i.board_id = $to and i.item_id = s.item_id`})
	c.copy(copied{table: "story_versions", where: written, join: thereToo("stories", "story_id"), set: map[string]string{"edited_by": ifMember("edited_by")}})
	c.copy(copied{table: "history", where: `($all or s.item_id is not null and exists (select from items i where i.board_id = $to and i.item_id = s.item_id)
		or s.item_id is null and s.story_id is not null and exists (select from stories i where i.board_id = $to and i.story_id = s.story_id))
		and (s.item_id is null or exists (select from items i where i.board_id = $to and i.item_id = s.item_id))`,
		set: map[string]string{"member_id": ifMember("member_id")}, again: `do update set undone_at = coalesce(history.undone_at, excluded.undone_at)`})
}

// digests carries when a channel gets its digest, and what it got: the next is compared
// with the last. A digest of the shared board that lists what others brought keeps on
// the board of one's own what went there.
func (c *carrier) digests() {
	c.copy(copied{table: "schedules", replace: true, where: goesMember + ` and not exists (
		select from schedules t where t.board_id = $to and t.workspace_id = s.workspace_id and t.channel_ref = s.channel_ref and t.schedule_id <> s.schedule_id)`,
		set: map[string]string{"created_by": ifMember("created_by")}})
	c.copy(copied{table: "digests", join: thereToo("schedules", "schedule_id"), set: map[string]string{"entries": `(
		select coalesce(jsonb_agg(e.entry order by e.n), '[]') from jsonb_array_elements(s.entries) with ordinality e (entry, n)
		  join items i on i.board_id = $to and i.item_id = (e.entry #>> '{line,item}')::bigint)`}})
	c.do("schedules left", `update schedules set next_at = null where board_id = $from and ($all or workspace_id = any($ws))`)
}

// posts carries Heed's messages and what waits to be said: they are no longer on the
// board that was left, so nobody sends them twice. Cards come round with their new
// number. The card of a request that stays behind has to go from the channel.
func (c *carrier) posts() {
	stays := `(s.item_id is not null and not exists (select from items i where i.board_id = $to and i.item_id = s.item_id))`
	card := `(s.kind = 'card' and s.gone_at is null and ` + stays + `)`
	c.copy(copied{table: "posts", where: goesMember, replace: true, set: map[string]string{
		"item_id": ifThere("items", "item_id", "item_id"),
		"kind":    `case when ` + card + ` then 'note' else s.kind end`,
		"subject": `case when ` + card + ` then '{"note": "left"}'
			when s.subject ? 'number' and s.item_id is not null then jsonb_set(s.subject, '{number}', to_jsonb(coalesce((select i.number from items i where i.board_id = $to and i.item_id = s.item_id), 0)))
			else s.subject end`,
		"due_at":  `case when s.kind = 'card' and s.gone_at is null then $now when ` + stays + ` then null else s.due_at end`,
		"gone_at": `case when s.kind <> 'card' and s.shown_version = 0 and ` + stays + ` then coalesce(s.gone_at, $now) else s.gone_at end`,
	}})
	c.copy(copied{table: "notices", where: `exists (select from people p where p.board_id = $to and p.person_id = s.person_id)
		and not exists (select from members m where m.board_id = $from and m.person_id = s.person_id and not ($all or m.workspace_id = any($ws)))`,
		join: thereToo("items", "item_id"), replace: true})
	c.do("notices left", `
		update notices n set dropped_at = $now
		 where n.board_id = $from and n.dropped_at is null and n.post_id is null
		   and not exists (select from members m where m.board_id = $from and m.person_id = n.person_id and not ($all or m.workspace_id = any($ws)))`)
	c.do("posts left", `delete from posts where board_id = $from and ($all or workspace_id = any($ws))`)
	c.copy(copied{table: "pictures", where: goesMember, replace: true, set: map[string]string{"item_id": ifThere("items", "item_id", "item_id")}})
	c.do("pictures left", `delete from pictures where board_id = $from and ($all or workspace_id = any($ws))`)
	for _, table := range []string{"lanes", "drafts", "playground_messages"} {
		c.copy(copied{table: table, where: goesMember, replace: true})
		c.do(table+" left", `delete from `+table+` where board_id = $from and ($all or workspace_id = any($ws))`)
	}
	c.copy(copied{table: "seen", where: `s.key not like 'aged:%'`})
}

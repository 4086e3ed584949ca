package store

// people carries who the board knows: accounts, whose they are, and what they may do.
func (c *carrier) people() {
	c.copy(copied{table: "people", where: `s.person_id in (
		select unnest(array[m.person_id, m.own_person_id]) from members m where m.board_id = $from and ($all or m.workspace_id = any($ws)))`})
	c.read(&c.changed, "people before", `
		select t.member_id, t.person_id from members t join members s on s.board_id = $from and s.member_id = t.member_id where t.board_id = $to and `+goesMember)
	c.copy(copied{table: "members", where: goesMember, replace: true, set: map[string]string{
		// Where two boards differ about a link with somebody who was not there to say, it is none.
		"person_id": `case when not $all or exists (select from members o where o.board_id = $from and o.own_person_id = s.person_id) then s.person_id
			else coalesce((select case when t.person_id = s.person_id then s.person_id else s.own_person_id end
			                 from members t where t.board_id = $to and t.member_id = s.member_id), s.person_id) end`,
	}})
	c.count("people, members")
	c.copy(copied{table: "forgotten", again: `do update set at = greatest(forgotten.at, excluded.at)`})
	for _, table := range []string{"grants", "blocks", "mutes"} {
		c.copy(copied{table: table, where: goesWith, join: ` join members m on m.board_id = s.board_id and m.member_id = s.member_id`})
	}
}

// items carries what was asked for. What is new on the other board gets the next
// numbers there, in the order of the old ones. What is there from an earlier stay keeps
// its number.
func (c *carrier) requests() {
	there := `exists (select from items t where t.board_id = $to and t.item_id = s.item_id)`
	c.read(&c.items, "items before", `select s.item_id from items s where s.board_id = $from and `+there)
	// Parents that go are chosen by goes too: a part of what stays becomes its own again.
	c.copy(copied{table: "items", where: goes("s") + ` and not ` + there, set: map[string]string{
		"number": `(select next_number - 1 from boards where board_id = $to) + row_number() over (order by s.number)`,
		"source_key": `case when s.source_key in (select t.source_key from items t where t.board_id = $to)
			then s.source_key || '` + leftMark + `' || s.item_id else s.source_key end`,
		"merged_into": parent, "root_id": "s.item_id",
		"maybe_same": `(select h.item_id from items h where h.board_id = s.board_id and h.item_id = s.maybe_same and ` + goes("h") + `)`,
		"author_id":  ifMember("author_id"), "status_by": ifMember("status_by"), "hidden_by": ifMember("hidden_by"),
		"votes": "0", "version": "s.version + 1",
	}})
	c.count("items")
	if c.what.Whole {
		c.do("items that were there", `
			update items t
			   set status = case when s.status_at > t.status_at then s.status else t.status end,
			       reason = case when s.status_at > t.status_at then s.reason else t.reason end,
			       later = case when s.status_at > t.status_at then s.later else t.later end,
			       status_by = case when s.status_at > t.status_at then s.status_by else t.status_by end,
			       status_at = greatest(s.status_at, t.status_at),
			       title = case when gone.newly then s.title else t.title end, body = case when gone.newly then s.body else t.body end,
			       team_title = case when gone.newly then s.team_title else t.team_title end,
			       team_body = case when gone.newly then s.team_body else t.team_body end,
			       team_reason = case when gone.newly then s.team_reason else t.team_reason end,
			       gone_at = coalesce(t.gone_at, s.gone_at),
			       hidden_at = case when t.hidden_at is null and hid.newly then s.hidden_at else t.hidden_at end,
			       hidden_reason = case when hid.newly then s.hidden_reason else t.hidden_reason end,
			       hidden_by = case when hid.newly then s.hidden_by else t.hidden_by end,
			       sealed_text = case when hid.newly then s.sealed_text else t.sealed_text end,
			       author_id = case when s.author_id is null then null else t.author_id end,
			       version = t.version + 1
			  from items s
			  join items o on o.board_id = $to and o.item_id = s.item_id
			 cross join lateral (select s.hidden_at is not null and o.hidden_at is null) hid (newly)
			 cross join lateral (select hid.newly or s.gone_at is not null and o.gone_at is null) gone (newly)
			 where s.board_id = $from and s.item_id = any($items) and t.board_id = $to and t.item_id = s.item_id`)
	} else {
		c.copy(copied{table: "items", where: there, replace: true, keep: []string{"number", "source_key", "votes", "root_id", "version"}, set: map[string]string{
			"merged_into": parent, "maybe_same": ifThere("items", "item_id", "maybe_same"),
			"author_id": ifMember("author_id"), "status_by": ifMember("status_by"), "hidden_by": ifMember("hidden_by"),
		}})
		c.do("versions", `update items t set version = greatest(t.version, s.version) + 1 from items s where s.board_id = $from and t.board_id = $to and t.item_id = s.item_id`)
		c.do("tags that are no more", `
			delete from item_tags t using items s where s.board_id = $from and t.board_id = $to and t.item_id = s.item_id`)
	}
	c.do("roots", `
		update items i set root_id = r.root
		  from (
		    with recursive up as (
		      select t.item_id, t.item_id as root, t.merged_into from items s join items t on t.board_id = $to and t.item_id = s.item_id where s.board_id = $from
		      union all
		      select up.item_id, p.item_id, p.merged_into from up join items p on p.board_id = $to and p.item_id = up.merged_into)
		    select item_id, root from up where merged_into is null) r
		 where i.board_id = $to and i.item_id = r.item_id and i.root_id <> r.root`)
	c.copy(copied{table: "item_tags", join: thereToo("items", "item_id")})
}

// parent is what an item is merged into, when that goes too.
var parent = `(select h.item_id from items h where h.board_id = s.board_id and h.item_id = s.merged_into and ` + goes("h") + `)`

// ifMember is a column's member where the other board knows them, else null.
func ifMember(column string) string { return ifThere("members", "member_id", column) }

// words carries what was said and done about the items that are on both boards now. What
// somebody took back on either board stays taken back.
func (c *carrier) words() {
	ours := `($all or s.workspace_id = any($ws) or exists (select from members m where m.board_id = s.board_id and m.member_id = s.member_id and m.workspace_id = any($ws))
		or s.workspace_id is null and s.member_id is null)`
	c.copy(copied{table: "evidence", where: ours, join: thereToo("items", "item_id"), set: map[string]string{
		"member_id": ifMember("member_id"), "saved_by": ifMember("saved_by"), "workspace_id": ifThere("workspaces", "workspace_id", "workspace_id"),
		"message_ref": `case when s.message_ref <> '' and exists (
			select from evidence t where t.board_id = $to and t.workspace_id = s.workspace_id and t.channel_ref = s.channel_ref
			   and t.message_ref = s.message_ref and t.evidence_id <> s.evidence_id) then '' else s.message_ref end`,
	}, again: `do update set
		quote = case when excluded.quote = '' then '' else evidence.quote end,
		permalink = case when excluded.permalink = '' then '' else evidence.permalink end,
		member_id = case when excluded.member_id is null then null else evidence.member_id end,
		message_ref = case when excluded.message_ref = '' then '' else evidence.message_ref end,
		removed_at = coalesce(evidence.removed_at, excluded.removed_at)`})
	c.copy(copied{table: "ballots", where: `exists (select from members m where m.board_id = $to and m.member_id = s.member_id)
		and exists (select from members m where m.board_id = $from and m.member_id = s.member_id and ($all or m.workspace_id = any($ws)))`,
		join: thereToo("items", "item_id"), again: `do update set supports = excluded.supports, at = excluded.at
			where excluded.at > ballots.at or excluded.at = ballots.at and ballots.supports and not excluded.supports`})
	c.copy(copied{table: "follows", where: `exists (select from members m where m.board_id = $from and m.member_id = s.member_id and ($all or m.workspace_id = any($ws)))`,
		join: thereToo("items", "item_id"), again: `do update set follows = excluded.follows, at = excluded.at where excluded.at > follows.at`})
	c.copy(copied{table: "announcements", join: thereToo("items", "item_id"), replace: true, set: map[string]string{"shipped_by": ifMember("shipped_by")}})
	c.copy(copied{table: "held", where: goesWith, join: ` join members m on m.board_id = s.board_id and m.member_id = s.member_id`, set: map[string]string{
		"item_id": ifThere("items", "item_id", "item_id"),
		"data": `case when jsonb_typeof(s.data->'offered') = 'array' then jsonb_set(s.data, '{offered}', coalesce((
			select jsonb_agg(o) from jsonb_array_elements(s.data->'offered') o
			 where exists (select from items x where x.board_id = $to and x.item_id = (o #>> '{}')::bigint)), '[]')) else s.data end`,
	}, replace: true})
	c.do("words that waited", `
		delete from held x using members m
		 where x.board_id = $from and m.board_id = x.board_id and m.member_id = x.member_id and ($all or m.workspace_id = any($ws))`)
}

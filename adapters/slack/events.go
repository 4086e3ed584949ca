package slack

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"heed/bot"
)

// event takes an event. nil means that it is kept, or that nothing in it is
// Heed's; an error that Slack shall deliver it again.
// last: Slack does not deliver it again.
func (a *Adapter) event(ctx context.Context, env envelope, last bool) error {
	ctx = bot.WithEvent(ctx, bot.EventOfKey(env.EventID))
	ctx, cancel := context.WithTimeout(ctx, a.options.Patience)
	defer cancel()
	if env.Type == "app_rate_limited" {
		ctx = bot.Delivered(ctx, slackRef(env.TeamID), "limited "+strconv.FormatInt(env.MinuteLimited, 10))
		_, err := within(ctx, a, "event", env.TeamID, func(ctx context.Context) (struct{}, error) {
			return struct{}{}, a.core.Gap(ctx, slackRef(env.TeamID), time.Unix(env.MinuteLimited, 0).UTC())
		})
		return err
	}
	e, ok := raw[event](env.Event)
	if !ok || env.Type != "event_callback" {
		a.log.WarnContext(ctx, "event not readable", "type", logType(env.Type), "event_id", env.EventID)
		return nil
	}
	ctx = bot.Delivered(ctx, slackRef(env.team()), env.EventID)
	_, err := within(ctx, a, meteredKind(e.Type), env.team(), func(ctx context.Context) (struct{}, error) { return struct{}{}, a.heard(ctx, env, e) })
	if errors.Is(err, bot.ErrUnattached) {
		// Delivering it again would not make the workspace known, and too many
		// failures switch events off for all workspaces.
		a.log.WarnContext(ctx, "event of an unknown workspace", "type", logType(e.Type), "workspace", env.team())
		return nil
	}
	if err == nil {
		a.readBack()
		return nil
	}
	a.failed(ctx, e.Type, err)
	if last {
		a.givenUp(ctx, env, e, err)
	}
	return err
}

func (a *Adapter) heard(ctx context.Context, env envelope, e event) error {
	team := env.team()
	w := slackRef(team)
	if own := env.bot(); own != "" {
		a.knowBot(w, own)
	}
	switch e.Type {
	case "reaction_added", "reaction_removed":
		b, ok := e.ballot(team)
		if !ok {
			return nil
		}
		return a.core.React(ctx, []bot.Ballot{b})
	case "message":
		if e.Subtype == "message_deleted" {
			return a.core.MessageGone(ctx, w, e.Channel.ID, e.DeletedTS)
		}
		if e.spoken() {
			return a.said(ctx, e, team)
		}
		return nil
	case "app_mention":
		if e.spoken() {
			return a.said(ctx, e, team)
		}
		return nil
	case "app_home_opened":
		return a.homeOpened(ctx, env, e)
	case "user_change", "team_join":
		u, ok := raw[slack.User](e.User.Object)
		if !ok || u.ID == "" {
			a.log.WarnContext(ctx, "event not readable", "type", e.Type, "event_id", env.EventID)
			return nil
		}
		seen := userSeen(&u, team)
		a.messenger.names.keep(w, seen)
		return a.core.MemberChanged(ctx, w, seen)
	case "app_uninstalled":
		return a.core.WorkspaceGone(ctx, w)
	case "tokens_revoked":
		if len(e.Tokens.Bot) == 0 {
			return nil // only people's tokens, which Heed has none of
		}
		return a.core.WorkspaceGone(ctx, w)
	case "team_rename":
		_, err := a.core.Attach(ctx, bot.Workspace{Ref: w, Name: e.Name})
		return err
	}
	if change, ok, err := a.channelChange(ctx, w, e); ok || err != nil {
		if err != nil {
			return err
		}
		return a.core.ChannelChanged(ctx, w, change)
	}
	a.log.DebugContext(ctx, "event not taken", "type", logType(e.Type))
	return nil
}

// channelChange is what an event says of a channel; false where it says nothing
// that Heed keeps.
func (a *Adapter) channelChange(ctx context.Context, w bot.WorkspaceRef, e event) (bot.ChannelChange, bool, error) {
	c := bot.ChannelChange{Ref: e.Channel.ID}
	yes, no := true, false
	switch e.Type {
	case "member_joined_channel", "member_left_channel":
		own := a.botAccount(ctx, w)
		if own == "" {
			return c, false, &bot.Fault{Kind: bot.FaultTransient, Reason: "own_account_not_known"}
		}
		if e.User.ID != own {
			return c, false, nil
		}
		c.Kind = channelTyped(e.Channel.ID, e.ChannelType).Kind
		c.Joined = &yes
		if e.Type == "member_left_channel" {
			c.Joined = &no
		}
	case "channel_left", "group_left":
		c.Joined = &no
	case "channel_rename", "group_rename":
		c.Name = e.Channel.Name
	case "channel_archive", "group_archive":
		c.State = "archived"
	case "channel_unarchive", "group_unarchive":
		c.State = "open"
	case "channel_deleted", "group_deleted":
		c.State = "deleted"
	case "channel_id_changed":
		c.Ref, c.NewRef = e.OldChannel, e.NewChannel
	default:
		return c, false, nil
	}
	return c, c.Ref != "", nil
}

// said takes a message to Heed: the words are feedback.
func (a *Adapter) said(ctx context.Context, e event, team string) error {
	w := slackRef(team)
	naming, cancel := context.WithTimeout(ctx, namePatience)
	defer cancel()
	text := e.Text
	if e.Type == "app_mention" || e.ChannelType == "im" {
		text = withoutMention(text, a.botAccount(naming, w))
	}
	call := e.call(team)
	heard := bot.Heard{
		Message: e.TS, Thread: e.thread(), Author: call.Member, Words: words(text, a.messenger.namer(naming, w)),
		Pictures: len(e.Files), At: timeOf(e.TS),
	}
	reply, err := a.core.Say(ctx, call, heard.Words, heard)
	if err != nil {
		return err
	}
	if then := a.replying(e.place(team), reply); then != nil {
		a.later(ctx, then)
	}
	return nil
}

// homeOpened shows a person their page. It is read before the event is
// acknowledged and shown after.
func (a *Adapter) homeOpened(ctx context.Context, env envelope, e event) error {
	if e.Tab != "home" {
		return nil
	}
	w := slackRef(env.team())
	home, err := a.core.Home(ctx, bot.Call{
		Key: env.EventID, At: timeOf(e.EventTS), Workspace: w, Member: bot.MemberSeen{Account: e.User.ID},
	})
	if err != nil {
		return err
	}
	a.later(ctx, func(ctx context.Context) {
		api, err := a.messenger.client(ctx, w)
		if err == nil {
			err = a.publish(ctx, api, e.User.ID, home)
		}
		if err != nil {
			a.failed(ctx, "views.publish", err)
		}
	})
	return nil
}

package store_test

import (
	"context"
	"testing"
	"time"

	"heed/bot"
	"heed/store"
	"heed/store/storetest"
)

var shardZero = bot.Shard{App: "100", Index: 0, Of: 1}

func TestHoldShard(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	hold := func(t *testing.T, s *store.Store, shard bot.Shard, holder string, lease time.Duration, heard time.Time) (bool, time.Time) {
		t.Helper()
		mine, before, err := s.HoldShard(ctx, shard, holder, lease, heard)
		if err != nil {
			t.Fatal(err)
		}
		return mine, before
	}
	noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

	t.Run("one_owner", func(t *testing.T) {
		t.Parallel()
		s := store.New(storetest.New(t))
		if mine, before := hold(t, s, shardZero, "a", time.Minute, time.Time{}); !mine || !before.IsZero() {
			t.Fatalf("the first holder: mine %v, heard %v", mine, before)
		}
		if mine, _ := hold(t, s, shardZero, "b", time.Minute, noon); mine {
			t.Fatal("two hold one shard")
		}
		if mine, _ := hold(t, s, bot.Shard{App: "100", Index: 1, Of: 2}, "b", time.Minute, time.Time{}); !mine {
			t.Fatal("another shard was refused")
		}
		if mine, _ := hold(t, s, shardZero, "a", time.Minute, time.Time{}); !mine {
			t.Fatal("the holder may not renew")
		}
	})
	t.Run("takeover_knows_since_when_nobody_heard", func(t *testing.T) {
		t.Parallel()
		s := store.New(storetest.New(t))
		hold(t, s, shardZero, "a", time.Minute, noon)
		if err := s.LeaveShard(ctx, shardZero, "b"); err != nil { // none of b's business
			t.Fatal(err)
		}
		if mine, _ := hold(t, s, shardZero, "b", time.Minute, time.Time{}); mine {
			t.Fatal("a stranger gave the shard away")
		}
		if err := s.LeaveShard(ctx, shardZero, "a"); err != nil {
			t.Fatal(err)
		}
		if mine, before := hold(t, s, shardZero, "b", -time.Second, time.Time{}); !mine || !before.Equal(noon) {
			t.Fatalf("takeover: mine %v, heard %v, want %v", mine, before, noon)
		}
		// b died before it heard anything: c has to know the same.
		if mine, before := hold(t, s, shardZero, "c", time.Minute, time.Time{}); !mine || !before.Equal(noon) {
			t.Fatalf("second takeover: mine %v, heard %v, want %v", mine, before, noon)
		}
		if _, before := hold(t, s, shardZero, "c", time.Minute, noon.Add(time.Hour)); !before.Equal(noon) {
			t.Fatalf("heard before this call: %v, want %v", before, noon)
		}
	})
	t.Run("other_number_of_shards_goes_on_where_the_bot_was_heard", func(t *testing.T) {
		t.Parallel()
		s := store.New(storetest.New(t))
		hold(t, s, shardZero, "a", time.Minute, noon)
		if _, before := hold(t, s, bot.Shard{App: "100", Index: 1, Of: 2}, "a", time.Minute, time.Time{}); !before.Equal(noon) {
			t.Fatalf("heard %v, want %v", before, noon)
		}
		if _, before := hold(t, s, bot.Shard{App: "200", Index: 0, Of: 2}, "a", time.Minute, time.Time{}); !before.IsZero() {
			t.Fatalf("another bot's past: %v", before)
		}
	})
	t.Run("only_one_of_many_at_once", func(t *testing.T) {
		t.Parallel()
		s := store.New(storetest.New(t))
		won := make(chan bool, 8)
		for i := range cap(won) {
			go func() {
				mine, _, err := s.HoldShard(context.WithoutCancel(ctx), shardZero, string(rune('a'+i)), time.Minute, time.Time{})
				won <- mine && err == nil
			}()
		}
		n := 0
		for range cap(won) {
			if <-won {
				n++
			}
		}
		if n != 1 {
			t.Fatalf("%d hold one shard", n)
		}
	})
}

func TestTakeIdentify(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	take := func(t *testing.T, s *store.Store, app string, b bot.IdentifyBounds) time.Duration {
		t.Helper()
		wait, err := s.TakeIdentify(ctx, app, b)
		if err != nil {
			t.Fatal(err)
		}
		return wait
	}

	t.Run("a_day_has_an_end", func(t *testing.T) {
		t.Parallel()
		db := storetest.New(t)
		s := store.New(db)
		b := bot.IdentifyBounds{Day: 3, Hour: 100}
		for range 3 {
			if wait := take(t, s, "100", b); wait != 0 {
				t.Fatalf("refused for %v within the bounds", wait)
			}
		}
		if wait := take(t, s, "100", b); wait < 23*time.Hour || wait > 24*time.Hour {
			t.Fatalf("the fourth of three: wait %v", wait)
		}
		if wait := take(t, s, "200", b); wait != 0 {
			t.Fatalf("another bot waits %v", wait)
		}
		if _, err := db.Exec(`update gateway_identifies set at = at - interval '23 hours' where identify_id = (select min(identify_id) from gateway_identifies)`); err != nil {
			t.Fatal(err)
		}
		if wait := take(t, s, "100", b); wait <= 0 || wait > time.Hour {
			t.Fatalf("the oldest ends in an hour: wait %v", wait)
		}
		if _, err := db.Exec(`update gateway_identifies set at = at - interval '1 day'`); err != nil {
			t.Fatal(err)
		}
		if wait := take(t, s, "100", b); wait != 0 {
			t.Fatalf("a day later: wait %v", wait)
		}
	})
	t.Run("an_hour_has_an_end", func(t *testing.T) {
		t.Parallel()
		s := store.New(storetest.New(t))
		b := bot.IdentifyBounds{Day: 100, Hour: 1}
		take(t, s, "100", b)
		if wait := take(t, s, "100", b); wait <= 50*time.Minute || wait > time.Hour {
			t.Fatalf("wait %v", wait)
		}
	})
	t.Run("one_bucket_waits_five_seconds", func(t *testing.T) {
		t.Parallel()
		s := store.New(storetest.New(t))
		b := bot.IdentifyBounds{Day: 100, Hour: 100, Apart: 5 * time.Second}
		take(t, s, "100", b)
		if wait := take(t, s, "100", b); wait <= 0 || wait > 5*time.Second {
			t.Fatalf("same bucket: wait %v", wait)
		}
		b.Bucket = 1
		if wait := take(t, s, "100", b); wait != 0 {
			t.Fatalf("another bucket: wait %v", wait)
		}
	})
}

func TestShards(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s := store.New(storetest.New(t))
	if _, _, err := s.HoldShard(ctx, shardZero, "a", time.Minute, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if err := s.ShardTrouble(ctx, shardZero, "Discord does not take the token."); err != nil {
		t.Fatal(err)
	}
	all, err := s.Shards(ctx)
	if err != nil || len(all) != 1 || all[0].Shard != shardZero || !all[0].Held || all[0].Trouble == "" {
		t.Fatalf("%+v, %v", all, err)
	}
}

-- version: grows by one with each change of a session or a block, so that an edit can say what it was based on.
ALTER TABLE sessions ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE session_blocks ADD COLUMN version integer NOT NULL DEFAULT 1;

-- An update that changes nothing is none: version and updated_at stay, and no phone hears of it. All columns but these
-- two count, those of later migrations as well.
CREATE FUNCTION grow_version() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  moment timestamptz := NEW.updated_at;
BEGIN
  NEW.version := OLD.version;
  NEW.updated_at := OLD.updated_at;
  IF NEW IS DISTINCT FROM OLD THEN
    NEW.version := OLD.version + 1;
    NEW.updated_at := moment;
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER version_grows BEFORE UPDATE ON sessions FOR EACH ROW EXECUTE FUNCTION grow_version();
CREATE TRIGGER version_grows BEFORE UPDATE ON session_blocks FOR EACH ROW EXECUTE FUNCTION grow_version();

-- The feed of changes a phone follows (docs/adr/0021-a-feed-numbered-at-commit.md). Each user has a counter; feed_id
-- names the numbering itself, so that a cursor of another one is known as such.
CREATE TABLE change_counters (
  user_id  uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  feed_id  uuid NOT NULL DEFAULT gen_random_uuid(),
  last_seq bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);  -- one row, updated by every transaction: room for heap-only updates

-- The latest change of each thing, also after the thing is gone. It hangs on the counter, whose row whoever writes here
-- has locked already: a foreign key to users would take one lock more, at the worst moment.
CREATE TABLE changes (
  user_id    uuid NOT NULL REFERENCES change_counters (user_id) ON DELETE CASCADE,
  kind       text NOT NULL CHECK (kind IN ('session', 'block', 'media')),
  id         uuid NOT NULL,
  seq        bigint NOT NULL,
  is_deleted boolean NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, kind, id)
);
CREATE INDEX changes_in_order ON changes (user_id, seq, kind, id);

-- What is there already. FORCE binds a plain owner too: without a tenant it would read no row.
ALTER TABLE users NO FORCE ROW LEVEL SECURITY;
ALTER TABLE sessions NO FORCE ROW LEVEL SECURITY;
ALTER TABLE session_blocks NO FORCE ROW LEVEL SECURITY;
ALTER TABLE media_files NO FORCE ROW LEVEL SECURITY;
INSERT INTO change_counters (user_id) SELECT id FROM users;
INSERT INTO changes (user_id, kind, id, seq, is_deleted)
SELECT user_id, kind, id, row_number() OVER (PARTITION BY user_id ORDER BY created_at, kind DESC, id), false
FROM (
  SELECT user_id, 'session' AS kind, id, created_at FROM sessions
  UNION ALL
  SELECT user_id, 'block', id, created_at FROM session_blocks
  UNION ALL
  SELECT user_id, 'media', id, created_at FROM media_files
) things;
UPDATE change_counters n
SET last_seq = numbered.last_seq
FROM (SELECT user_id, max(seq) AS last_seq FROM changes GROUP BY user_id) numbered
WHERE numbered.user_id = n.user_id;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
ALTER TABLE sessions FORCE ROW LEVEL SECURITY;
ALTER TABLE session_blocks FORCE ROW LEVEL SECURITY;
ALTER TABLE media_files FORCE ROW LEVEL SECURITY;

CREATE FUNCTION open_feed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO change_counters (user_id) VALUES (NEW.id);
  RETURN NULL;
END
$$;
CREATE TRIGGER feed_opened AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION open_feed();

-- Runs at COMMIT: the counter's row is the last lock a transaction takes, held until its rows can be seen. So numbers
-- become visible in their order. All changes of a transaction bear one number, which it keeps in a setting that ends
-- with it.
CREATE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  thing  record;
  kept   text := coalesce(current_setting('app.change_seq', true), '');
  number bigint;
BEGIN
  IF TG_OP = 'DELETE' THEN
    thing := OLD;
  ELSE
    thing := NEW;
  END IF;
  IF split_part(kept, ':', 1) = thing.user_id::text THEN
    number := split_part(kept, ':', 2)::bigint;
  ELSE
    UPDATE change_counters
    SET last_seq = last_seq + 1
    WHERE user_id = thing.user_id
    RETURNING last_seq INTO number;
    IF NOT FOUND THEN  -- the user is being deleted
      RETURN NULL;
    END IF;
    PERFORM set_config('app.change_seq', thing.user_id || ':' || number, true);
  END IF;
  INSERT INTO changes AS c (user_id, kind, id, seq, is_deleted)
  VALUES (thing.user_id, TG_ARGV[0], thing.id, number, TG_OP = 'DELETE')
  ON CONFLICT (user_id, kind, id)
  DO UPDATE SET seq = excluded.seq, is_deleted = excluded.is_deleted, changed_at = excluded.changed_at
  WHERE (c.seq, c.is_deleted) IS DISTINCT FROM (excluded.seq, excluded.is_deleted);
  RETURN NULL;
END
$$;

DO $$
DECLARE
  told text[];
BEGIN
  FOREACH told SLICE 1 IN ARRAY ARRAY[['sessions', 'session'], ['session_blocks', 'block'], ['media_files', 'media']]
  LOOP
    EXECUTE format('CREATE CONSTRAINT TRIGGER come_or_gone_is_told AFTER INSERT OR DELETE ON %I'
      ' DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION record_change(%L)', told[1], told[2]);
    EXECUTE format('CREATE CONSTRAINT TRIGGER change_is_told AFTER UPDATE ON %I'
      ' DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)'
      ' EXECUTE FUNCTION record_change(%L)', told[1], told[2]);
  END LOOP;
END
$$;

ALTER TABLE change_counters ENABLE ROW LEVEL SECURITY;
ALTER TABLE change_counters FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON change_counters USING (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
ALTER TABLE changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE changes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON changes USING (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
GRANT SELECT, INSERT, UPDATE ON change_counters, changes TO second_brain_app, second_brain_system;

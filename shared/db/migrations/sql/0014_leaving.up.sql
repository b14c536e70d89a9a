-- How an account ends: the sign-ins that count no more, and the deletion of everything (docs/adr/0033).

-- Tokens of a sign-in up to this moment are refused: what we know ourselves is asked of nobody.
ALTER TABLE users ADD COLUMN signed_out_at timestamptz;

-- `id` is the certificate's own. Whoever serves one user sees that account and no other.
ALTER TABLE deleted_accounts ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE;
ALTER TABLE deleted_accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE deleted_accounts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deleted_accounts USING (account_id = nullif(current_setting('app.user_id', true), '')::uuid);
CREATE POLICY sweep ON deleted_accounts FOR SELECT TO second_brain_system USING (true);
GRANT SELECT, INSERT, UPDATE ON deleted_accounts TO second_brain_app, second_brain_system;

-- A deletion under way: what must be known of the account after its rows are gone, until all others have let go of it.
-- It hangs on the deleted account, for the user goes first. A moment says that a store is done with; `due_at`, when the sweep
-- hands the deletion over again. Once all is done, the row stays until nobody can upload any more, then it goes as well.
CREATE TABLE deletions (
  account_id     uuid PRIMARY KEY REFERENCES deleted_accounts (account_id) ON DELETE CASCADE,
  correlation_id text NOT NULL,
  firebase_uid   text,                          -- until that account is gone
  customer_ids   text[] NOT NULL DEFAULT '{}',  -- the same, of the payment provider
  checkout_ids   text[] NOT NULL DEFAULT '{}',  -- open when the rows went
  erased         jsonb,                         -- {table: rows}
  had_customer   boolean NOT NULL DEFAULT false,
  erased_at      timestamptz,
  objects_at     timestamptz,
  customer_at    timestamptz,
  firebase_at    timestamptz,
  attempts       integer NOT NULL DEFAULT 0,
  due_at         timestamptz NOT NULL
);
CREATE INDEX deletions_due ON deletions (due_at);

-- Every key an object of the account may lie under. `was_there` is written before the object goes, so that it is counted
-- once, whoever dies when.
CREATE TABLE deletion_objects (
  account_id uuid NOT NULL REFERENCES deletions (account_id) ON DELETE CASCADE,
  object_key text NOT NULL,
  upload_id  text,                              -- of an upload in parts that was not over
  was_there  boolean NOT NULL DEFAULT false,
  PRIMARY KEY (account_id, object_key)
);

DO $$
DECLARE
  kept_table text;
BEGIN
  FOREACH kept_table IN ARRAY ARRAY['deletions', 'deletion_objects']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', kept_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', kept_table);
    EXECUTE format('CREATE POLICY tenant ON %I USING (account_id = nullif(current_setting(''app.user_id'', true), '''')::uuid)',
      kept_table);
    EXECUTE format('CREATE POLICY sweep ON %I TO second_brain_system USING (true)', kept_table);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO second_brain_app', kept_table);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO second_brain_system', kept_table);
  END LOOP;
END
$$;

-- What somebody may have paid stays, whatever our roles try; the owner's function below takes an account as a whole.
ALTER POLICY only_unopened ON payments TO second_brain_app, second_brain_system;

-- Every table that holds something of a user, and how far from `users` its foreign keys are: found in the catalogue, so
-- that a table somebody adds later is not forgotten. One that hangs on nothing comes last.
CREATE FUNCTION tables_of_users() RETURNS TABLE (name text, depth integer, is_held boolean)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  WITH RECURSIVE hanging (relid, depth) AS (
    SELECT 'public.users'::regclass::oid, 0
    UNION
    SELECT c.conrelid, h.depth + 1
    FROM pg_constraint c
    JOIN hanging h ON c.confrelid = h.relid
    WHERE c.contype = 'f' AND c.conrelid <> c.confrelid AND h.depth < 20
  )
  SELECT t.relname::text, coalesce(max(h.depth), 99),
         EXISTS (SELECT FROM pg_constraint c WHERE c.contype = 'f' AND c.confrelid = t.oid)
  FROM pg_class t
  LEFT JOIN hanging h ON h.relid = t.oid
  WHERE t.relnamespace = 'public'::regnamespace AND t.relkind IN ('r', 'p') AND NOT t.relispartition
    AND (t.oid = 'public.users'::regclass OR EXISTS (
      SELECT FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attname = 'user_id' AND NOT a.attisdropped))
  GROUP BY t.oid, t.relname
$$;

-- Deletes everything of the tenant whose deletion was asked for, and keeps of it how many rows each table had, where
-- objects may lie, and who the payment provider knows. The owner's, because no other role may delete users or the ledger.
-- Rows are held from `users` on downwards before anything is counted: nobody adds one while we look, and what others are
-- still writing is waited for. True unless it was done before.
CREATE FUNCTION erase_account(p_account_id uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  one    record;
  number bigint;
  counts jsonb := '{}';
BEGIN
  IF p_account_id IS DISTINCT FROM nullif(current_setting('app.user_id', true), '')::uuid THEN
    RAISE EXCEPTION 'an account is erased by whoever works for it' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM FROM deletions WHERE account_id = p_account_id AND erased_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  FOR one IN SELECT name, is_held, CASE name WHEN 'users' THEN 'id' ELSE 'user_id' END AS owner
             FROM tables_of_users() ORDER BY depth, name
  LOOP
    EXECUTE format('SELECT count(*) FROM (SELECT FROM %I WHERE %I = $1 %s) of_user', one.name, one.owner,
                   CASE WHEN one.is_held THEN 'FOR UPDATE' ELSE '' END)
    INTO number USING p_account_id;
    counts := counts || jsonb_build_object(one.name, number);
  END LOOP;

  FOR one IN SELECT t.name FROM tables_of_users() t
             JOIN pg_attribute a ON a.attrelid = format('public.%I', t.name)::regclass
             WHERE a.attname = 'object_key' AND NOT a.attisdropped
  LOOP
    EXECUTE format('INSERT INTO deletion_objects (account_id, object_key) SELECT DISTINCT user_id, object_key FROM %I'
      ' WHERE user_id = $1 AND object_key IS NOT NULL ON CONFLICT DO NOTHING', one.name) USING p_account_id;
  END LOOP;
  INSERT INTO deletion_objects (account_id, object_key, upload_id)
  SELECT m.user_id, m.object_key, u.upload_id
  FROM media_uploads u
  JOIN media_files m ON m.user_id = u.user_id AND m.id = u.media_id
  WHERE u.user_id = p_account_id AND u.upload_id IS NOT NULL
  ON CONFLICT (account_id, object_key) DO UPDATE SET upload_id = excluded.upload_id;
  -- What was to be removed of sessions that are gone already, and nobody has sent.
  INSERT INTO deletion_objects (account_id, object_key, upload_id)
  SELECT p_account_id, told.object_key, max(told.upload_id)
  FROM outbox o,
  LATERAL (
    SELECT keys.object_key, NULL AS upload_id
    FROM jsonb_array_elements_text(o.body -> 'object_keys') AS keys (object_key)
    UNION ALL
    SELECT uploads.of ->> 'object_key', uploads.of ->> 'upload_id'
    FROM jsonb_array_elements(o.body -> 'uploads') AS uploads (of)
  ) told
  WHERE o.user_id = p_account_id AND o.published_at IS NULL AND o.body ? 'object_keys'
  GROUP BY told.object_key
  ON CONFLICT (account_id, object_key)
  DO UPDATE SET upload_id = coalesce(excluded.upload_id, deletion_objects.upload_id);
  UPDATE deletions
  SET erased = counts,
      erased_at = now(),
      customer_ids = ARRAY(
        SELECT stripe_customer_id FROM users WHERE id = p_account_id AND stripe_customer_id IS NOT NULL
        UNION
        SELECT stripe_customer_id FROM payments WHERE user_id = p_account_id
      ),
      checkout_ids = ARRAY(
        SELECT stripe_session_id
        FROM payments
        WHERE user_id = p_account_id AND status = 'pending' AND stripe_session_id IS NOT NULL
      )
  WHERE account_id = p_account_id;
  UPDATE deletions SET had_customer = customer_ids <> '{}' WHERE account_id = p_account_id;

  -- From the leaves to the root: a cascade would go row by row.
  FOR one IN SELECT name, CASE name WHEN 'users' THEN 'id' ELSE 'user_id' END AS owner
             FROM tables_of_users() ORDER BY depth DESC, name
  LOOP
    EXECUTE format('DELETE FROM %I WHERE %I = $1', one.name, one.owner) USING p_account_id;
  END LOOP;
  RETURN true;
END
$$;

-- How many rows of an account are left in each table that has some. For whoever looks whether a deletion kept its word.
CREATE FUNCTION rows_of_account(p_account_id uuid) RETURNS TABLE (name text, number bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  one record;
BEGIN
  IF p_account_id IS DISTINCT FROM nullif(current_setting('app.user_id', true), '')::uuid THEN
    RAISE EXCEPTION 'an account is looked at by whoever works for it' USING ERRCODE = 'insufficient_privilege';
  END IF;
  FOR one IN SELECT t.name, CASE t.name WHEN 'users' THEN 'id' ELSE 'user_id' END AS owner FROM tables_of_users() t
  LOOP
    RETURN QUERY EXECUTE format('SELECT %L::text, count(*) FROM %I WHERE %I = $1 HAVING count(*) > 0',
                                one.name, one.name, one.owner) USING p_account_id;
  END LOOP;
END
$$;

-- Whoever was deleted is known still; so is since when somebody's sign-ins count.
DROP FUNCTION recognise_user(text);
CREATE FUNCTION recognise_user(p_firebase_uid text)
RETURNS TABLE (id uuid, is_disabled boolean, is_administrator boolean, is_leaving boolean, signed_out_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT u.id, u.disabled_at IS NOT NULL, EXISTS (SELECT FROM administrators a WHERE a.user_id = u.id), false,
         u.signed_out_at
  FROM users u
  WHERE u.firebase_uid = p_firebase_uid
  UNION ALL
  SELECT d.account_id, true, false, true, NULL
  FROM deleted_accounts d
  WHERE d.uid_hash = sha256(convert_to(p_firebase_uid, 'UTF8'))
  ORDER BY 4 DESC
  LIMIT 1
$$;

GRANT second_brain_system TO CURRENT_USER;
GRANT CREATE ON SCHEMA public TO second_brain_system;
ALTER FUNCTION recognise_user(text) OWNER TO second_brain_system;
REVOKE CREATE ON SCHEMA public FROM second_brain_system;
REVOKE ALL ON FUNCTION recognise_user(text), erase_account(uuid), rows_of_account(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION recognise_user(text), erase_account(uuid) TO second_brain_app, second_brain_system;
GRANT EXECUTE ON FUNCTION rows_of_account(uuid) TO second_brain_system;

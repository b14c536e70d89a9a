-- The moment the payment provider was last asked to make a customer of a user, written before it is asked: it may have made
-- one whose id never reached us. A deletion then searches for them (docs/adr/0033).
ALTER TABLE users ADD COLUMN customer_asked_at timestamptz;
ALTER TABLE deletions ADD COLUMN customer_asked_at timestamptz;

-- As 0014 made it, but an account takes along that moment, and the keys of all objects that the outbox told to discard
-- within its last days, be they gone or not.
CREATE OR REPLACE FUNCTION erase_account(p_account_id uuid) RETURNS boolean
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
  -- What was to be removed of sessions that are gone already, sent or not: a message may wait for hours, or be lost.
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
  WHERE o.user_id = p_account_id AND o.body ? 'object_keys'
  GROUP BY told.object_key
  ON CONFLICT (account_id, object_key)
  DO UPDATE SET upload_id = coalesce(excluded.upload_id, deletion_objects.upload_id);
  UPDATE deletions
  SET erased = counts,
      erased_at = now(),
      -- Whoever has a customer was once asked for one, be it before that was written down.
      customer_asked_at = (
        SELECT coalesce(customer_asked_at, CASE WHEN stripe_customer_id IS NOT NULL THEN created_at END)
        FROM users
        WHERE id = p_account_id
      ),
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

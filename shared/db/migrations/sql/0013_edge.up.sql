-- What the edge asks before a request is served: who calls, whether they come too often, whether this very request was
-- answered before. All of it, and the tenant of the transaction that follows, in one round trip (docs/adr/0031).

-- Who may administer, besides a token that says so. Nobody but the owner of the database writes here.
CREATE TABLE administrators (
  user_id      uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  appointed_by text NOT NULL CHECK (length(appointed_by) BETWEEN 1 AND 200),
  reason       text NOT NULL CHECK (length(reason) BETWEEN 3 AND 500),
  created_at   timestamptz NOT NULL DEFAULT now()
);

-- What is left of an account: that it is gone. The uid is known by its hash; tokens of it open nothing ever again.
CREATE TABLE deleted_accounts (
  uid_hash     bytea PRIMARY KEY CHECK (length(uid_hash) = 32),
  account_id   uuid NOT NULL UNIQUE,
  certificate  jsonb,                    -- when everything is gone
  requested_at timestamptz NOT NULL DEFAULT now(),
  finished_at  timestamptz
);

-- A token bucket for each class of routes. Rewritten with every request, so pages keep room for the next version.
CREATE TABLE rate_buckets (
  user_id   uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  class     text NOT NULL,
  tokens    double precision NOT NULL CHECK (tokens >= 0),
  filled_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, class)
) WITH (fillfactor = 50);

-- `status` and what follows are the answer, once there is one. `claim` is whose request is at it, until `claimed_until`.
CREATE TABLE idempotency_keys (
  user_id       uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  key           text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
  fingerprint   bytea NOT NULL,
  claim         uuid NOT NULL,
  claimed_until timestamptz NOT NULL,
  status        smallint,
  headers       jsonb,
  body          text,
  created_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, key),
  CHECK ((status IS NULL) = (body IS NULL) AND (status IS NULL) = (headers IS NULL))
);
CREATE INDEX idempotency_keys_oldest ON idempotency_keys (created_at);

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['administrators', 'rate_buckets', 'idempotency_keys']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('CREATE POLICY tenant ON %I USING (user_id = nullif(current_setting(''app.user_id'', true), '''')::uuid)',
      tenant_table);
  END LOOP;
END
$$;
CREATE POLICY sweep ON idempotency_keys TO second_brain_system USING (true);
CREATE POLICY recognition ON administrators FOR SELECT TO second_brain_system USING (true);

GRANT SELECT ON administrators TO second_brain_app, second_brain_system;
GRANT SELECT ON deleted_accounts TO second_brain_system;
GRANT SELECT, INSERT, UPDATE, DELETE ON rate_buckets, idempotency_keys TO second_brain_app, second_brain_system;

-- Whoever was deleted is known still, as somebody who may not come in.
DROP FUNCTION recognise_user(text);
CREATE FUNCTION recognise_user(p_firebase_uid text)
RETURNS TABLE (id uuid, is_disabled boolean, is_administrator boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT u.id, u.disabled_at IS NOT NULL, EXISTS (SELECT FROM administrators a WHERE a.user_id = u.id)
  FROM users u
  WHERE u.firebase_uid = p_firebase_uid
  UNION ALL
  SELECT d.account_id, true, false
  FROM deleted_accounts d
  WHERE d.uid_hash = sha256(convert_to(p_firebase_uid, 'UTF8'))
  ORDER BY 2 DESC
  LIMIT 1
$$;

-- Takes one request out of the tenant's bucket: 0, or how many seconds until there is one again. A refused tenant is
-- nobody for the rest of the transaction, so that nothing more of the request is done. NULL: there is no tenant.
-- `p_capacity` requests at once, `p_per_second` in the long run; elapsed time is the database's, and never runs backwards.
CREATE FUNCTION take_request(p_class text, p_capacity float8, p_per_second float8) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
  tenant uuid := nullif(current_setting('app.user_id', true), '')::uuid;
  moment timestamptz := clock_timestamp();
  filled float8;
BEGIN
  IF tenant IS NULL THEN
    RETURN NULL;
  END IF;
  INSERT INTO rate_buckets AS b (user_id, class, tokens, filled_at)
  VALUES (tenant, p_class, p_capacity - 1, moment)
  ON CONFLICT (user_id, class) DO UPDATE
  SET tokens = least(p_capacity, b.tokens + p_per_second * greatest(0, extract(epoch FROM moment - b.filled_at))) - 1,
      filled_at = greatest(moment, b.filled_at)
  WHERE least(p_capacity, b.tokens + p_per_second * greatest(0, extract(epoch FROM moment - b.filled_at))) >= 1;
  IF FOUND THEN
    RETURN 0;
  END IF;
  SELECT b.tokens + p_per_second * greatest(0, extract(epoch FROM moment - b.filled_at)) INTO filled
  FROM rate_buckets b
  WHERE b.user_id = tenant AND b.class = p_class;
  PERFORM set_config('app.user_id', '', true);
  RETURN greatest(0.001, (1 - filled) / p_per_second);
END
$$;

-- Claims an Idempotency-Key for the request `p_claim`. 'claimed': go on. 'answered': here is the answer. 'running': another
-- request is at it, for so many seconds at most. 'reused': the key stands for another request. No row without a tenant.
CREATE FUNCTION claim_key(p_key text, p_fingerprint bytea, p_claim uuid, p_lease_seconds integer)
RETURNS TABLE (outcome text, wait_seconds integer, status smallint, headers jsonb, body text) LANGUAGE plpgsql ROWS 1 AS $$
#variable_conflict use_column
DECLARE
  tenant uuid := nullif(current_setting('app.user_id', true), '')::uuid;
BEGIN
  IF tenant IS NULL THEN
    RETURN;
  END IF;
  INSERT INTO idempotency_keys AS k (user_id, key, fingerprint, claim, claimed_until)
  VALUES (tenant, p_key, p_fingerprint, p_claim, clock_timestamp() + make_interval(secs => p_lease_seconds))
  ON CONFLICT (user_id, key) DO UPDATE
  SET claim = excluded.claim, claimed_until = excluded.claimed_until
  WHERE k.fingerprint = excluded.fingerprint AND k.status IS NULL
    AND (k.claimed_until < clock_timestamp() OR k.claim = excluded.claim);
  IF FOUND THEN
    RETURN QUERY SELECT 'claimed', 0, NULL::smallint, NULL::jsonb, NULL::text;
    RETURN;
  END IF;
  RETURN QUERY
    SELECT CASE
             WHEN k.fingerprint <> p_fingerprint THEN 'reused'
             WHEN k.status IS NOT NULL THEN 'answered'
             ELSE 'running'
           END,
           greatest(1, ceil(extract(epoch FROM k.claimed_until - clock_timestamp())))::integer,
           k.status, k.headers, k.body
    FROM idempotency_keys k
    WHERE k.user_id = tenant AND k.key = p_key;
END
$$;

GRANT second_brain_system TO CURRENT_USER;
GRANT CREATE ON SCHEMA public TO second_brain_system;
ALTER FUNCTION recognise_user(text) OWNER TO second_brain_system;
REVOKE CREATE ON SCHEMA public FROM second_brain_system;
REVOKE ALL ON FUNCTION recognise_user(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION recognise_user(text) TO second_brain_app, second_brain_system;

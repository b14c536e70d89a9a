DROP FUNCTION claim_key(text, bytea, uuid, integer);
DROP FUNCTION take_request(text, float8, float8);
DROP FUNCTION recognise_user(text);
CREATE FUNCTION recognise_user(p_firebase_uid text)
RETURNS TABLE (id uuid, is_disabled boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT u.id, u.disabled_at IS NOT NULL
  FROM users u
  WHERE u.firebase_uid = p_firebase_uid
$$;
GRANT second_brain_system TO CURRENT_USER;
GRANT CREATE ON SCHEMA public TO second_brain_system;
ALTER FUNCTION recognise_user(text) OWNER TO second_brain_system;
REVOKE CREATE ON SCHEMA public FROM second_brain_system;
REVOKE ALL ON FUNCTION recognise_user(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION recognise_user(text) TO second_brain_app, second_brain_system;
DROP TABLE idempotency_keys, rate_buckets, deleted_accounts, administrators;

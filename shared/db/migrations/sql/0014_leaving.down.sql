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
GRANT second_brain_system TO CURRENT_USER;
GRANT CREATE ON SCHEMA public TO second_brain_system;
ALTER FUNCTION recognise_user(text) OWNER TO second_brain_system;
REVOKE CREATE ON SCHEMA public FROM second_brain_system;
REVOKE ALL ON FUNCTION recognise_user(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION recognise_user(text) TO second_brain_app, second_brain_system;

DROP FUNCTION rows_of_account(uuid);
DROP FUNCTION erase_account(uuid);
DROP FUNCTION tables_of_users();
ALTER POLICY only_unopened ON payments TO PUBLIC;
DROP TABLE deletion_objects, deletions;
REVOKE ALL ON deleted_accounts FROM second_brain_app;
REVOKE INSERT, UPDATE ON deleted_accounts FROM second_brain_system;
DROP POLICY sweep ON deleted_accounts;
DROP POLICY tenant ON deleted_accounts;
ALTER TABLE deleted_accounts NO FORCE ROW LEVEL SECURITY;
ALTER TABLE deleted_accounts DISABLE ROW LEVEL SECURITY;
ALTER TABLE deleted_accounts DROP COLUMN id;
ALTER TABLE users DROP COLUMN signed_out_at;

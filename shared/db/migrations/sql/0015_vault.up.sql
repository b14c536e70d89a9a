-- Secrets of users (keys of providers, tokens of other services), sealed: each with a key of its own, which the master
-- key `key_id` has wrapped for this user and name (docs/adr/0035). What is in the clear never comes here.
CREATE TABLE user_secrets (
  user_id    uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name       text NOT NULL CHECK (name ~ '^[a-z][a-z0-9_.-]{0,63}$'),
  sealed     bytea NOT NULL CHECK (length(sealed) BETWEEN 32 AND 32768),
  key_id     text NOT NULL CHECK (length(key_id) BETWEEN 1 AND 2048),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, name)
);
ALTER TABLE user_secrets ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_secrets FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON user_secrets USING (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
-- To find what an older master key has wrapped; writing is the user's own tenant's matter.
CREATE POLICY sweep ON user_secrets FOR SELECT TO second_brain_system USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON user_secrets TO second_brain_app, second_brain_system;

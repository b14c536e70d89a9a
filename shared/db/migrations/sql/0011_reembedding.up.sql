-- Users on their way to another embedding model, until what was left of the old one is gone. `model_id`: where to.
-- `moved_at`: since when they are searched by it. `due_at`: nobody goes on before. `reason`: what held them up.
CREATE TABLE reembeddings (
  user_id  uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  model_id smallint NOT NULL REFERENCES embedding_models (id),
  begun_at timestamptz NOT NULL DEFAULT now(),
  due_at   timestamptz NOT NULL DEFAULT now(),
  moved_at timestamptz,
  tokens   bigint NOT NULL DEFAULT 0 CHECK (tokens >= 0),
  reason   text
);
CREATE INDEX reembeddings_due ON reembeddings (due_at, user_id);
ALTER TABLE reembeddings ENABLE ROW LEVEL SECURITY;
ALTER TABLE reembeddings FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON reembeddings USING (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
CREATE POLICY sweep ON reembeddings FOR SELECT TO second_brain_system USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON reembeddings TO second_brain_app, second_brain_system;

-- What moving users has taken of each day's tokens (UTC), and what it might take at most, as its function last saw it.
CREATE TABLE reembedding_days (
  day          date PRIMARY KEY,
  tokens       bigint NOT NULL CHECK (tokens >= 0),
  tokens_a_day bigint NOT NULL CHECK (tokens_a_day >= 0)
);
GRANT SELECT, INSERT, UPDATE ON reembedding_days TO second_brain_app, second_brain_system;

-- Who is still on another model, which is asked every minute, and for good once nobody is.
CREATE INDEX search_spaces_model ON search_spaces (model_id, user_id);
CREATE POLICY sweep ON search_spaces FOR SELECT TO second_brain_system USING (true);

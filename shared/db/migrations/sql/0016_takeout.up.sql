-- What users take out, and what they bring back: one row for each export and each import. `attempts` grows with each
-- claim, and is its fencing token. `object_key` names the ZIP while there is one; of an export, another with each claim, so
-- that a worker that lost its lease never writes over the file of the next.
CREATE TABLE transfers (
  user_id      uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  id           uuid NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('export', 'import')),
  state        text NOT NULL CHECK (state IN ('waiting', 'pending', 'running', 'ready', 'completed', 'failed', 'expired')),
  object_key   text UNIQUE,
  size_bytes   bigint CHECK (size_bytes > 0),
  sha256       text CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  etag         text,
  counts       jsonb NOT NULL DEFAULT '{}',
  reason       text,
  attempts     integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  lease_until  timestamptz,
  announced_at timestamptz NOT NULL DEFAULT now(),
  created_at   timestamptz NOT NULL DEFAULT now(),
  finished_at  timestamptz,
  expires_at   timestamptz,
  PRIMARY KEY (user_id, id)
);
-- One of a kind at a time, whoever asks at once.
CREATE UNIQUE INDEX transfers_one_under_way ON transfers (user_id, kind) WHERE state IN ('waiting', 'pending', 'running');
CREATE INDEX transfers_newest ON transfers (user_id, kind, created_at DESC, id DESC);
CREATE INDEX transfers_unfinished ON transfers (announced_at) WHERE state IN ('pending', 'running');
CREATE INDEX transfers_expiring ON transfers (expires_at) WHERE state IN ('waiting', 'ready');

ALTER TABLE transfers ENABLE ROW LEVEL SECURITY;
ALTER TABLE transfers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON transfers USING (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
CREATE POLICY sweep ON transfers FOR SELECT TO second_brain_system USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON transfers TO second_brain_app, second_brain_system;

-- Their files lie under prefixes of their own, which the sweep looks through as well.
ALTER TABLE bucket_rounds DROP CONSTRAINT bucket_rounds_name_check;
ALTER TABLE bucket_rounds ADD CONSTRAINT bucket_rounds_name_check
  CHECK (name IN ('objects', 'parts', 'uploads', 'exports', 'imports', 'export_uploads'));
INSERT INTO bucket_rounds (name) VALUES ('exports'), ('imports'), ('export_uploads');

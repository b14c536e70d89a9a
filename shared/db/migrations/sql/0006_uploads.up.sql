-- How a pending file is to arrive: when its permission was last given, when that was not only at its declaration, and,
-- of a file in parts, the store's id of the upload and the digests its parts were declared with (SHA-256, hex).
CREATE TABLE media_uploads (
  user_id      uuid NOT NULL,
  media_id     uuid NOT NULL,
  upload_id    text,
  part_sha256  text[],
  permitted_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, media_id),
  FOREIGN KEY (user_id, media_id) REFERENCES media_files (user_id, id) ON DELETE CASCADE
);
-- By the store's id: whether an upload it still holds is anybody's.
CREATE INDEX media_uploads_upload ON media_uploads (upload_id) WHERE upload_id IS NOT NULL;

ALTER TABLE media_uploads ENABLE ROW LEVEL SECURITY;
ALTER TABLE media_uploads FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON media_uploads USING (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
CREATE POLICY sweep ON media_uploads FOR SELECT TO second_brain_system USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON media_uploads TO second_brain_app, second_brain_system;

-- How far the sweep has looked through the bucket, one row for each round it makes; it holds nothing of anybody.
CREATE TABLE bucket_rounds (
  name     text PRIMARY KEY CHECK (name IN ('objects', 'parts', 'uploads')),
  after    text,
  due_at   timestamptz NOT NULL DEFAULT now()
);
INSERT INTO bucket_rounds (name) VALUES ('objects'), ('parts'), ('uploads');
GRANT SELECT, UPDATE ON bucket_rounds TO second_brain_system;

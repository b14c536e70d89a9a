-- due_at: a step put off (Retry-After, a provider that is out) is nobody's before that moment.
-- announcements: messages written since the step became ready; each doubles the silence before the next.
-- part_index: which part of a long recording.
ALTER TABLE job_steps
  ADD COLUMN due_at        timestamptz,
  ADD COLUMN announcements integer NOT NULL DEFAULT 0 CHECK (announcements >= 0),
  ADD COLUMN part_index    integer CHECK (part_index >= 0),
  DROP CONSTRAINT job_steps_kind_check,
  ADD CONSTRAINT job_steps_kind_check
    CHECK (kind IN ('transcribe', 'split_audio', 'transcribe_part', 'describe_image', 'embed', 'summarise')),
  DROP CONSTRAINT job_steps_user_id_job_id_kind_media_id_block_id_key,
  ADD CONSTRAINT job_steps_once UNIQUE NULLS NOT DISTINCT (user_id, job_id, kind, media_id, block_id, part_index);

-- How long somebody speaks in a recording: silence is not billed.
ALTER TABLE media_files ADD COLUMN speech_ms integer CHECK (speech_ms >= 0);

-- A part of a long recording, in a file of its own. stretches: [{"start_ms", "end_ms"}], which the file holds one after
-- the other, without the long silences between them. segments: [{"start_ms", "end_ms", "text", "words": [{"start_ms",
-- "end_ms", "text"}]}], by the clock of the whole recording; NULL until the part is transcribed.
CREATE TABLE media_parts (
  user_id        uuid NOT NULL,
  media_id       uuid NOT NULL,
  part_index     integer NOT NULL CHECK (part_index >= 0),
  session_id     uuid NOT NULL,
  start_ms       integer NOT NULL CHECK (start_ms >= 0),
  end_ms         integer NOT NULL,
  object_key     text NOT NULL UNIQUE,
  stretches      jsonb NOT NULL,
  segments       jsonb,
  provider       text,
  created_at     timestamptz NOT NULL DEFAULT now(),
  transcribed_at timestamptz,
  PRIMARY KEY (user_id, media_id, part_index),
  FOREIGN KEY (user_id, media_id) REFERENCES media_files (user_id, id) ON DELETE CASCADE,
  FOREIGN KEY (user_id, session_id) REFERENCES sessions (user_id, id) ON DELETE CASCADE,
  CHECK (end_ms > start_ms)
);
CREATE INDEX media_parts_session ON media_parts (user_id, session_id);

ALTER TABLE media_parts ENABLE ROW LEVEL SECURITY;
ALTER TABLE media_parts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON media_parts USING (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
CREATE POLICY sweep ON media_parts FOR SELECT TO second_brain_system USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON media_parts TO second_brain_app, second_brain_system;

-- Whether a provider is worth asking just now, as all functions together have seen it.
CREATE TABLE circuit_breakers (
  provider     text NOT NULL,
  capability   text NOT NULL,
  failures     integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
  opened_at    timestamptz,
  opened_until timestamptz,
  updated_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (provider, capability)
);
GRANT SELECT, INSERT, UPDATE ON circuit_breakers TO second_brain_app, second_brain_system;

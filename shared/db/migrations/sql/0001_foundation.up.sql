-- Two roles that own nothing. `second_brain_app` sees one user's rows at a time; `second_brain_system` (the sweep)
-- also sees what its own policies below name. Logging in needs a password, which `migrate` sets outside this file.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'second_brain_app') THEN
    CREATE ROLE second_brain_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'second_brain_system') THEN
    CREATE ROLE second_brain_system LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
  END IF;
END
$$;

-- The server's defaults are 0, "for ever": a worker killed at its timeout could hold its locks for hours.
ALTER ROLE second_brain_app SET statement_timeout = '8s';
ALTER ROLE second_brain_app SET lock_timeout = '2s';
ALTER ROLE second_brain_app SET idle_in_transaction_session_timeout = '30s';
ALTER ROLE second_brain_app SET jit = off;
-- Starting a worker takes longer than any of our statements: a search of 1 ms took 19 with two of them.
ALTER ROLE second_brain_app SET max_parallel_workers_per_gather = 0;
ALTER ROLE second_brain_app SET timezone = 'UTC';
ALTER ROLE second_brain_system SET statement_timeout = '40s';
ALTER ROLE second_brain_system SET lock_timeout = '5s';
ALTER ROLE second_brain_system SET idle_in_transaction_session_timeout = '30s';
ALTER ROLE second_brain_system SET jit = off;
ALTER ROLE second_brain_system SET max_parallel_workers_per_gather = 0;
ALTER ROLE second_brain_system SET timezone = 'UTC';

CREATE EXTENSION IF NOT EXISTS vector;

CREATE TABLE users (
  id                 uuid PRIMARY KEY,
  firebase_uid       text NOT NULL UNIQUE CHECK (length(firebase_uid) BETWEEN 1 AND 128),
  email              text,
  credits            integer NOT NULL DEFAULT 0 CHECK (credits >= 0),
  stripe_customer_id text UNIQUE,
  preferred_language text NOT NULL DEFAULT 'en',
  disabled_at        timestamptz,
  created_at         timestamptz NOT NULL DEFAULT now(),
  updated_at         timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE devices (
  user_id    uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  id         uuid NOT NULL,
  fcm_token  text NOT NULL,
  platform   text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, id)
);

CREATE TABLE credit_ledger (
  user_id       uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  id            uuid NOT NULL,
  delta         integer NOT NULL CHECK (delta <> 0),
  balance_after integer NOT NULL CHECK (balance_after >= 0),
  reason        text NOT NULL,
  ref           text NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, id),
  UNIQUE (user_id, reason, ref)
);

-- Ids come from the phone, so they are unique per user: two users may hold the same one and never notice.
CREATE TABLE sessions (
  user_id        uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  id             uuid NOT NULL,
  session_type   text NOT NULL CHECK (session_type IN ('voice', 'image', 'mixed')),
  status         text NOT NULL DEFAULT 'open' CHECK (status IN
                   ('open', 'pending_processing', 'processing', 'processed', 'failed', 'no_credits', 'raw_only')),
  language       text NOT NULL,
  title          text,
  ai_summary     text,
  failure_reason text,
  created_at     timestamptz NOT NULL DEFAULT now(),
  updated_at     timestamptz NOT NULL DEFAULT now(),
  finalized_at   timestamptz,
  processed_at   timestamptz,
  PRIMARY KEY (user_id, id)
);
CREATE INDEX sessions_newest ON sessions (user_id, created_at DESC, id DESC);

CREATE TABLE media_files (
  user_id       uuid NOT NULL,
  id            uuid NOT NULL,
  session_id    uuid NOT NULL,
  type          text NOT NULL CHECK (type IN ('audio', 'image')),
  object_key    text NOT NULL UNIQUE,
  content_type  text NOT NULL,
  size_bytes    bigint NOT NULL CHECK (size_bytes > 0),
  sha256        text CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  status        text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'uploaded', 'rejected')),
  reason        text,
  etag          text,
  duration_ms   integer,
  created_at    timestamptz NOT NULL DEFAULT now(),
  uploaded_at   timestamptz,
  PRIMARY KEY (user_id, id),
  FOREIGN KEY (user_id, session_id) REFERENCES sessions (user_id, id) ON DELETE CASCADE
);
CREATE INDEX media_files_session ON media_files (user_id, session_id);
CREATE INDEX media_files_pending ON media_files (created_at) WHERE status = 'pending';

CREATE TABLE session_blocks (
  user_id      uuid NOT NULL,
  id           uuid NOT NULL,
  session_id   uuid NOT NULL,
  block_type   text NOT NULL CHECK (block_type IN ('voice', 'image', 'marker')),
  text_content text,
  text_origin  text,               -- 'user', or the provider that made the text
  segments     jsonb,              -- [{"start_ms", "end_ms", "text"}], of a transcript
  media_id     uuid,
  made_by      text NOT NULL DEFAULT 'app' CHECK (made_by IN ('app', 'upload')),
  metadata     jsonb NOT NULL DEFAULT '{}' CHECK (length(metadata::text) <= 2000),
  captured_at  timestamptz NOT NULL DEFAULT now(),
  created_at   timestamptz NOT NULL DEFAULT now(),
  updated_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, id),
  UNIQUE (user_id, media_id),
  FOREIGN KEY (user_id, session_id) REFERENCES sessions (user_id, id) ON DELETE CASCADE,
  FOREIGN KEY (user_id, media_id) REFERENCES media_files (user_id, id) ON DELETE CASCADE
);
CREATE INDEX session_blocks_session ON session_blocks (user_id, session_id, captured_at, id);

CREATE TABLE ai_jobs (
  user_id      uuid NOT NULL,
  id           uuid NOT NULL,
  session_id   uuid NOT NULL,
  job_type     text NOT NULL DEFAULT 'session_processing',
  credits_used integer NOT NULL DEFAULT 1 CHECK (credits_used >= 0),
  status       text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'processing', 'completed', 'failed')),
  reason       text,
  created_at   timestamptz NOT NULL DEFAULT now(),
  completed_at timestamptz,
  PRIMARY KEY (user_id, id),
  FOREIGN KEY (user_id, session_id) REFERENCES sessions (user_id, id) ON DELETE CASCADE
);
CREATE INDEX ai_jobs_session ON ai_jobs (user_id, session_id, created_at DESC);

CREATE TABLE job_steps (
  user_id      uuid NOT NULL,
  id           uuid NOT NULL,
  job_id       uuid NOT NULL,
  session_id   uuid NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('transcribe', 'describe_image', 'embed', 'summarise')),
  media_id     uuid,
  block_id     uuid,
  state        text NOT NULL CHECK (state IN ('waiting', 'ready', 'running', 'completed', 'skipped', 'failed')),
  attempts     integer NOT NULL DEFAULT 0,
  lease_token  bigint NOT NULL DEFAULT 0,
  lease_until  timestamptz,
  reason       text,
  provider     text,
  model        text,
  provider_ms  integer CHECK (provider_ms >= 0),   -- how long the provider took, of the try that counted
  announced_at timestamptz,
  created_at   timestamptz NOT NULL DEFAULT now(),
  changed_at   timestamptz NOT NULL DEFAULT now(),
  finished_at  timestamptz,
  PRIMARY KEY (user_id, id),
  UNIQUE NULLS NOT DISTINCT (user_id, job_id, kind, media_id, block_id),
  FOREIGN KEY (user_id, job_id) REFERENCES ai_jobs (user_id, id) ON DELETE CASCADE,
  FOREIGN KEY (user_id, session_id) REFERENCES sessions (user_id, id) ON DELETE CASCADE
);
CREATE INDEX job_steps_session ON job_steps (user_id, session_id);
CREATE INDEX job_steps_unfinished ON job_steps (changed_at) WHERE state IN ('waiting', 'ready', 'running');

CREATE TABLE ai_usage (
  user_id        uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  id             uuid NOT NULL,
  session_id     uuid,
  step_id        uuid,
  provider       text NOT NULL,
  model          text NOT NULL,
  operation_type text NOT NULL,
  tokens_used    integer NOT NULL DEFAULT 0 CHECK (tokens_used >= 0),
  audio_ms       integer NOT NULL DEFAULT 0 CHECK (audio_ms >= 0),
  cost_cents     numeric(14, 6) NOT NULL DEFAULT 0,
  created_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, id)
);
CREATE INDEX ai_usage_session ON ai_usage (user_id, session_id);

CREATE TABLE outbox (
  user_id        uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  id             uuid NOT NULL,
  queue          text NOT NULL,
  body           jsonb NOT NULL,
  correlation_id text NOT NULL,
  created_at     timestamptz NOT NULL DEFAULT now(),
  claimed_at     timestamptz,
  published_at   timestamptz,
  PRIMARY KEY (user_id, id)
);
CREATE INDEX outbox_unpublished ON outbox (created_at) WHERE published_at IS NULL;

-- (provider, model) as a small number, so that no vector is ever compared with one of another model.
CREATE TABLE embedding_models (
  id         smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  provider   text NOT NULL,
  model      text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (provider, model)
);

CREATE TABLE chunks (
  user_id      uuid NOT NULL,
  model_id     smallint NOT NULL REFERENCES embedding_models (id),
  id           uuid NOT NULL,
  session_id   uuid NOT NULL,
  block_id     uuid NOT NULL,
  chunk_index  integer NOT NULL CHECK (chunk_index >= 0),
  text         text NOT NULL,
  start_ms     integer,
  end_ms       integer,
  content_hash bytea NOT NULL,
  vector_count smallint NOT NULL DEFAULT 1 CHECK (vector_count BETWEEN 1 AND 21),
  created_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, model_id, id),
  UNIQUE (user_id, block_id, model_id, chunk_index),
  FOREIGN KEY (user_id, session_id) REFERENCES sessions (user_id, id) ON DELETE CASCADE,
  FOREIGN KEY (user_id, block_id) REFERENCES session_blocks (user_id, id) ON DELETE CASCADE
);
CREATE INDEX chunks_session ON chunks (user_id, session_id);

-- Vectors apart from text, so that two rows fit one page; sign bits in the primary key's index, which a search
-- scans index-only. No second index may lead with user_id: the generic plan then takes the wrong one (docs/adr/0006).
-- Part 0 is the chunk as a whole, the others its moments: the stretches of a recording it is made of, so that a search
-- finds a sentence among many and knows its second (docs/adr/0013). A moment has 30 characters or more, a chunk 600:
-- there are at most 20, which the depth of a search relies on.
CREATE TABLE chunk_vectors (
  user_id   uuid NOT NULL,
  model_id  smallint NOT NULL,
  chunk_id  uuid NOT NULL,
  part      smallint NOT NULL CHECK (part BETWEEN 0 AND 20),
  start_ms  integer,
  end_ms    integer,
  embedding halfvec(1536) NOT NULL,
  bits      bit(1536) GENERATED ALWAYS AS (binary_quantize(embedding)::bit(1536)) STORED,
  PRIMARY KEY (user_id, model_id, chunk_id, part) INCLUDE (bits),
  FOREIGN KEY (user_id, model_id, chunk_id) REFERENCES chunks (user_id, model_id, id) ON DELETE CASCADE
);
ALTER TABLE chunk_vectors ALTER embedding SET STORAGE PLAIN, ALTER bits SET STORAGE PLAIN;
ALTER TABLE chunk_vectors SET (autovacuum_vacuum_insert_scale_factor = 0.01, autovacuum_vacuum_insert_threshold = 1000);

-- How many vectors a user has: the depth of the re-ranking follows it. Counted from chunks, whose rows go by whole
-- statements; a cascade deletes vectors chunk by chunk, and would update one row as often.
CREATE TABLE vector_counts (
  user_id      uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  model_id     smallint NOT NULL REFERENCES embedding_models (id),
  vector_count integer NOT NULL CHECK (vector_count >= 0),
  PRIMARY KEY (user_id, model_id)
);

CREATE FUNCTION count_new_vectors() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO vector_counts (user_id, model_id, vector_count)
  SELECT user_id, model_id, sum(vector_count)
  FROM new_chunks
  GROUP BY user_id, model_id
  ON CONFLICT (user_id, model_id)
  DO UPDATE SET vector_count = vector_counts.vector_count + excluded.vector_count;
  RETURN NULL;
END
$$;

CREATE FUNCTION count_old_vectors() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE vector_counts c
  SET vector_count = c.vector_count - gone.n
  FROM (SELECT user_id, model_id, sum(vector_count)::integer AS n FROM old_chunks GROUP BY user_id, model_id) gone
  WHERE c.user_id = gone.user_id AND c.model_id = gone.model_id;
  RETURN NULL;
END
$$;

CREATE TRIGGER vectors_counted_in AFTER INSERT ON chunks
  REFERENCING NEW TABLE AS new_chunks FOR EACH STATEMENT EXECUTE FUNCTION count_new_vectors();
CREATE TRIGGER vectors_counted_out AFTER DELETE ON chunks
  REFERENCING OLD TABLE AS old_chunks FOR EACH STATEMENT EXECUTE FUNCTION count_old_vectors();

-- The contract's table, as one looks at it: text and vector side by side.
CREATE VIEW embeddings WITH (security_invoker = true) AS
SELECT c.id, c.user_id, c.session_id, c.block_id, m.provider, m.model, v.embedding::vector(1536) AS embedding,
       c.text, c.chunk_index, c.start_ms, c.end_ms, c.content_hash, c.created_at
FROM chunks c
JOIN chunk_vectors v ON v.user_id = c.user_id AND v.model_id = c.model_id AND v.chunk_id = c.id AND v.part = 0
JOIN embedding_models m ON m.id = c.model_id;

-- Row-level security: the tenant comparison is the whole policy, so that it becomes an index condition.
-- After a transaction-local setting ends, current_setting gives '' rather than NULL: hence nullif.
DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['devices', 'credit_ledger', 'sessions', 'media_files', 'session_blocks', 'ai_jobs',
    'job_steps', 'ai_usage', 'outbox', 'chunks', 'chunk_vectors', 'vector_counts']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('CREATE POLICY tenant ON %I USING (user_id = nullif(current_setting(''app.user_id'', true), '''')::uuid)',
      tenant_table);
  END LOOP;
END
$$;
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON users USING (id = nullif(current_setting('app.user_id', true), '')::uuid);

-- What the sweep sees across users.
CREATE POLICY sweep ON outbox TO second_brain_system USING (true);
CREATE POLICY sweep ON job_steps FOR SELECT TO second_brain_system USING (true);
CREATE POLICY sweep ON media_files FOR SELECT TO second_brain_system USING (true);
CREATE POLICY sweep ON users FOR SELECT TO second_brain_system USING (true);

GRANT SELECT, INSERT, UPDATE, DELETE ON users, devices, sessions, media_files, session_blocks, ai_jobs, job_steps, ai_usage,
  outbox, chunks, chunk_vectors, vector_counts TO second_brain_app, second_brain_system;
GRANT SELECT, INSERT ON credit_ledger, embedding_models TO second_brain_app, second_brain_system;
GRANT SELECT ON embeddings TO second_brain_app, second_brain_system;

-- Two questions that must be asked before the tenant is known. They run as the system role, answer about one
-- exact key, and tell nothing else.
CREATE FUNCTION recognise_user(p_firebase_uid text)
RETURNS TABLE (id uuid, is_disabled boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT u.id, u.disabled_at IS NOT NULL
  FROM users u
  WHERE u.firebase_uid = p_firebase_uid
$$;

CREATE FUNCTION owner_of_object(p_object_key text)
RETURNS TABLE (user_id uuid, media_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT m.user_id, m.id
  FROM media_files m
  WHERE m.object_key = p_object_key
$$;

GRANT second_brain_system TO CURRENT_USER;
GRANT CREATE ON SCHEMA public TO second_brain_system;
ALTER FUNCTION recognise_user(text) OWNER TO second_brain_system;
ALTER FUNCTION owner_of_object(text) OWNER TO second_brain_system;
REVOKE CREATE ON SCHEMA public FROM second_brain_system;
REVOKE ALL ON FUNCTION recognise_user(text), owner_of_object(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION recognise_user(text), owner_of_object(text) TO second_brain_app, second_brain_system;

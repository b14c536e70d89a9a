-- Providers that an administrator switched off. Every call to a provider reads its row in the statement that reads its
-- circuit, so a switch holds from the next message on. Only what administrators use may write it.
CREATE TABLE provider_switches (
  provider   text PRIMARY KEY CHECK (length(provider) BETWEEN 1 AND 64),
  is_off     boolean NOT NULL,
  reason     text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
  changed_by uuid NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT ON provider_switches TO second_brain_app, second_brain_system;
GRANT INSERT, UPDATE ON provider_switches TO second_brain_system;

CREATE FUNCTION is_switched_off(p_provider text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT s.is_off FROM public.provider_switches s WHERE s.provider = p_provider), false)
$$;

-- Operators appoint administrators by a command, and are no users: they are named, not referred to.
ALTER TABLE audit_log
  ALTER actor_id DROP NOT NULL,
  ADD COLUMN actor_name text CHECK (length(actor_name) BETWEEN 1 AND 200),
  ADD CONSTRAINT audit_log_one_actor CHECK (num_nonnulls(actor_id, actor_name) = 1);
CREATE INDEX audit_log_subject ON audit_log (subject_user_id, created_at DESC, id DESC) WHERE subject_user_id IS NOT NULL;
CREATE INDEX audit_log_actor ON audit_log (actor_id, created_at DESC, id DESC);

-- Sessions as an administrator sees them: everything but what the user said, wrote or named. The view reads with the
-- rights of a role that nobody logs in as, and that may read these columns only. So no statement of the system role, not
-- even a wrong one, can show it another user's title or summary.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'second_brain_observer') THEN
    CREATE ROLE second_brain_observer NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
  END IF;
END
$$;
GRANT SELECT (user_id, id, session_type, status, language, failure_reason, created_at, updated_at, finalized_at,
              processed_at) ON sessions TO second_brain_observer;
CREATE POLICY observed ON sessions FOR SELECT TO second_brain_observer USING (true);
CREATE VIEW session_facts AS
SELECT user_id, id, session_type, status, language, failure_reason, created_at, updated_at, finalized_at, processed_at
FROM sessions;
GRANT second_brain_observer TO CURRENT_USER;
GRANT CREATE ON SCHEMA public TO second_brain_observer;
ALTER VIEW session_facts OWNER TO second_brain_observer;
REVOKE CREATE ON SCHEMA public FROM second_brain_observer;
GRANT SELECT ON session_facts TO second_brain_system;

-- What providers cost holds no word of anybody's. Rows are written once, in the order of their times.
CREATE POLICY counted ON ai_usage FOR SELECT TO second_brain_system USING (true);
CREATE INDEX ai_usage_days ON ai_usage USING brin (created_at) WITH (pages_per_range = 16, autosummarize = on);

-- An index for each list of an administrator's, so that a page costs a page.
CREATE INDEX users_newest ON users (created_at DESC, id DESC);
CREATE INDEX users_disabled ON users (created_at DESC, id DESC) WHERE disabled_at IS NOT NULL;
CREATE INDEX users_email ON users (lower(email) text_pattern_ops);
CREATE INDEX users_uid ON users (firebase_uid text_pattern_ops);
CREATE INDEX sessions_newest_of_all ON sessions (created_at DESC, id DESC);
CREATE INDEX ai_jobs_newest ON ai_jobs (created_at DESC, id DESC);
CREATE INDEX ai_jobs_failed ON ai_jobs (created_at DESC, id DESC) WHERE status = 'failed';
CREATE INDEX payments_newest_of_all ON payments (created_at DESC, id DESC);

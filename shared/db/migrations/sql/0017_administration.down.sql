DROP INDEX payments_newest_of_all, ai_jobs_failed, ai_jobs_newest, sessions_newest_of_all, users_uid, users_email,
  users_disabled, users_newest, ai_usage_days;
DROP POLICY counted ON ai_usage;

DROP VIEW session_facts;
DROP POLICY observed ON sessions;
REVOKE SELECT (user_id, id, session_type, status, language, failure_reason, created_at, updated_at, finalized_at,
               processed_at) ON sessions FROM second_brain_observer;

DROP INDEX audit_log_actor, audit_log_subject;
-- What operators did stays on record, of nobody who has an id.
UPDATE audit_log
SET actor_id = '00000000-0000-0000-0000-000000000000', details = details || jsonb_build_object('actor_name', actor_name)
WHERE actor_id IS NULL;
ALTER TABLE audit_log
  DROP CONSTRAINT audit_log_one_actor,
  DROP COLUMN actor_name,
  ALTER actor_id SET NOT NULL;

DROP FUNCTION is_switched_off(text);
DROP TABLE provider_switches;

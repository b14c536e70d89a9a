DROP POLICY counted ON ai_jobs;
DROP INDEX ai_jobs_unfinished;
DROP INDEX job_steps_changed;
ALTER TABLE job_steps DROP COLUMN correlation_id;

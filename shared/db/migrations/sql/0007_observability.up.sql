-- The request that set the step going: its messages carry it, also those the sweep writes hours later.
-- NULL for steps made before.
ALTER TABLE job_steps ADD COLUMN correlation_id text;

-- What became of steps of late. Rows are updated soon after they are made and never again, so their times follow the
-- pages; a summary of pages costs a write next to nothing, and does not keep an update from staying on its page.
CREATE INDEX job_steps_changed ON job_steps USING brin (changed_at) WITH (pages_per_range = 16, autosummarize = on);

-- An operator sees how many jobs are under way, and for how long.
CREATE INDEX ai_jobs_unfinished ON ai_jobs (created_at) WHERE status IN ('pending', 'processing');
CREATE POLICY counted ON ai_jobs FOR SELECT TO second_brain_system USING (true);

ALTER TABLE job_steps DROP COLUMN put_off_since;

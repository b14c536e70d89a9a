-- When a step was first put off since it became ready: how long that may go on is counted from there, not from its
-- creation. A step waits a day for an upload, or is set going again by an edit weeks later.
ALTER TABLE job_steps ADD COLUMN put_off_since timestamptz;

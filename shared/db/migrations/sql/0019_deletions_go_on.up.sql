-- A deletion goes on where it ended: when the bucket was seen without the object. What was seen while somebody could still
-- upload is looked at once more by the last look.
ALTER TABLE deletion_objects ADD COLUMN gone_at timestamptz;

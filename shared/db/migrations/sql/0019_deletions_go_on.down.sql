ALTER TABLE deletion_objects DROP COLUMN gone_at;

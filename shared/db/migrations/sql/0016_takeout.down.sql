DELETE FROM bucket_rounds WHERE name IN ('exports', 'imports', 'export_uploads');
ALTER TABLE bucket_rounds DROP CONSTRAINT bucket_rounds_name_check;
ALTER TABLE bucket_rounds ADD CONSTRAINT bucket_rounds_name_check CHECK (name IN ('objects', 'parts', 'uploads'));
DROP TABLE transfers;

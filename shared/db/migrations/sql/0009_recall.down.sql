DROP TABLE chunk_words;
DROP FUNCTION word_keys(uuid, tsvector);
DROP FUNCTION word_language(text);
DROP FUNCTION fold_text(text);
DROP TABLE search_spaces;
ALTER TABLE chunks DROP COLUMN events;
ALTER TABLE sessions DROP COLUMN time_zone;
ALTER TABLE users DROP COLUMN time_zone;

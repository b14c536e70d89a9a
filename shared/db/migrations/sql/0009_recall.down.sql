DROP FUNCTION chunks_with_words(smallint, bigint[], bigint[], bigint[], integer);
DROP FUNCTION chunks_with_word(smallint, bigint[], integer);
DROP INDEX chunks_with_events;
DROP INDEX session_blocks_captured;
CREATE OR REPLACE FUNCTION count_new_vectors() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO vector_counts (user_id, model_id, vector_count)
  SELECT user_id, model_id, sum(vector_count)
  FROM new_chunks
  GROUP BY user_id, model_id
  ON CONFLICT (user_id, model_id)
  DO UPDATE SET vector_count = vector_counts.vector_count + excluded.vector_count;
  RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION count_old_vectors() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE vector_counts c
  SET vector_count = c.vector_count - gone.n
  FROM (SELECT user_id, model_id, sum(vector_count)::integer AS n FROM old_chunks GROUP BY user_id, model_id) gone
  WHERE c.user_id = gone.user_id AND c.model_id = gone.model_id;
  RETURN NULL;
END
$$;
ALTER TABLE vector_counts DROP COLUMN chunk_count;
DROP TABLE chunk_words;
DROP FUNCTION word_keys(uuid, tsvector);
DROP FUNCTION words_of(regconfig, text);
DROP FUNCTION word_language(text);
DROP FUNCTION fold_text(text);
DROP TABLE search_spaces;
ALTER TABLE chunks DROP COLUMN events;
ALTER TABLE sessions DROP COLUMN time_zone;
ALTER TABLE users DROP COLUMN time_zone;

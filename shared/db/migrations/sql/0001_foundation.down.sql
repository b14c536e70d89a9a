-- The roles stay: other databases of the cluster may use them.
DROP FUNCTION owner_of_object(text);
DROP FUNCTION recognise_user(text);
DROP VIEW embeddings;
DROP TABLE chunk_counts, chunk_moments, chunk_vectors, chunks, embedding_models, outbox, ai_usage, job_steps, ai_jobs, session_blocks,
  media_files, sessions, credit_ledger, devices, users;
DROP FUNCTION count_new_chunks();
DROP FUNCTION count_old_chunks();

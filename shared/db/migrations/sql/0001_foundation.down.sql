-- The roles stay: other databases of the cluster may use them.
DROP FUNCTION owner_of_object(text);
DROP FUNCTION recognise_user(text);
DROP VIEW embeddings;
DROP TABLE vector_counts, chunk_vectors, chunks, embedding_models, outbox, ai_usage, job_steps, ai_jobs, session_blocks,
  media_files, sessions, credit_ledger, devices, users;
DROP FUNCTION count_new_vectors();
DROP FUNCTION count_old_vectors();

DROP POLICY sweep ON search_spaces;
DROP INDEX search_spaces_model;
DROP TABLE reembedding_days;
DROP TABLE reembeddings;

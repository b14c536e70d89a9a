-- An IANA name each: where the user is, and where they were when they captured something. "Tomorrow at nine" needs it.
ALTER TABLE users ADD COLUMN time_zone text NOT NULL DEFAULT 'UTC' CHECK (length(time_zone) BETWEEN 1 AND 64);
ALTER TABLE sessions ADD COLUMN time_zone text NOT NULL DEFAULT 'UTC' CHECK (length(time_zone) BETWEEN 1 AND 64);

-- The periods a chunk speaks of, resolved when it was embedded from when its block was captured.
ALTER TABLE chunks ADD COLUMN events tstzmultirange NOT NULL DEFAULT '{}';

-- The model a user is searched by, and the languages their words are in. Vectors of another model may lie beside it
-- while the user is moved; they are not looked at. `is_keyed`: their words are in the index of keys below.
CREATE TABLE search_spaces (
  user_id   uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  model_id  smallint NOT NULL REFERENCES embedding_models (id),
  languages text[] NOT NULL,
  is_keyed  boolean NOT NULL DEFAULT false
);

-- Small letters without accents, so that "reuniao" finds "Reunião". NFC at the end: Hangul has to be whole again.
CREATE FUNCTION fold_text(p_text text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT normalize(regexp_replace(normalize(lower(p_text COLLATE pg_c_utf8), NFD), '[\u0300-\u036f]', '', 'g'), NFC)
$$;

-- The text search configuration of a language tag ("pt-BR"): its words are stemmed; of unknown languages they are not.
CREATE FUNCTION word_language(p_tag text) RETURNS regconfig
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE split_part(lower(p_tag), '-', 1)
    WHEN 'ar' THEN 'pg_catalog.arabic'::regconfig
    WHEN 'ca' THEN 'pg_catalog.catalan'::regconfig
    WHEN 'da' THEN 'pg_catalog.danish'::regconfig
    WHEN 'de' THEN 'pg_catalog.german'::regconfig
    WHEN 'el' THEN 'pg_catalog.greek'::regconfig
    WHEN 'en' THEN 'pg_catalog.english'::regconfig
    WHEN 'es' THEN 'pg_catalog.spanish'::regconfig
    WHEN 'eu' THEN 'pg_catalog.basque'::regconfig
    WHEN 'fi' THEN 'pg_catalog.finnish'::regconfig
    WHEN 'fr' THEN 'pg_catalog.french'::regconfig
    WHEN 'ga' THEN 'pg_catalog.irish'::regconfig
    WHEN 'hi' THEN 'pg_catalog.hindi'::regconfig
    WHEN 'hu' THEN 'pg_catalog.hungarian'::regconfig
    WHEN 'hy' THEN 'pg_catalog.armenian'::regconfig
    WHEN 'id' THEN 'pg_catalog.indonesian'::regconfig
    WHEN 'it' THEN 'pg_catalog.italian'::regconfig
    WHEN 'lt' THEN 'pg_catalog.lithuanian'::regconfig
    WHEN 'nb' THEN 'pg_catalog.norwegian'::regconfig
    WHEN 'ne' THEN 'pg_catalog.nepali'::regconfig
    WHEN 'nl' THEN 'pg_catalog.dutch'::regconfig
    WHEN 'nn' THEN 'pg_catalog.norwegian'::regconfig
    WHEN 'no' THEN 'pg_catalog.norwegian'::regconfig
    WHEN 'pt' THEN 'pg_catalog.portuguese'::regconfig
    WHEN 'ro' THEN 'pg_catalog.romanian'::regconfig
    WHEN 'ru' THEN 'pg_catalog.russian'::regconfig
    WHEN 'sr' THEN 'pg_catalog.serbian'::regconfig
    WHEN 'sv' THEN 'pg_catalog.swedish'::regconfig
    WHEN 'ta' THEN 'pg_catalog.tamil'::regconfig
    WHEN 'tr' THEN 'pg_catalog.turkish'::regconfig
    WHEN 'yi' THEN 'pg_catalog.yiddish'::regconfig
    ELSE 'pg_catalog.simple'::regconfig
  END
$$;

-- The words of a text, stemmed, by their place in it. Stemmed without accents, so that people may leave them out; what
-- Portuguese then lacks is made up for: plurals that its stemmer does not know without them ("reunioes" and "reuniao",
-- "imagens" and "imagem"), and the stop words whose accent was taken. The 12 of "B-12" is 12: the parser reads -12.
CREATE FUNCTION words_of(p_language regconfig, p_text text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE p_language
    WHEN 'pg_catalog.portuguese'::regconfig THEN
      ts_delete(
        to_tsvector('pg_catalog.portuguese',
          regexp_replace(regexp_replace(regexp_replace(regexp_replace(fold_text(p_text),
            '(?<=\w)-(?=\d)', ' ', 'g'),
            '(\w)(?:oes|aos)\M', '\1ao', 'g'),
            '(\w\w[ae])is\M', '\1l', 'g'),
            '(\w[aeiou])ns\M', '\1m', 'g')),
        '{ate,estivess,fosse,ha,hao,houver,houvera,houvess,ja,nao,sao,sera,so,tamb,ter,tera,tinh,tiver,tivess,voc}'::text[])
    ELSE to_tsvector(p_language, regexp_replace(fold_text(p_text), '(?<=\w)-(?=\d)', ' ', 'g'))
  END
$$;

-- A number for each word of a user, so that an index over all users is asked for one user's words only.
CREATE FUNCTION word_keys(p_user_id uuid, p_words tsvector) RETURNS bigint[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT array_agg(hashtextextended(lexeme, hashtextextended(p_user_id::text, 0))) FROM unnest(p_words)
$$;

-- Words apart from text and vectors, narrow to scan. A user with few chunks is scanned; one with many has keys.
CREATE TABLE chunk_words (
  user_id  uuid NOT NULL,
  model_id smallint NOT NULL,
  chunk_id uuid NOT NULL,
  words    tsvector NOT NULL,
  is_keyed boolean NOT NULL DEFAULT false,
  PRIMARY KEY (user_id, model_id, chunk_id),
  FOREIGN KEY (user_id, model_id, chunk_id) REFERENCES chunks (user_id, model_id, id) ON DELETE CASCADE
);
CREATE INDEX chunk_words_keys ON chunk_words USING gin (word_keys(user_id, words)) WITH (fastupdate = off) WHERE is_keyed;
ALTER TABLE chunk_words SET (autovacuum_vacuum_insert_scale_factor = 0.01, autovacuum_vacuum_insert_threshold = 1000);

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOREACH tenant_table IN ARRAY ARRAY['chunk_words', 'search_spaces']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format('CREATE POLICY tenant ON %I USING (user_id = nullif(current_setting(''app.user_id'', true), '''')::uuid)',
      tenant_table);
  END LOOP;
END
$$;
GRANT SELECT, INSERT, UPDATE, DELETE ON chunk_words, search_spaces TO second_brain_app, second_brain_system;

-- What a search is narrowed by: when a block was captured, and what a chunk speaks of.
CREATE INDEX session_blocks_captured ON session_blocks (user_id, captured_at);
CREATE INDEX chunks_with_events ON chunks (user_id, model_id) WHERE events <> '{}';

-- How much a word tells depends on how many of a user's chunks have it.
ALTER TABLE vector_counts ADD COLUMN chunk_count integer NOT NULL DEFAULT 0 CHECK (chunk_count >= 0);
CREATE OR REPLACE FUNCTION count_new_vectors() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO vector_counts (user_id, model_id, vector_count, chunk_count)
  SELECT user_id, model_id, sum(vector_count), count(*)
  FROM new_chunks
  GROUP BY user_id, model_id
  ON CONFLICT (user_id, model_id)
  DO UPDATE SET vector_count = vector_counts.vector_count + excluded.vector_count,
                chunk_count = vector_counts.chunk_count + excluded.chunk_count;
  RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION count_old_vectors() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE vector_counts c
  SET vector_count = c.vector_count - gone.vectors, chunk_count = c.chunk_count - gone.chunks
  FROM (
    SELECT user_id, model_id, sum(vector_count)::integer AS vectors, count(*)::integer AS chunks
    FROM old_chunks
    GROUP BY user_id, model_id
  ) gone
  WHERE c.user_id = gone.user_id AND c.model_id = gone.model_id;
  RETURN NULL;
END
$$;

-- Which of the tenant's chunks have one of the keys, and which have one of each of three sets; the first `p_most` of them.
-- Under row-level security an operator that is not leakproof, as && is not, is never the condition of an index. So these
-- run as the system role, whose policy lets it see all words; whose they look at they are not told, but read where the
-- policy of tenants reads it. `IS TRUE` keeps the planner from the primary key, which has every chunk of the user.
CREATE POLICY keyed ON chunk_words FOR SELECT TO second_brain_system USING (true);

CREATE FUNCTION chunks_with_word(p_model_id smallint, p_keys bigint[], p_most integer) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
  SELECT chunk_id
  FROM chunk_words
  WHERE is_keyed
    AND word_keys(user_id, words) && p_keys
    AND (user_id = nullif(current_setting('app.user_id', true), '')::uuid) IS TRUE
    AND (model_id = p_model_id) IS TRUE
  LIMIT p_most
$$;

CREATE FUNCTION chunks_with_words(
  p_model_id smallint, p_first bigint[], p_second bigint[], p_third bigint[], p_most integer
) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
  SELECT chunk_id
  FROM chunk_words
  WHERE is_keyed
    AND word_keys(user_id, words) && p_first
    AND word_keys(user_id, words) && p_second
    AND word_keys(user_id, words) && p_third
    AND (user_id = nullif(current_setting('app.user_id', true), '')::uuid) IS TRUE
    AND (model_id = p_model_id) IS TRUE
  LIMIT p_most
$$;

GRANT second_brain_system TO CURRENT_USER;
GRANT CREATE ON SCHEMA public TO second_brain_system;
ALTER FUNCTION chunks_with_word(smallint, bigint[], integer) OWNER TO second_brain_system;
ALTER FUNCTION chunks_with_words(smallint, bigint[], bigint[], bigint[], integer) OWNER TO second_brain_system;
REVOKE CREATE ON SCHEMA public FROM second_brain_system;
REVOKE ALL ON FUNCTION chunks_with_word(smallint, bigint[], integer),
  chunks_with_words(smallint, bigint[], bigint[], bigint[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION chunks_with_word(smallint, bigint[], integer),
  chunks_with_words(smallint, bigint[], bigint[], bigint[], integer) TO second_brain_app;

-- What is there already: its words, and the model its owner's chunks were last embedded by. The owner of the tables may
-- be no superuser, and would read no row of anybody while row-level security is forced.
ALTER TABLE chunks NO FORCE ROW LEVEL SECURITY;
ALTER TABLE sessions NO FORCE ROW LEVEL SECURITY;
ALTER TABLE vector_counts NO FORCE ROW LEVEL SECURITY;
INSERT INTO chunk_words (user_id, model_id, chunk_id, words)
SELECT c.user_id, c.model_id, c.id, strip(words_of(word_language(s.language), c.text))
FROM chunks c
JOIN sessions s ON s.user_id = c.user_id AND s.id = c.session_id;
INSERT INTO search_spaces (user_id, model_id, languages)
SELECT c.user_id, (array_agg(c.model_id ORDER BY c.created_at DESC, c.id DESC))[1],
       array_agg(DISTINCT word_language(s.language)::text)
FROM chunks c
JOIN sessions s ON s.user_id = c.user_id AND s.id = c.session_id
GROUP BY c.user_id;
UPDATE vector_counts v
SET chunk_count = (SELECT count(*) FROM chunks c WHERE c.user_id = v.user_id AND c.model_id = v.model_id);
ALTER TABLE vector_counts FORCE ROW LEVEL SECURITY;
ALTER TABLE sessions FORCE ROW LEVEL SECURITY;
ALTER TABLE chunks FORCE ROW LEVEL SECURITY;
ALTER TABLE chunk_words FORCE ROW LEVEL SECURITY;
ALTER TABLE search_spaces FORCE ROW LEVEL SECURITY;

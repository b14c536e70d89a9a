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
CREATE INDEX chunk_words_keys ON chunk_words USING gin (word_keys(user_id, words)) WHERE is_keyed;
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

-- What is there already: its words, and the model its owner's chunks were last embedded by. The owner of the tables may
-- be no superuser, and would read no row of anybody while row-level security is forced.
ALTER TABLE chunks NO FORCE ROW LEVEL SECURITY;
ALTER TABLE sessions NO FORCE ROW LEVEL SECURITY;
INSERT INTO chunk_words (user_id, model_id, chunk_id, words)
SELECT c.user_id, c.model_id, c.id, to_tsvector(word_language(s.language), fold_text(c.text))
FROM chunks c
JOIN sessions s ON s.user_id = c.user_id AND s.id = c.session_id;
INSERT INTO search_spaces (user_id, model_id, languages)
SELECT c.user_id, (array_agg(c.model_id ORDER BY c.created_at DESC, c.id DESC))[1],
       array_agg(DISTINCT word_language(s.language)::text)
FROM chunks c
JOIN sessions s ON s.user_id = c.user_id AND s.id = c.session_id
GROUP BY c.user_id;
ALTER TABLE sessions FORCE ROW LEVEL SECURITY;
ALTER TABLE chunks FORCE ROW LEVEL SECURITY;
ALTER TABLE chunk_words FORCE ROW LEVEL SECURITY;
ALTER TABLE search_spaces FORCE ROW LEVEL SECURITY;

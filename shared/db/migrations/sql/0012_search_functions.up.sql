-- What every search asks, as functions: one round trip each, and one plan in each process of the server, a pooler's too,
-- where no statement is prepared (docs/adr/0030). The best plan is the same whatever they are given, hence generic ones; and
-- one that was made while a table was small must not read all of it when it has grown, hence no sequential scans.

-- Confines the statement it is called in, and the transaction if there is one, to one user's rows; answers whose. What
-- takes the answer cannot run before it. What may be lost is committed without waiting for the disk.
CREATE FUNCTION confined_to(p_user_id uuid, p_may_be_lost boolean DEFAULT false) RETURNS uuid LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.user_id', p_user_id::text, true);
  IF p_may_be_lost THEN
    PERFORM set_config('synchronous_commit', 'off', true);
  END IF;
  RETURN p_user_id;
END
$$;

-- What searches of a user look at, and how their questions are read; no row while nothing of theirs was ever embedded.
CREATE FUNCTION search_space_of(p_user_id uuid)
RETURNS TABLE (
  model_id smallint, provider text, model text, languages text[], is_keyed boolean, vector_count integer,
  chunk_count integer, language text, time_zone text
)
LANGUAGE plpgsql ROWS 1 AS $$
#variable_conflict use_column
BEGIN
  PERFORM confined_to(p_user_id);
  RETURN QUERY
    SELECT s.model_id, m.provider, m.model, s.languages, s.is_keyed, coalesce(c.vector_count, 0),
           coalesce(c.chunk_count, 0), u.preferred_language, u.time_zone
    FROM search_spaces s
    JOIN users u ON u.id = s.user_id
    JOIN embedding_models m ON m.id = s.model_id
    LEFT JOIN vector_counts c ON c.user_id = s.user_id AND c.model_id = s.model_id
    WHERE s.user_id = p_user_id;
END
$$;

-- The chunks nearest to a vector, nearest first, none below the cosine `p_threshold`. A chunk is as near as the nearest
-- of its parts. Every vector is compared.
CREATE FUNCTION nearest_of_all(p_user_id uuid, p_model_id smallint, p_query halfvec, p_limit integer, p_threshold float8)
RETURNS TABLE (chunk_id uuid, cosine float8) LANGUAGE sql STABLE AS $$
  SELECT v.chunk_id, least(1, greatest(0, -min(v.embedding <#> p_query))) AS cosine
  FROM chunk_vectors v
  WHERE v.user_id = p_user_id AND v.model_id = p_model_id
  GROUP BY v.chunk_id
  HAVING greatest(0, -min(v.embedding <#> p_query)) >= p_threshold
  ORDER BY cosine DESC, v.chunk_id
  LIMIT p_limit
$$;

-- The same of many vectors: sign bits are scanned inside the primary key's index, and `p_depth` of the nearest by bits are
-- compared in full. Sub-selects keep traps shut: the query is quantised once and not for each row; and a candidate's vector
-- is fetched by its key, where a join may hash everything the user has.
CREATE FUNCTION nearest_by_bits(
  p_user_id uuid, p_model_id smallint, p_query halfvec, p_depth integer, p_limit integer, p_threshold float8
) RETURNS TABLE (chunk_id uuid, cosine float8) LANGUAGE sql STABLE AS $$
  WITH candidates AS MATERIALIZED (
    SELECT v.chunk_id, v.part
    FROM chunk_vectors v
    WHERE v.user_id = p_user_id AND v.model_id = p_model_id
    ORDER BY v.bits <~> (SELECT binary_quantize(p_query)::bit(1536))
    LIMIT p_depth
  ),
  ranked AS MATERIALIZED (
    SELECT c.chunk_id, (
      SELECT least(1, greatest(0, -(v.embedding <#> p_query)))
      FROM chunk_vectors v
      WHERE v.user_id = p_user_id
        AND v.model_id = p_model_id
        AND v.chunk_id = c.chunk_id
        AND v.part = c.part) AS cosine
    FROM candidates c
  )
  SELECT r.chunk_id, max(r.cosine) AS cosine
  FROM ranked r
  WHERE r.cosine >= p_threshold
  GROUP BY r.chunk_id
  ORDER BY cosine DESC, r.chunk_id
  LIMIT p_limit
$$;

-- A chunk as it is shown. With a query's vector, a recording is pointed into where it comes closest. LIMIT 1 forbids joins
-- that hash what the user has.
CREATE FUNCTION passage_of(p_user_id uuid, p_model_id smallint, p_chunk_id uuid, p_query halfvec)
RETURNS TABLE (
  session_id uuid, block_id uuid, text text, start_ms integer, end_ms integer, media_id uuid, captured_at timestamptz,
  created_at timestamptz, events tstzmultirange
) LANGUAGE sql STABLE AS $$
  SELECT c.session_id, c.block_id, c.text, coalesce(said.start_ms, c.start_ms), coalesce(said.end_ms, c.end_ms),
         b.media_id, b.captured_at, b.created_at, c.events
  FROM (
    SELECT session_id, block_id, text, start_ms, end_ms, events, vector_count
    FROM chunks
    WHERE user_id = p_user_id AND model_id = p_model_id AND id = p_chunk_id
    LIMIT 1
  ) c
  CROSS JOIN LATERAL (
    SELECT media_id, captured_at, created_at
    FROM session_blocks
    WHERE user_id = p_user_id AND id = c.block_id
    LIMIT 1
  ) b
  LEFT JOIN LATERAL (
    SELECT v.start_ms, v.end_ms
    FROM chunk_vectors v
    WHERE c.vector_count > 1
      AND p_query IS NOT NULL
      AND v.user_id = p_user_id
      AND v.model_id = p_model_id
      AND v.chunk_id = p_chunk_id
      AND v.part > 0
    ORDER BY v.embedding <#> p_query
    LIMIT 1
  ) said ON true
$$;

-- What the app calls: the three above, within one plan each. Without `p_depth` every vector is compared.
CREATE FUNCTION nearest_chunks(
  p_user_id uuid, p_model_id smallint, p_query vector, p_depth integer, p_limit integer, p_threshold float8
) RETURNS TABLE (chunk_id uuid, cosine float8)
LANGUAGE plpgsql ROWS 10 SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  v_query halfvec := p_query::halfvec;
BEGIN
  PERFORM confined_to(p_user_id);
  IF p_depth IS NULL THEN
    RETURN QUERY SELECT n.chunk_id, n.cosine
    FROM nearest_of_all(p_user_id, p_model_id, v_query, p_limit, p_threshold) n;
  ELSE
    RETURN QUERY SELECT n.chunk_id, n.cosine
    FROM nearest_by_bits(p_user_id, p_model_id, v_query, p_depth, p_limit, p_threshold) n;
  END IF;
END
$$;

CREATE FUNCTION passages_of(p_user_id uuid, p_model_id smallint, p_chunk_ids uuid[], p_query vector)
RETURNS TABLE (
  chunk_id uuid, session_id uuid, block_id uuid, text text, start_ms integer, end_ms integer, media_id uuid,
  captured_at timestamptz, created_at timestamptz, events tstzmultirange
)
LANGUAGE plpgsql ROWS 10 SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  v_query halfvec := p_query::halfvec;
BEGIN
  PERFORM confined_to(p_user_id);
  RETURN QUERY SELECT wanted.id, p.*
  FROM unnest(p_chunk_ids) AS wanted(id)
  CROSS JOIN LATERAL passage_of(p_user_id, p_model_id, wanted.id, v_query) p;
END
$$;

CREATE FUNCTION nearest_passages(
  p_user_id uuid, p_model_id smallint, p_query vector, p_depth integer, p_limit integer, p_threshold float8
) RETURNS TABLE (
  session_id uuid, block_id uuid, text text, similarity float8, start_ms integer, end_ms integer, media_id uuid,
  created_at timestamptz
)
LANGUAGE plpgsql ROWS 10 SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  v_query halfvec := p_query::halfvec;
BEGIN
  PERFORM confined_to(p_user_id);
  IF p_depth IS NULL THEN
    RETURN QUERY SELECT p.session_id, p.block_id, p.text, n.cosine, p.start_ms, p.end_ms, p.media_id, p.created_at
    FROM nearest_of_all(p_user_id, p_model_id, v_query, p_limit, p_threshold) n
    CROSS JOIN LATERAL passage_of(p_user_id, p_model_id, n.chunk_id, v_query) p
    ORDER BY n.cosine DESC, n.chunk_id;
  ELSE
    RETURN QUERY SELECT p.session_id, p.block_id, p.text, n.cosine, p.start_ms, p.end_ms, p.media_id, p.created_at
    FROM nearest_by_bits(p_user_id, p_model_id, v_query, p_depth, p_limit, p_threshold) n
    CROSS JOIN LATERAL passage_of(p_user_id, p_model_id, n.chunk_id, v_query) p
    ORDER BY n.cosine DESC, n.chunk_id;
  END IF;
END
$$;

-- The chunks that have some of the terms, those first whose terms tell most; whether they have them all. What a term tells
-- grows with its rarity (idf) among `p_among` chunks. None below the share `p_least_share` of what all terms tell together.
-- Of chunks with the same terms the shorter one comes first. Each of the user's chunks is looked at, or each of `p_only`.
CREATE FUNCTION chunks_by_words(
  p_user_id uuid, p_model_id smallint, p_terms tsquery[], p_only uuid[], p_among integer, p_limit integer,
  p_least_share float8
) RETURNS TABLE (chunk_id uuid, has_all boolean)
LANGUAGE plpgsql ROWS 100 SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  v_any tsquery := '';
  v_term tsquery;
BEGIN
  PERFORM confined_to(p_user_id);
  FOREACH v_term IN ARRAY p_terms LOOP
    v_any := v_any || v_term;
  END LOOP;
  RETURN QUERY
    WITH hits AS MATERIALIZED (
      SELECT chunk_id, words
      FROM chunk_words
      WHERE p_only IS NULL AND user_id = p_user_id AND model_id = p_model_id AND words @@ v_any
      UNION ALL
      SELECT w.chunk_id, w.words
      FROM unnest(p_only) AS wanted(id)
      CROSS JOIN LATERAL (
        SELECT chunk_id, words
        FROM chunk_words
        WHERE user_id = p_user_id AND model_id = p_model_id AND chunk_id = wanted.id
        LIMIT 1
      ) w
      WHERE w.words @@ v_any
    ),
    had AS MATERIALIZED (
      SELECT h.chunk_id, length(h.words) AS size, t.number
      FROM hits h
      JOIN unnest(p_terms) WITH ORDINALITY AS t(term, number) ON h.words @@ t.term
    ),
    told AS MATERIALIZED (
      SELECT number, ln(1 + greatest(p_among - count(size), 0) / (count(size) + 0.5::float8)) AS tells
      FROM generate_series(1, cardinality(p_terms)) AS t(number)
      LEFT JOIN had USING (number)
      GROUP BY number
    )
    SELECT chunk_id, count(*) = cardinality(p_terms)
    FROM had
    JOIN told USING (number)
    GROUP BY chunk_id, size
    HAVING sum(tells ORDER BY number) >= p_least_share * (SELECT sum(tells ORDER BY number) FROM told)
    ORDER BY sum(tells ORDER BY number) DESC, size, chunk_id
    LIMIT p_limit;
END
$$;

-- Every word of a text that is no stop word, in each language: the language, its place in the text, the lexeme.
CREATE FUNCTION lexemes_in(p_languages text[], p_text text) RETURNS TABLE (language text, place integer, lexeme text)
LANGUAGE plpgsql STABLE ROWS 10 SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN QUERY
    SELECT l.name, at.place::integer, w.lexeme
    FROM unnest(p_languages) AS l(name)
    CROSS JOIN LATERAL unnest(words_of(l.name::regconfig, p_text)) AS w(lexeme, positions, weights)
    CROSS JOIN LATERAL unnest(w.positions) AS at(place);
END
$$;

-- Those of the words that match, in any of the languages.
CREATE FUNCTION words_that_match(p_words text[], p_languages text[], p_any tsquery) RETURNS SETOF text
LANGUAGE plpgsql STABLE ROWS 10 SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN QUERY
    SELECT w.word
    FROM unnest(p_words) AS w(word)
    WHERE EXISTS (
      SELECT FROM unnest(p_languages) AS l(name) WHERE words_of(l.name::regconfig, w.word) @@ p_any
    );
END
$$;

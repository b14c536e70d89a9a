"""Our search beside other stores of vectors: the same vectors, one Postgres, one process."""

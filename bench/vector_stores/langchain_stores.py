"""LangChain's two stores: PGVector as created, and PGVectorStore with the index on the user its documents leave to us.

In their favour: vectors are given, so no embedding; PGVectorStore runs on our event loop through its async methods,
without the thread its sync ones hop to; its filter is a column of its own, not a path in JSON.
"""

import asyncio
import os
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import create_async_engine

from bench.vector_stores.addresses import for_sqlalchemy
from bench.vector_stores.copying import copy_rows, execute, rows_of
from bench.vector_stores.population import Population, Tenant
from shared.ai.capabilities import Vector
from shared.ids import UserId

os.environ["LANGSMITH_TRACING"] = "false"


class LangChainVector:
    """Fulfils Side with PGVector."""

    name = "LangChain PGVector"
    is_exact = True

    def __init__(self, url: str) -> None:
        from langchain_postgres import PGVector  # noqa: PLC0415 - seconds, which no other benchmark should pay

        self._url = url
        self._engine = create_engine(for_sqlalchemy(url, "psycopg"))
        self._store: Any = PGVector(
            embeddings=None,  # pyright: ignore[reportArgumentType] - vectors are given
            connection=self._engine,
            embedding_length=1536,
            collection_name="notes",
        )

    def load(self, population: Population) -> None:
        """Its constructor has made the tables."""
        with psycopg.connect(self._url) as connection:
            ((collection,),) = connection.execute("SELECT uuid FROM langchain_pg_collection").fetchall()
        columns = {
            "id": "varchar",
            "collection_id": "uuid",
            "embedding": "vector",
            "document": "varchar",
            "cmetadata": "jsonb",
        }
        rows = (
            (str(key), collection, vector, text, Jsonb({"user_id": str(user)}))
            for key, user, text, vector in rows_of(population)
        )
        copy_rows(self._url, "langchain_pg_embedding", columns, rows)

    def search(self, tenant: Tenant, question: Vector, limit: int) -> list[int]:
        """By vector, filtered by metadata."""
        found = self._store.similarity_search_with_score_by_vector(
            list(question), k=limit, filter={"user_id": str(tenant.user_id)}
        )
        return [int(document.page_content) for document, _ in found]

    def insert(self, user_id: UserId, vectors: Sequence[Vector]) -> None:
        """One statement for all."""
        texts = [str(number) for number in range(len(vectors))]
        self._store.add_embeddings(
            texts, [list(vector) for vector in vectors], [{"user_id": str(user_id)}] * len(texts)
        )

    def close(self) -> None:
        """Its pool."""
        self._engine.dispose()


class LangChainStore:
    """Fulfils Side with PGVectorStore."""

    name = "LangChain PGVectorStore + btree"
    is_exact = True

    def __init__(self, url: str, loop: asyncio.AbstractEventLoop) -> None:
        self._url = url
        self._loop = loop
        self._engine = create_async_engine(for_sqlalchemy(url, "asyncpg"))
        self._store: Any = loop.run_until_complete(self._created())

    async def _created(self) -> Any:  # noqa: ANN401 - a peer's class
        from langchain_core.embeddings import DeterministicFakeEmbedding  # noqa: PLC0415 - seconds, as above
        from langchain_postgres import Column, PGEngine, PGVectorStore  # noqa: PLC0415 - the same

        engine = PGEngine.from_engine(self._engine)
        await engine.ainit_vectorstore_table("langchain_store", 1536, metadata_columns=[Column("user_id", "text")])
        nobody = DeterministicFakeEmbedding(size=1536)
        return await PGVectorStore.create(engine, nobody, "langchain_store", metadata_columns=["user_id"])

    def load(self, population: Population) -> None:
        """And the index on the user."""
        columns = {"langchain_id": "uuid", "content": "text", "embedding": "vector", "user_id": "text"}
        rows = ((key, text, vector, str(user)) for key, user, text, vector in rows_of(population))
        copy_rows(self._url, "langchain_store", columns, rows)
        execute(self._url, "CREATE INDEX ON langchain_store (user_id)")

    def search(self, tenant: Tenant, question: Vector, limit: int) -> list[int]:
        """By vector, filtered by its column."""
        return self._loop.run_until_complete(self._search(tenant, question, limit))

    async def _search(self, tenant: Tenant, question: Vector, limit: int) -> list[int]:
        found = await self._store.asimilarity_search_with_score_by_vector(
            list(question), k=limit, filter={"user_id": str(tenant.user_id)}
        )
        return [int(document.page_content) for document, _ in found]

    def insert(self, user_id: UserId, vectors: Sequence[Vector]) -> None:
        """It commits each row by itself."""
        texts = [str(number) for number in range(len(vectors))]
        adding = self._store.aadd_embeddings(
            texts,
            [list(vector) for vector in vectors],
            [{"user_id": str(user_id)}] * len(texts),
            [str(uuid4()) for _ in texts],
        )
        self._loop.run_until_complete(adding)

    def close(self) -> None:
        """Its pool."""
        self._loop.run_until_complete(self._engine.dispose())

"""mem0's pgvector store, as `Memory` configures it: HNSW over all users by default, or none at all.

In its favour: no extraction by a language model, no embedding, no search of old memories before each insert; only the
store. Its package's `__init__`, which reports usage to its makers, is not run.
"""

import importlib
import importlib.util
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any
from uuid import uuid4

from psycopg.types.json import Jsonb

from bench.vector_stores.copying import copy_rows, execute, rows_of
from bench.vector_stores.population import Population, Tenant
from shared.ai.capabilities import Vector
from shared.ids import UserId


class Mem0:
    """Fulfils Side."""

    def __init__(self, url: str, *, hnsw: bool) -> None:
        self.name = "mem0, HNSW (its default)" if hnsw else "mem0, hnsw=False"
        self.is_exact = not hnsw
        self._url = url
        self._table = "mem0" if hnsw else "mem0_exact"
        self._store: Any = _store_class()(
            dbname=None,
            collection_name=self._table,
            embedding_model_dims=1536,
            user=None,
            password=None,
            host=None,
            port=None,
            diskann=False,
            hnsw=hnsw,
            connection_string=url,
        )

    def load(self, population: Population) -> None:
        """Rows first, then its own create_col, which finds the table there and adds its indexes."""
        execute(self._url, f"CREATE TABLE {self._table} (id UUID PRIMARY KEY, vector vector(1536), payload JSONB)")
        columns = {"id": "uuid", "vector": "vector", "payload": "jsonb"}
        rows = ((key, vector, Jsonb(_payload(str(user), text))) for key, user, text, vector in rows_of(population))
        copy_rows(self._url, self._table, columns, rows)
        self._store.create_col()

    def search(self, tenant: Tenant, question: Vector, limit: int) -> list[int]:
        """As Memory.search does."""
        found = self._store.search(
            query="", vectors=list(question), top_k=limit, filters={"user_id": str(tenant.user_id)}
        )
        return [int(hit.payload["data"]) for hit in found]

    def insert(self, user_id: UserId, vectors: Sequence[Vector]) -> None:
        """All in one call, which mem0 itself never does: it inserts memory by memory."""
        payloads = [_payload(str(user_id), str(number)) for number in range(len(vectors))]
        self._store.insert([list(vector) for vector in vectors], payloads, [str(uuid4()) for _ in vectors])

    def close(self) -> None:
        """Its pool."""
        self._store.connection_pool.close()


def _payload(user: str, text: str) -> dict[str, str]:
    """What Memory keeps beside a memory."""
    return {"user_id": user, "data": text, "hash": "0" * 32, "created_at": "2026-11-21T12:00:00+00:00"}


def _store_class() -> Any:  # noqa: ANN401 - a peer's class, loaded past its package
    if "mem0" not in sys.modules:
        spec = importlib.util.find_spec("mem0")
        assert spec is not None, "mem0ai is not installed: make setup"
        package = ModuleType("mem0")
        package.__path__ = list(spec.submodule_search_locations or [])
        sys.modules["mem0"] = package
    return importlib.import_module("mem0.vector_stores.pgvector").PGVector

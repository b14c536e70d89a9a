"""Our own store, as the search function uses it.

The migrated schema, the app's role, row-level security, a request's transaction with its setting of the tenant.
"""

from collections.abc import Iterator, Sequence

import psycopg

from bench.vector_stores.population import Population, Tenant
from dev.postgres import Postgres
from shared.ai.capabilities import Vector
from shared.db.connection import Database
from shared.db.migrate import migrate
from shared.ids import BlockId, SessionId, UserId
from shared.search import vector_repository
from shared.search.drafting import with_vectors
from shared.search.intern_model import intern_model
from shared.search.model import ChunkDraft, Moment
from shared.search.replace_chunks import replace_chunks
from tests.fixtures.searchable import MODEL, PROVIDER, add_block, load, space_of

_WRITER_BLOCKS = 3_000
_RECORDING, _PARTS_OF_SPEECH = 100, 5


class Ours:
    """Fulfils Side."""

    name = "ours"
    is_exact = False

    def __init__(self, postgres: Postgres, database: str) -> None:
        migrate(postgres.url(database))
        self._owner = psycopg.connect(postgres.url(database), autocommit=True)
        app = postgres.url(database, role="second_brain_app")
        self._db = Database(f"{app}&prepare_threshold=2")
        self._blocks: dict[UserId, Iterator[tuple[SessionId, BlockId]]] = {}

    def load(self, population: Population) -> None:
        """As the fixtures of the tests do."""
        for tenant in population.everybody:
            self._add(tenant.user_id)
            load(self._owner, tenant.user_id, tenant.passages)

    def prepare_writer(self, user_id: UserId) -> None:
        """A user with sessions and blocks to write into; they are no part of what is measured."""
        self._add(user_id)
        blocks = [add_block(self._owner, user_id) for _ in range(_WRITER_BLOCKS)]
        self._blocks[user_id] = iter(blocks)

    def _add(self, user_id: UserId) -> None:
        self._owner.execute("INSERT INTO users (id, firebase_uid) VALUES (%s, %s)", [user_id, str(user_id)])

    def search(self, tenant: Tenant, question: Vector, limit: int) -> list[int]:
        """What the use case asks of the database."""
        user_id = tenant.user_id
        space = self._db.ask(lambda tx: space_of(tx, user_id))
        hits = self._db.ask(
            lambda tx: vector_repository.nearest(tx, user_id, space, query=question, limit=limit, threshold=0)
        )
        return [int(hit.text) for hit in hits]

    def insert(self, user_id: UserId, vectors: Sequence[Vector]) -> None:
        """Through the step the embed worker calls. Many vectors are those of a recording: a chunk and its moments."""
        session_id, block_id = next(self._blocks[user_id])
        parts = _PARTS_OF_SPEECH if len(vectors) >= _RECORDING else 1
        drafts = [_draft(number, parts) for number in range(len(vectors) // parts)]
        with self._db.transaction(user_id) as tx:
            replace_chunks(
                tx,
                user_id,
                session_id=session_id,
                block_id=block_id,
                model_id=intern_model(tx, provider=PROVIDER, model=MODEL),
                language="en",
                chunks=with_vectors(drafts, vectors),
            )

    def close(self) -> None:
        """Both connections."""
        self._db.close()
        self._owner.close()


def _draft(number: int, parts: int) -> ChunkDraft:
    """A chunk of so many vectors: its own, and one for each moment."""
    moments = [Moment(text=f"{number} {place}", start_ms=place, end_ms=place + 1) for place in range(parts - 1)]
    return ChunkDraft(text=f"We walked along the harbour, for the {number}th time.", moments=tuple(moments))

"""What every store is asked to do, in its own documented way."""

from collections.abc import Sequence
from typing import Protocol

from bench.vector_stores.population import Population, Tenant
from shared.ai.capabilities import Vector
from shared.ids import UserId


class Side(Protocol):
    """One store. All of them are in the same Postgres, each in tables of its own."""

    name: str
    is_exact: bool
    """Whether it compares with every vector of the user, as far as its documents say."""

    def load(self, population: Population) -> None:
        """Everybody's vectors, by COPY past the store's own code; then whatever indexes the store wants."""
        ...

    def search(self, tenant: Tenant, question: Vector, limit: int) -> list[int]:
        """The rows found, nearest first, the way a request finds them."""
        ...

    def insert(self, user_id: UserId, vectors: Sequence[Vector]) -> None:
        """Write a batch, committed, through the store's own code."""
        ...

    def close(self) -> None:
        """Let connections go."""
        ...

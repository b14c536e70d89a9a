"""What both sides look like to the benchmark: sessions to be finalized, and a database that tells the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

import psutil
import psycopg


@dataclass(frozen=True, kw_only=True)
class Captured:
    """An open session with a recording that has arrived and a marker, and whose it is."""

    firebase_uid: str
    session_id: UUID


@dataclass(frozen=True, kw_only=True)
class Written:
    """What the database says of a session's way."""

    session_id: UUID
    status: str
    finalized_at: datetime | None
    processed_at: datetime | None


class Side(Protocol):
    """Ours, or the peer."""

    name: str
    owner: psycopg.Connection
    """A connection to the side's database that sees everything, outside of any transaction."""

    async def capture(self, count: int) -> list[Captured]:
        """New sessions, ready to be finalized."""
        ...

    async def finalize(self, captured: Captured) -> int:
        """The status of the answer; 0 when there was none."""
        ...

    def components(self) -> dict[str, list[psutil.Process]]:
        """Its processes, by what they are."""
        ...


def processed_among(owner: psycopg.Connection, ids: Sequence[UUID]) -> set[UUID]:
    """Which of these are processed."""
    statement = "SELECT id FROM sessions WHERE id = ANY(%s) AND status = 'processed'"
    return {row[0] for row in owner.execute(statement, [list(ids)])}


def written(owner: psycopg.Connection, ids: Sequence[UUID]) -> list[Written]:
    """The sessions as they stand."""
    statement = "SELECT id, status, finalized_at, processed_at FROM sessions WHERE id = ANY(%s)"
    return [
        Written(session_id=row[0], status=row[1], finalized_at=row[2], processed_at=row[3])
        for row in owner.execute(statement, [list(ids)])
    ]


def debited(owner: psycopg.Connection, ids: Sequence[UUID]) -> int:
    """How many debits these sessions' jobs have left, less what was given back."""
    statement = """
        SELECT coalesce(-sum(l.delta), 0)
        FROM credit_ledger l
        JOIN ai_jobs j ON j.user_id = l.user_id AND l.ref = j.id::text
        WHERE j.session_id = ANY(%s)
    """
    row = owner.execute(statement, [list(ids)]).fetchone()
    return int(row[0]) if row else 0

"""Rows into a peer's table by binary COPY: its own inserts would take an hour, and are measured apart."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
from pgvector import Vector as PgVector
from pgvector.psycopg import register_vector

from bench.vector_stores.population import Population


def copy_rows(url: str, table: str, columns: dict[str, str], rows: Iterable[tuple[Any, ...]]) -> None:
    """`columns`: type by name. Names are ours, never a person's."""
    with psycopg.connect(url) as connection:
        register_vector(connection)
        statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT binary)"
        with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            copy.set_types(list(columns.values()))
            for row in rows:
                copy.write_row(row)


def rows_of(population: Population) -> Iterator[tuple[UUID, UUID, str, PgVector]]:
    """Id, user, text (the row's number) and vector of every chunk."""
    for tenant in population.everybody:
        for number, vector in enumerate(tenant.passages):
            yield uuid4(), tenant.user_id, str(number), PgVector(vector)


def execute(url: str, *statements: str) -> None:
    """Each in a transaction of its own."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())

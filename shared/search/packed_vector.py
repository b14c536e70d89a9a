"""Carries vectors to Postgres in binary: as text the same takes many times as long."""

import sys
from array import array
from struct import pack
from typing import Any, TypeVar

from psycopg import Cursor
from psycopg.adapt import Dumper
from psycopg.pq import Format

from shared.ai.capabilities import Vector


class PackedVectorDumper(Dumper):
    """32-bit floats as pgvector's type `vector` reads them: how many there are, 16 zero bits, the floats big-endian.

    After `vector_recv` in pgvector's src/vector.c. What is stored are 16-bit floats: the server narrows them faster.
    """

    format = Format.BINARY

    def dump(self, obj: Vector) -> bytes:
        """The bytes of one vector."""
        numbers = obj[:]
        if sys.byteorder == "little":
            numbers.byteswap()
        return pack(">HH", len(numbers), 0) + numbers.tobytes()


CursorT = TypeVar("CursorT", bound="Cursor[Any]")


def taking_vectors(cursor: CursorT) -> CursorT:
    """The same cursor, which takes a vector for a parameter."""
    cursor.adapters.register_dumper(array, PackedVectorDumper)
    return cursor

"""Carries vectors to Postgres in binary: as text the same takes many times as long."""

import sys
from array import array
from struct import pack

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format


class PackedVectorDumper(Dumper):
    """32-bit floats as pgvector's type `vector` reads them: how many there are, 16 zero bits, the floats big-endian.

    After `vector_recv` in pgvector's src/vector.c. What is stored are 16-bit floats: the server narrows them faster.
    """

    format = Format.BINARY

    def dump(self, obj: "array[float]") -> bytes:
        """The bytes of one vector."""
        numbers = obj[:]
        if sys.byteorder == "little":
            numbers.byteswap()
        return pack(">HH", len(numbers), 0) + numbers.tobytes()


def dump_arrays_as_vectors() -> None:
    """To every connection made from now on, an array of 32-bit floats is a vector."""
    psycopg.adapters.register_dumper(array, PackedVectorDumper)

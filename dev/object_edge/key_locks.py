"""Lets one key's changes go one after the other."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

LOCK_COUNT = 64


class KeyLocks:
    """Some locks for any number of keys: two keys may share one, a key never has two."""

    def __init__(self) -> None:
        self._locks = tuple(asyncio.Lock() for _ in range(LOCK_COUNT))

    @asynccontextmanager
    async def alone(self, bucket: str, keys: Sequence[str]) -> AsyncGenerator[None, None]:
        """Nobody else changes these keys while the block lasts."""
        digests = (hashlib.sha256(f"{bucket}/{key}".encode()).digest() for key in keys)
        # Always in the same order: two deletions of many keys must not wait for one another.
        numbers = sorted({int.from_bytes(digest[:4]) % LOCK_COUNT for digest in digests})
        async with AsyncExitStack() as held:
            for number in numbers:
                await held.enter_async_context(self._locks[number])
            yield

"""A door before a server: bytes pass, until it stalls; then it takes what comes and nothing answers.

That is how a process is caught between its COMMIT and its queue: it has sent, and waits for an answer.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator

_CHUNK = 65_536


class Stall:
    """One door."""

    def __init__(self) -> None:
        self.port = 0
        """Of 127.0.0.1, where it is."""
        self._leads_to = 0
        self._is_stalled = False
        self._caught: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def caught(self) -> int:
        """How many connections have sent something since it stalled, and wait."""
        return len(self._caught)

    def lead_to(self, port: int) -> None:
        """Let it lead to a server at a port of 127.0.0.1."""
        self._leads_to = port

    def stall(self) -> None:
        """Pass nothing more."""
        self._is_stalled = True
        self._caught.clear()

    def pass_again(self) -> None:
        """For new bytes; what was held back is lost."""
        self._is_stalled = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection through the door."""
        there_reader, there = await asyncio.open_connection("127.0.0.1", self._leads_to)
        back = asyncio.create_task(self._copy(there_reader, writer, is_held=False))
        self._tasks.add(back)
        back.add_done_callback(self._tasks.discard)
        await self._copy(reader, there, is_held=True)
        back.cancel()
        for one in (writer, there):
            one.close()

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_held: bool) -> None:
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            while data := await reader.read(_CHUNK):
                if is_held and self._is_stalled:
                    self._caught.add(writer)
                    continue
                writer.write(data)
                await writer.drain()


@contextlib.asynccontextmanager
async def door() -> AsyncGenerator[Stall]:
    """A door that leads nowhere yet."""
    stall = Stall()
    server = await asyncio.start_server(stall.serve, "127.0.0.1", 0)
    stall.port = server.sockets[0].getsockname()[1]
    try:
        yield stall
    finally:
        server.close()

"""The instant providers as a process, which can be told to answer late."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.pipeline.started import started

_TRIES = 600


@dataclass(frozen=True, kw_only=True)
class HeldProviders:
    """A running server."""

    url: str

    def hold(self, milliseconds: int) -> None:
        """Have later answers come so late."""
        self._call("POST", f"/hold/{milliseconds}")

    async def until_open(self, calls: int) -> None:
        """Return when so many calls wait for their answer. Raises RuntimeError after a while."""
        for _ in range(_TRIES):
            if self._call("GET", "/open")["open"] >= calls:
                return
            await asyncio.sleep(0.02)
        raise RuntimeError(f"there were never {calls} calls open at the providers")

    def _call(self, method: str, path: str) -> Any:  # noqa: ANN401 - JSON
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=10)
        try:
            connection.request(method, path, headers={"content-length": "0"})
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()


@asynccontextmanager
async def held_providers(log_path: Path) -> AsyncGenerator[HeldProviders]:
    """The server, answering at once."""
    command = [sys.executable, "-m", "bench.pipeline.instant_providers"]
    async with started(command, log_path=log_path) as process:
        yield HeldProviders(url=process.url)

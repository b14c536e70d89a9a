"""Our side: the whole local stack in a process of its own, fed as a phone feeds it."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psutil
import psycopg

from bench.captured import add_users
from bench.pipeline.footprint import BUCKET_PART, POSTGRES_PART, postgres_processes
from bench.pipeline.recording import CONTENT_TYPE, short_recording
from bench.pipeline.side import Captured
from bench.pipeline.stall import Stall, door
from bench.pipeline.started import Started, started
from bench.pipeline.timed_pool import JOURNAL, QUEUE_OF_SESSIONS, REAL_QUEUE
from dev.demo.phone import Phone, sign_in
from dev.localhost import local_client
from dev.stack import DATABASE

_AT_ONCE = 4
_ARRIVED_SECONDS = 60
_CALL_SECONDS = 40
ON_THE_WAY = frozenset({"sessions", "transcribe", "embed", "summarise", "push", "sweep"})
"""What a session meets from finalize on; the others idle beside it."""
_MOTO = "dev.aws_emulator_process"


@dataclass(frozen=True, kw_only=True)
class Handled:
    """A message as it went through a function; all times are seconds since 1970."""

    function: str
    step_id: UUID
    sent: float
    received: float
    begun: float
    ended: float


@dataclass(kw_only=True)
class Ours:
    """Fulfils Side."""

    name: str
    owner: psycopg.Connection
    stack: Started
    data_dir: Path
    journal: Path
    phones: dict[str, Phone]

    async def capture(self, count: int) -> list[Captured]:
        """Sessions made over the API; the recordings go to the bucket, whose notices are waited for."""
        recording = short_recording()
        slots = asyncio.Semaphore(_AT_ONCE)
        uids = list(self.phones)

        async def one(number: int) -> Captured:
            async with slots:
                uid = uids[number % len(uids)]
                return Captured(firebase_uid=uid, session_id=await _captured(self.phones[uid], recording))

        captured = await asyncio.gather(*(one(number) for number in range(count)))
        await self._arrived()
        return captured

    async def finalize(self, captured: Captured) -> int:
        """POST .../finalize through the gateway."""
        phone = self.phones[captured.firebase_uid]
        headers = {"authorization": f"Bearer {phone.token}", "content-type": "application/json"}
        path = f"{phone.url}/api/sessions/{captured.session_id}/finalize"
        try:
            answer = await phone.http.post(path, headers=headers, content=b'{"ai":true}')
        except httpx.HTTPError:
            return 0
        return answer.status_code

    def handled(self) -> Iterator[Handled]:
        """Every message a function has handled so far."""
        for line in self.journal.read_text().splitlines():
            found: dict[str, Any] = json.loads(line)
            found["step_id"] = UUID(found["step_id"])
            yield Handled(**found)

    def components(self) -> dict[str, list[psutil.Process]]:
        """Its processes, by what they are."""
        functions = list(self.functions())
        of_functions = {process for _, process in functions}
        others = [process for process in self.stack.family() if process not in of_functions]
        emulator = [process for process in others if _MOTO in " ".join(process.cmdline())]
        return {
            "gateway, dispatcher, bucket's door": [process for process in others if process not in emulator],
            "functions on the way": [process for name, process in functions if name in ON_THE_WAY],
            "all other functions": [process for name, process in functions if name not in ON_THE_WAY],
            BUCKET_PART: emulator,
            POSTGRES_PART: postgres_processes(self.data_dir / "postgres"),
        }

    def processes_of(self, function: str) -> list[psutil.Process]:
        """The living processes of one function."""
        return [process for name, process in self.functions() if name == function]

    def functions(self) -> Iterator[tuple[str, psutil.Process]]:
        """Every process of a function, with the function's name."""
        for process in self.stack.family():
            try:
                name = process.environ().get("AWS_LAMBDA_FUNCTION_NAME")
            except psutil.Error:
                continue
            if name:
                yield name, process

    async def _arrived(self) -> None:
        """Until every file that was declared counts as uploaded."""
        for _ in range(_ARRIVED_SECONDS * 10):
            row = self.owner.execute("SELECT count(*) FROM media_files WHERE status = 'pending'").fetchone()
            if row == (0,):
                return
            await asyncio.sleep(0.1)
        raise RuntimeError("recordings that were uploaded never arrived")


async def _captured(phone: Phone, recording: bytes) -> UUID:
    session = await phone.call("POST", "/api/sessions", {"session_type": "mixed", "language": "en"})
    media_id = await phone.upload(session["id"], recording, media_type="audio", content_type=CONTENT_TYPE)
    blocks = [
        {"block_type": "voice", "media_id": media_id},
        {"block_type": "marker", "text_content": "Ask about the boat."},
    ]
    await phone.call("POST", f"/api/sessions/{session['id']}/blocks", blocks)
    return UUID(session["id"])


@asynccontextmanager
async def ours(folder: Path, providers_url: str, *, queue_of_sessions: str = "") -> AsyncGenerator[Ours]:
    """The stack with users who can pay; `queue_of_sessions` stands between the sessions function and its queues."""
    data_dir, journal = folder / "stack", folder / "journal.jsonl"
    data_dir.mkdir(parents=True)
    journal.touch()
    command = [sys.executable, "-m", "bench.pipeline.our_stack", str(data_dir), providers_url]
    environment = {JOURNAL: str(journal), QUEUE_OF_SESSIONS: queue_of_sessions}
    async with started(command, log_path=folder / "ours.log", environment=environment) as stack:
        with psycopg.connect(_database_url(data_dir / "postgres"), autocommit=True) as owner:
            async with local_client(timeout_seconds=_CALL_SECONDS) as http:
                phones = {uid: await sign_in(http, stack.url, uid) for uid in add_users(owner, "ours")}
                yield Ours(name="ours", owner=owner, stack=stack, data_dir=data_dir, journal=journal, phones=phones)


@asynccontextmanager
async def ours_behind_door(folder: Path, providers_url: str) -> AsyncGenerator[tuple[Ours, Stall]]:
    """The same, with a door between the sessions function and its queues."""
    async with (
        door() as stall,
        ours(folder, providers_url, queue_of_sessions=f"http://127.0.0.1:{stall.port}") as side,
    ):
        stall.lead_to(int((folder / REAL_QUEUE).read_text().rpartition(":")[2]))
        yield side, stall


def _database_url(folder: Path) -> str:
    """Read from the lock file of the server, whose fifth line is the folder of its socket."""
    sockets = (folder / "postmaster.pid").read_text().splitlines()[4]
    return f"postgresql://postgres@/{DATABASE}?host={sockets}"

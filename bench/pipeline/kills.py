"""The same two kills on both sides: of workers while a provider is asked, of the API between COMMIT and the queue."""

import asyncio
import base64
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psutil
from redis import Redis

from bench.pipeline.held_providers import HeldProviders
from bench.pipeline.ours import Ours
from bench.pipeline.peer import Peer
from bench.pipeline.side import Captured, Side, debited, processed_among
from bench.pipeline.stall import Stall

_HELD_MILLISECONDS = 20_000
_OPEN_CALLS = 2
_CAUGHT_TRIES = 600
_LONG_SECONDS = 60

_Restart = Callable[[], Awaitable[None]]


@dataclass(kw_only=True)
class Killed:
    """Sessions that were under way when something was killed, and what became of them."""

    side: str
    what: str
    sessions: list[UUID]
    at: float
    processed: dict[UUID, float] = field(default_factory=dict[UUID, float])
    """Seconds after the kill."""
    kept: set[UUID] = field(default_factory=set[UUID])
    """Not processed, but not forgotten: a message of theirs lies in the broker, or a row says what is left to do."""
    debits: int = 0

    @property
    def missing(self) -> list[UUID]:
        """Never processed while they were watched."""
        return [one for one in self.sessions if one not in self.processed]

    @property
    def lost(self) -> int:
        """Not processed, and nothing anywhere that would bring them back."""
        return len(set(self.missing) - self.kept)

    @property
    def held(self) -> int:
        """Processed or to be processed, but not within a minute of the kill."""
        late = sum(seconds > _LONG_SECONDS for seconds in self.processed.values())
        return late + len(set(self.missing) & self.kept)

    @property
    def longest_seconds(self) -> float:
        """The longest that came through."""
        return max(self.processed.values(), default=0.0)


async def kill_workers(side: Ours | Peer, providers: HeldProviders, sessions: Sequence[Captured]) -> Killed:
    """SIGKILL for the processes whose call to a provider is open; the rest of their side lives on."""
    providers.hold(_HELD_MILLISECONDS)
    await asyncio.gather(*(side.finalize(one) for one in sessions))
    await providers.until_open(_OPEN_CALLS)
    victims = side.processes_of("transcribe") if isinstance(side, Ours) else _children(side)
    providers.hold(0)
    return _kill(side, f"{len(victims)} workers in a call", victims, sessions)


async def kill_whole_worker(side: Peer, providers: HeldProviders, sessions: Sequence[Captured]) -> Killed:
    """SIGKILL for the worker with all its processes, as when its machine is gone; then another one is started."""
    providers.hold(_HELD_MILLISECONDS)
    await asyncio.gather(*(side.finalize(one) for one in sessions))
    await providers.until_open(_OPEN_CALLS)
    if side.worker is None:
        raise RuntimeError("no worker is running")
    killed = _killed(side, "the whole worker", sessions)
    side.worker.kill()
    providers.hold(0)
    await side.start_worker()
    return killed


async def kill_api(side: Ours | Peer, stall: Stall, sessions: Sequence[Captured]) -> Killed:
    """SIGKILL for the API's processes when each has committed and its queue does not answer yet."""
    if isinstance(side, Peer):
        await side.move_api(is_behind_door=True)
    stall.stall()
    asking = asyncio.gather(*(side.finalize(one) for one in sessions))
    await _until_committed_and_caught(side, stall, sessions)
    victims = side.processes_of("sessions") if isinstance(side, Ours) else (side.api.family() if side.api else [])
    killed = _kill(side, "API after COMMIT", victims, sessions)
    stall.pass_again()
    await asking
    if isinstance(side, Peer):
        await side.move_api(is_behind_door=False)
    return killed


async def watch(side: Side, killed: Sequence[Killed], *, seconds: float) -> None:
    """See which are processed, until all are or the time is over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and any(one.missing for one in killed):
        for one in killed:
            now = time.time()
            found = processed_among(side.owner, one.missing)
            one.processed.update(dict.fromkeys(found, now - one.at))
        await asyncio.sleep(0.1)
    for one in killed:
        one.debits = debited(side.owner, one.sessions)
        one.kept = _in_broker(side, one.missing) if isinstance(side, Peer) else _unfinished(side, one.missing)


def _children(side: Peer) -> list[psutil.Process]:
    return side.worker.family()[1:] if side.worker else []


def _kill(side: Side, what: str, victims: Sequence[psutil.Process], sessions: Sequence[Captured]) -> Killed:
    killed = _killed(side, what, sessions)
    for victim in victims:
        victim.kill()
    return killed


def _killed(side: Side, what: str, sessions: Sequence[Captured]) -> Killed:
    return Killed(side=side.name, what=what, sessions=[one.session_id for one in sessions], at=time.time())


async def _until_committed_and_caught(side: Side, stall: Stall, sessions: Sequence[Captured]) -> None:
    ids = [one.session_id for one in sessions]
    statement = "SELECT count(*) FROM sessions WHERE id = ANY(%s) AND finalized_at IS NOT NULL"
    for _ in range(_CAUGHT_TRIES):
        if side.owner.execute(statement, [ids]).fetchone() == (len(ids),) and stall.caught >= len(ids):
            return
        await asyncio.sleep(0.02)
    raise RuntimeError(f"{side.name}: the API never waited for its queue")


def _unfinished(side: Side, missing: Sequence[UUID]) -> set[UUID]:
    """Those with a step that the sweep finds."""
    statement = """
        SELECT DISTINCT session_id
        FROM job_steps
        WHERE session_id = ANY(%s) AND state IN ('ready', 'running')
    """
    return {row[0] for row in side.owner.execute(statement, [list(missing)])}


def _in_broker(side: Peer, missing: Sequence[UUID]) -> set[UUID]:
    """Whose messages Redis holds: those in its queue, and those handed out that nobody has acknowledged."""
    with Redis.from_url(side.settings.broker_url, decode_responses=True) as client:
        waiting: Any = client.lrange("celery", 0, -1)
        handed_out: Any = client.hvals("unacked")
    messages = [json.loads(text) for text in waiting] + [json.loads(text)[0] for text in handed_out]
    bodies = [base64.b64decode(message["body"]).decode() for message in messages]
    return {one for one in missing if any(str(one) in body for body in bodies)}

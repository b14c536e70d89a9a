"""`python -m bench session [--write]`: sessions of twelve minutes through the local stack, counted.

Providers answer at once, so that what is measured is ours: processor's time, calls, bytes. `--write` keeps the counts
in `bench/cost/measured.json`, from which the bill is reckoned.
"""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import psycopg

from bench.captured import add_users
from bench.counted.counters import Counts, bucket_of, pool_of, queue_door
from bench.counted.twelve_minutes import CONTENT_TYPE, MINUTES, provider, recording
from dev.demo.phone import Phone, sign_in
from dev.localhost import local_client
from dev.scheduler import scheduled_event
from dev.settings import StackSettings
from dev.stack import DATABASE, Stack, running
from functions.catalogue import FUNCTIONS

NAME = "session"
KEPT = Path(__file__).parents[1] / "cost" / "measured.json"

_SESSIONS = 20
_SEARCHES = 2
_FEED_READS = 2
_QUESTIONS = 5
_IDLE_ROUNDS = 10
_DEADLINE_SECONDS = 300
_CALL_SECONDS = 60


def run(*, is_kept: bool = False) -> None:
    """Measure, print, and keep if asked."""
    measured = asyncio.run(_measured())
    text = json.dumps(measured, indent=2, sort_keys=True) + "\n"
    print(text, end="")
    if is_kept:
        KEPT.write_text(text)


async def _measured() -> dict[str, Any]:
    counts, server = Counts(), provider()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with TemporaryDirectory() as folder, ExitStack() as exits:
        exits.callback(server.server_close)
        exits.callback(server.shutdown)
        exits.enter_context(patch("dev.stack.FunctionPool", pool_of(counts)))
        exits.enter_context(patch("dev.stack.create_app", bucket_of(counts)))
        settings = StackSettings(port=0, data_dir=Path(folder), environment=_environment(server.server_address[1]))
        async with queue_door(counts), running(settings) as stack:
            with psycopg.connect(_database_url(Path(folder) / "postgres"), autocommit=True) as owner:
                return await _all(counts, stack, owner)


async def _all(counts: Counts, stack: Stack, owner: psycopg.Connection) -> dict[str, Any]:
    idle = await _idle(counts)
    uids = add_users(owner, "counted")
    async with local_client(timeout_seconds=_CALL_SECONDS) as http:
        phones = [await sign_in(http, stack.url, uid) for uid in uids]
        for phone, uid in zip(phones, uids, strict=True):
            await phone.register(uid)
        sound = recording()
        await _whole_session(phones[0], sound, owner)  # imports and first connections are not a session's
        sessions = await _sessions(counts, owner, phones, sound)
        questions = await _asked(counts, owner, phones[1])
    return {
        "measured_on": datetime.now(UTC).date().isoformat(),
        "minutes_of_speech": MINUTES,
        "recording_bytes": len(sound),
        "session": sessions,
        "question": questions,
        "idle": idle,
    }


async def _idle(counts: Counts) -> dict[str, Any]:
    """One invocation of each scheduled function on a database in which nothing is under way."""
    scheduled = [function.name for function in FUNCTIONS if function.every_seconds]
    for name in scheduled:
        await counts.pools[name].invoke(scheduled_event(name, datetime.now(UTC)))
    counts.begin()
    before = counts.processor_seconds()
    for name in scheduled * _IDLE_ROUNDS:
        await counts.pools[name].invoke(scheduled_event(name, datetime.now(UTC)))
    after = counts.processor_seconds()
    return {
        "metrics": sorted(counts.metrics),
        "bucket_calls": _each(counts.bucket_calls, _IDLE_ROUNDS),
        "queue_calls": _each(counts.queue_calls, _IDLE_ROUNDS),
        "functions": {
            name: {
                "processor_ms": round((after[name] - before[name]) * 1_000 / counts.invocations[name], 1),
                "log_bytes": round(counts.log_bytes[name] / counts.invocations[name]),
            }
            for name in scheduled
        },
    }


async def _sessions(counts: Counts, owner: psycopg.Connection, phones: list[Phone], sound: bytes) -> dict[str, Any]:
    counts.begin()
    before, rows_before = counts.processor_seconds(), _database(owner)
    for number in range(_SESSIONS):
        await _whole_session(phones[number % len(phones)], sound, owner)
    after, rows_after = counts.processor_seconds(), _database(owner)
    database = {name: round((rows_after[name] - rows_before[name]) / _SESSIONS) for name in rows_after}
    functions = {
        name: {
            "invocations": round(count / _SESSIONS, 2),
            "processor_ms": round((after[name] - before[name]) * 1_000 / count, 1),
            "log_bytes": round(counts.log_bytes[name] / count),
        }
        for name, count in sorted(counts.invocations.items())
        if name not in {function.name for function in FUNCTIONS if function.every_seconds}
    }
    return {
        "functions": functions,
        "queue_calls": _each(_without_looks(counts.queue_calls), _SESSIONS),
        "bucket_calls": _each(counts.bucket_calls, _SESSIONS),
        "metrics": sorted(counts.metrics),
        "database": database,
        "usage": _usage(owner, _SESSIONS + 1),  # one went before
    }


async def _asked(counts: Counts, owner: psycopg.Connection, phone: Phone) -> dict[str, Any]:
    counts.begin()
    before = counts.processor_seconds()
    for _ in range(_QUESTIONS):
        await phone.call("POST", "/api/ask", {"question": "Which mountain did the doctor talk about?"})
    after = counts.processor_seconds()
    usage = [one for one in _usage(owner, _QUESTIONS) if one["operation"] in {"ask", "search"}]
    return {
        "processor_ms": round((after["ask"] - before["ask"]) * 1_000 / _QUESTIONS, 1),
        "log_bytes": round(counts.log_bytes["ask"] / _QUESTIONS),
        "usage": [one for one in usage if one["operation"] == "ask"],
    }


async def _whole_session(phone: Phone, sound: bytes, owner: psycopg.Connection) -> None:
    """As a phone does it: capture, finalize, be told, read the feed and the session, and search later."""
    session = await phone.call("POST", "/api/sessions", {"session_type": "voice", "language": "en"})
    media_id = await phone.upload(session["id"], sound, media_type="audio", content_type=CONTENT_TYPE)
    await phone.call("POST", "/api/uploads/commit", {"media_id": media_id})
    blocks = [{"block_type": "voice", "media_id": media_id}]
    await phone.call("POST", f"/api/sessions/{session['id']}/blocks", blocks)
    await phone.call("POST", f"/api/sessions/{session['id']}/finalize")
    await _processed(owner, session["id"])
    for _ in range(_FEED_READS):
        await phone.call("GET", "/api/sync/changes")
    await phone.call("GET", f"/api/sessions/{session['id']}")
    for _ in range(_SEARCHES):
        await phone.call("POST", "/api/search", {"query": "coffee with the doctor in the garden", "limit": 5})


async def _processed(owner: psycopg.Connection, session_id: str) -> None:
    """Watched in the database, so that waiting makes no requests."""
    row = None
    for _ in range(_DEADLINE_SECONDS * 10):
        row = owner.execute("SELECT status FROM sessions WHERE id = %s", [session_id]).fetchone()
        if row in {("processed",), ("failed",)}:
            break
        await asyncio.sleep(0.1)
    if row != ("processed",):
        raise RuntimeError(f"the session ended as {row}")


def _usage(owner: psycopg.Connection, per: int) -> list[dict[str, Any]]:
    statement = """
        SELECT provider, model, operation_type, count(*), sum(input_tokens), sum(output_tokens), sum(audio_ms)
        FROM ai_usage GROUP BY 1, 2, 3 ORDER BY 3, 1, 2
    """
    names = ("provider", "model", "operation", "calls", "input_tokens", "output_tokens", "audio_ms")
    rows = owner.execute(statement).fetchall()
    return [
        dict(zip(names, (*row[:3], *(round(float(number) / per, 2) for number in row[3:])), strict=True))
        for row in rows
    ]


def _database(owner: psycopg.Connection) -> Mapping[str, int]:
    row = owner.execute(
        """
        SELECT pg_database_size(current_database()),
               pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint,
               (SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()),
               (SELECT count(*) FROM chunks),
               (SELECT count(*) FROM chunk_vectors)
        """
    ).fetchone()
    if row is None:
        raise RuntimeError("the database does not answer")
    return dict(zip(("bytes", "log_bytes", "transactions", "chunks", "vectors"), row, strict=True))


def _without_looks(calls: Counter[str]) -> Counter[str]:
    """How full queues are, the clock's functions ask alone, whether there are sessions or none."""
    return Counter({action: count for action, count in calls.items() if action != "GetQueueAttributes"})


def _each(counted: Counter[str], among: int) -> dict[str, float]:
    return {name: round(number / among, 2) for name, number in sorted(counted.items())}


def _environment(port: int) -> dict[str, str]:
    url = f"http://127.0.0.1:{port}"
    return {
        "GROQ_API_KEY": "invented",
        "GROQ_BASE_URL": url,
        "OPENAI_API_KEY": "invented",
        "OPENAI_BASE_URL": f"{url}/v1",
        "DEEPSEEK_API_KEY": "invented",
        "DEEPSEEK_BASE_URL": url,
        "AI_FALLBACK": "none",
    }


def _database_url(folder: Path) -> str:
    """Read from the lock file of the server, whose fifth line is the folder of its socket."""
    sockets = (folder / "postmaster.pid").read_text().splitlines()[4]
    return f"postgresql://postgres@/{DATABASE}?host={sockets}"

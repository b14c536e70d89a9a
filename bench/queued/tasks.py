"""The peer's tasks: a short transaction, the provider, a short transaction, as everybody would write it.

It does less than ours: it does not look into the recording before a provider hears it, keeps no lease and no token,
prices nothing, and makes one chunk with one vector of each block.
"""

import hashlib
import json
from functools import cache
from typing import Any
from uuid import UUID

import boto3
from groq import APIError as GroqError
from groq import Groq
from openai import APIError as OpenAiError
from openai import OpenAI
from sqlalchemy import create_engine, func, select, update
from sqlalchemy.orm import Session as DatabaseSession
from sqlalchemy.orm import sessionmaker
from uuid_utils.compat import uuid7

from bench.peer.tables import Block, Job, Media, Session, Step
from bench.queued.celery_app import app, settings
from bench.queued.settings import BUCKET
from bench.queued.tables import Chunk, ChunkVector, Usage

_SPEECH, _EMBEDDING, _CHAT = "whisper-large-v3-turbo", "text-embedding-3-small", "deepseek-flash"
_PROMPT = 'Answer in JSON: {"title": "...", "summary": "..."}'
_RETRIED: dict[str, Any] = {"autoretry_for": (GroqError, OpenAiError), "retry_backoff": True, "max_retries": 5}


@cache
def _sessions() -> sessionmaker[DatabaseSession]:
    """One engine for each process, made after the fork."""
    return sessionmaker(create_engine(settings.sqlalchemy_url("psycopg")), expire_on_commit=False)


@cache
def _groq() -> Groq:
    return Groq(api_key="instant", base_url=settings.providers_url)


@cache
def _openai() -> OpenAI:
    return OpenAI(api_key="instant", base_url=f"{settings.providers_url}/v1")


@cache
def _bucket() -> Any:  # noqa: ANN401 - boto3 makes it at run time
    keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    return boto3.client("s3", endpoint_url=settings.bucket_url, region_name="us-east-1", **keys)


@app.task(**_RETRIED)
def transcribe(user_id: str, session_id: str, job_id: str, media_id: str) -> None:
    """A recording to text with times."""
    with _sessions().begin() as db:
        step = _begin(db, user_id, job_id, "transcribe")
        media = db.get_one(Media, (UUID(user_id), UUID(media_id)))
        session = db.get_one(Session, (UUID(user_id), UUID(session_id)))
        session.status = "processing"
        key, language = media.object_key, session.language
    audio = _bucket().get_object(Bucket=BUCKET, Key=key)["Body"].read()
    heard = _groq().audio.transcriptions.create(
        model=_SPEECH,
        file=("audio.ogg", audio),
        language=language,
        response_format="verbose_json",
        timestamp_granularities=["segment"],
    )
    told: dict[str, Any] = json.loads(heard.model_dump_json())
    segments = [
        {"start_ms": round(s["start"] * 1_000), "end_ms": round(s["end"] * 1_000), "text": s["text"]}
        for s in told["segments"]
    ]
    with _sessions().begin() as db:
        block = db.scalars(select(Block).filter_by(user_id=UUID(user_id), media_id=UUID(media_id))).one()
        block.text_content, block.text_origin, block.segments = heard.text, "groq", segments
        _complete(db, step, provider="groq", model=_SPEECH, audio_ms=round(told["duration"] * 1_000))


@app.task(**_RETRIED)
def embed(user_id: str, session_id: str, job_id: str) -> None:
    """All blocks with text, a vector each."""
    with _sessions().begin() as db:
        step = _begin(db, user_id, job_id, "embed")
        blocks = _blocks(db, user_id, session_id)
    texts = [block.text_content or "" for block in blocks]
    made = _openai().embeddings.create(model=_EMBEDDING, input=texts)
    with _sessions().begin() as db:
        for block, item in zip(blocks, made.data, strict=True):
            _add_chunk(db, block, item.embedding)
        _complete(db, step, provider="openai", model=_EMBEDDING, tokens=made.usage.total_tokens)


@app.task(**_RETRIED)
def summarise(user_id: str, session_id: str, job_id: str) -> None:
    """Title and summary."""
    with _sessions().begin() as db:
        step = _begin(db, user_id, job_id, "summarise")
        notes = "\n\n".join(block.text_content or "" for block in _blocks(db, user_id, session_id))
    answer = _openai().chat.completions.create(
        model=_CHAT,
        messages=[{"role": "system", "content": _PROMPT}, {"role": "user", "content": notes}],
        response_format={"type": "json_object"},
    )
    wrote = json.loads(answer.choices[0].message.content or "")
    tokens = answer.usage.total_tokens if answer.usage else 0
    with _sessions().begin() as db:
        session = db.get_one(Session, (UUID(user_id), UUID(session_id)))
        session.title, session.ai_summary = wrote["title"], wrote["summary"]
        _complete(db, step, provider="deepseek", model=_CHAT, tokens=tokens)


@app.task
def done(user_id: str, session_id: str, job_id: str) -> None:
    """The session is processed."""
    with _sessions().begin() as db:
        db.execute(
            update(Session)
            .filter_by(user_id=UUID(user_id), id=UUID(session_id))
            .values(status="processed", processed_at=func.now(), updated_at=func.now())
        )
        db.execute(update(Job).filter_by(user_id=UUID(user_id), id=UUID(job_id)).values(status="completed"))


def _begin(db: DatabaseSession, user_id: str, job_id: str, kind: str) -> Step:
    step = db.scalars(select(Step).filter_by(user_id=UUID(user_id), job_id=UUID(job_id), kind=kind)).one()
    step.state = "running"
    step.attempts += 1
    return step


def _complete(
    db: DatabaseSession, step: Step, *, provider: str, model: str, tokens: int = 0, audio_ms: int = 0
) -> None:
    known = db.merge(step, load=False)
    known.state, known.provider, known.model = "completed", provider, model
    db.add(
        Usage(
            user_id=step.user_id,
            id=uuid7(),
            session_id=step.session_id,
            step_id=step.id,
            provider=provider,
            model=model,
            operation_type=step.kind,
            tokens_used=tokens,
            audio_ms=audio_ms,
        )
    )


def _blocks(db: DatabaseSession, user_id: str, session_id: str) -> list[Block]:
    query = select(Block).filter_by(user_id=UUID(user_id), session_id=UUID(session_id))
    return [block for block in db.scalars(query.order_by(Block.captured_at)) if block.text_content]


def _add_chunk(db: DatabaseSession, block: Block, embedding: list[float]) -> None:
    chunk = Chunk(
        user_id=block.user_id,
        model_id=1,
        id=uuid7(),
        session_id=block.session_id,
        block_id=block.id,
        chunk_index=0,
        text=block.text_content or "",
        content_hash=hashlib.sha256((block.text_content or "").encode()).digest(),
    )
    db.add(chunk)
    db.flush()
    db.add(ChunkVector(user_id=chunk.user_id, model_id=1, chunk_id=chunk.id, embedding=embedding))

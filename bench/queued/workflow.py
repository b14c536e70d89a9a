"""What is made out of a session, as a canvas of Celery's: read, then embed and summarise side by side, then done."""

from typing import Any

from celery import chain, group

from bench.queued import tasks


def workflow(user_id: str, session_id: str, job_id: str, media_ids: list[str]) -> Any:  # noqa: ANN401 - Celery has no types
    """Immutable signatures: each task reads what it needs of the database."""
    ids = {"user_id": user_id, "session_id": session_id, "job_id": job_id}
    reading = [tasks.transcribe.si(**ids, media_id=media_id) for media_id in media_ids]
    first = reading[0] if len(reading) == 1 else group(reading)
    return chain(first, group(tasks.embed.si(**ids), tasks.summarise.si(**ids)), tasks.done.si(**ids))

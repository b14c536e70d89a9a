"""The bucket's events go through the inbox: each has its effect once, and what has none is kept with its reason."""

from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
import pytest

from shared.media.model import ObjectFacts
from shared.sessions.delete_session import delete_session
from shared.sessions.register_upload import register_upload
from tests.fixtures.captured import FACTS, Backend

EVENTS = "SELECT event_id, state, reason FROM inbox WHERE source = 's3' ORDER BY event_id"


def events(owner: psycopg.Connection) -> list[tuple[str, str, str | None]]:
    return owner.execute(EVENTS).fetchall()


def test_an_event_told_five_times_is_kept_once(backend: Backend, owner: psycopg.Connection) -> None:
    user_id = backend.user()
    media = backend.media(user_id, backend.session(user_id))
    for _ in range(5):
        register_upload(backend.db, backend.queue, media.object_key, FACTS)
    assert events(owner) == [(f"{media.object_key}@e1#", "applied", None)]


def test_events_of_other_bytes_or_another_moment_are_events_of_their_own_without_effect(
    backend: Backend, owner: psycopg.Connection
) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    media = backend.media(user_id, session_id)
    told = [("e1", "0055"), ("e1", "0054"), ("e2", "0056")]
    for etag, sequencer in told:
        facts = ObjectFacts(size_bytes=FACTS.size_bytes, etag=etag, sequencer=sequencer)
        register_upload(backend.db, backend.queue, media.object_key, facts)
    assert len(events(owner)) == len(told)
    assert backend.read(user_id, session_id).media[0].etag == "e1"
    assert len(backend.read(user_id, session_id).blocks) == 1


@pytest.mark.parametrize("key", ["sessions/x/audio/nobody.wav", "", "../../etc/passwd", "ключ"])
def test_an_object_nobody_declared_is_kept_as_ignored(backend: Backend, owner: psycopg.Connection, key: str) -> None:
    register_upload(backend.db, backend.queue, key, FACTS)
    assert events(owner) == [(f"{key}@e1#", "ignored", "unknown_object")]
    assert backend.queue.sent == []


def test_a_key_that_the_database_cannot_hold_is_passed_over(backend: Backend, owner: psycopg.Connection) -> None:
    register_upload(backend.db, backend.queue, "a\x00b", FACTS)
    assert events(owner) == []


def test_an_object_of_a_session_deleted_meanwhile_is_kept_as_ignored(
    backend: Backend, owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    media = backend.media(user_id, session_id)
    transaction = backend.db.transaction
    delete_once: list[Callable[[], None]] = [lambda: delete_session(backend.db, backend.queue, user_id, session_id)]

    def after_the_owner_is_known(tenant: object, **options: bool) -> object:
        """The deletion comes between the question whose it is and the settling."""
        if tenant is not None and delete_once:
            delete_once.pop()()
        return transaction(tenant, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(backend.db, "transaction", after_the_owner_is_known)
    register_upload(backend.db, backend.queue, media.object_key, FACTS)
    assert events(owner) == [(f"{media.object_key}@e1#", "ignored", "session_deleted")]


def test_an_event_says_when_it_happened(backend: Backend, owner: psycopg.Connection) -> None:
    happened = datetime(2026, 3, 2, 8, 1, 20, tzinfo=UTC)
    register_upload(backend.db, backend.queue, "nobody's", FACTS, occurred_at=happened)
    assert owner.execute("SELECT occurred_at FROM inbox").fetchone() == (happened,)

"""Death after every statement and around every call outside: the phone shows each thing once."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from uuid import UUID

import psycopg
import pytest

from dev.postgres import Postgres
from shared.db.connection import Database
from shared.identity.put_device import put_device
from shared.ids import UserId, new_id
from shared.jobs.leave_step import LeaseLost
from shared.jobs.model import StepState
from shared.notifications.announce_push import announce_push
from shared.notifications.model import LEASE, PUSH_QUEUE, PushKind
from shared.notifications.send_push import send_push
from shared.outbox.message import Message
from shared.outbox.publish_announced import publish_announced
from shared.outbox.publish_overdue import publish_overdue
from shared.sessions.finalize_session import finalize_session
from tests.fakes.fcm_like import FcmLike, fcm_like
from tests.fakes.sqs_like import SqsLike, sqs_like
from tests.fixtures.captured import Backend, complete, leave_and_advance
from tests.fixtures.kill_points import Mortal, Work, deaths, mortal
from tests.fixtures.sweeping import pass_time

_NAMES = (f"user-{number}" for number in count())


@pytest.fixture
def process(postgres: Postgres, database_name: str) -> Iterator[Mortal]:
    with mortal(postgres.url(database_name, role="second_brain_app")) as process:
        yield process


@pytest.fixture
def queues() -> Iterator[SqsLike]:
    with sqs_like() as queues:
        yield queues


@pytest.fixture
def fcm() -> Iterator[FcmLike]:
    with fcm_like() as fcm:
        yield fcm


def user_with(backend: Backend, *tokens: str) -> UserId:
    """Somebody new, with two phones of their own."""
    user_id = backend.user(next(_NAMES))
    for token in tokens:
        put_device(backend.db, user_id, new_id(), fcm_token=f"{token}-{user_id}", platform=None)
    return user_id


def push(db: Database, fcm: FcmLike, user_id: UserId, notification_id: UUID) -> None:
    pusher = fcm.pusher()
    try:
        send_push(db, pusher, user_id=user_id, notification_id=notification_id)
    finally:
        pusher.close()


def test_a_worker_that_dies_anywhere_leaves_one_push_on_every_phone(
    backend: Backend, process: Mortal, fcm: FcmLike, owner: psycopg.Connection
) -> None:
    fcm.told = process.passed
    cases: list[tuple[UserId, UUID]] = []

    def prepare() -> Work:
        user_id = user_with(backend, "phone", "tablet")
        with backend.db.transaction(user_id) as tx:
            [announced] = announce_push(tx, user_id, PushKind.PROCESSED, ref="job")
        cases.append((user_id, UUID(announced.body["notification_id"])))
        return lambda db: push(db, fcm, *cases[-1])

    doubled = 0
    for life in deaths(process, prepare):
        user_id, notification_id = cases[-1]
        for _ in range(2):
            pass_time(owner, LEASE + timedelta(seconds=1))
            push(backend.db, fcm, user_id, notification_id)
        phones = [fcm.phone(f"{token}-{user_id}") for token in ("phone", "tablet")]
        assert [phone.screen for phone in phones] == [{str(notification_id)}] * 2
        copies = [len(phone.messages) for phone in phones]
        # A second copy comes only of a death between the vendor's having it and our having written so.
        assert max(copies) == 1 or (life.was_killed and any("after the push" in point for point in life.points))
        doubled += max(copies) > 1
        state = owner.execute("SELECT state FROM notifications WHERE id = %s", [notification_id]).fetchone()
        assert state == ("sent",)
    assert doubled > 0


def test_a_job_that_ends_in_a_worker_that_dies_anywhere_is_told_once(
    backend: Backend,
    process: Mortal,
    queues: SqsLike,
    fcm: FcmLike,
    system_db: Database,
    owner: psycopg.Connection,
) -> None:
    queues.told = process.passed
    ends: list[tuple[UserId, Callable[[Database], None]]] = []

    def prepare() -> Work:
        user_id = user_with(backend, "phone")
        ends.append((user_id, last_step_of(backend, queues, user_id)))
        return ends[-1][1]

    points: tuple[str, ...] = ()
    for life in deaths(process, prepare):
        points = life.points
        user_id, end = ends[-1]
        end(backend.db)  # its message comes back
        pass_time(owner, timedelta(seconds=61))
        publish_overdue(system_db, queues.queue())
        for message in pushes_for(queues, user_id):
            push(backend.db, fcm, user_id, UUID(message.body["notification_id"]))
        assert fcm.asked[f"phone-{user_id}"] == 1
        assert owner.execute("SELECT kind FROM notifications WHERE user_id = %s", [user_id]).fetchall() == [
            ("processed",)
        ]
    assert {"before the send to push", "after the send to push"} <= set(points)


def last_step_of(backend: Backend, queues: SqsLike, user_id: UserId) -> Callable[[Database], None]:
    """A session but for its last step, and the worker that ends that one."""
    session_id = backend.session(user_id)
    backend.marker(user_id, session_id)
    finalize_session(backend.db, backend.queue, user_id, session_id, ai=True)
    complete(backend.db, user_id, backend.step(user_id, session_id, "embed").id)
    step = backend.claim(user_id, backend.step(user_id, session_id, "summarise").id)

    def end(db: Database) -> None:
        try:
            announced = leave_and_advance(db, step, StepState.COMPLETED)
        except LeaseLost:
            return
        publish_announced(db, queues.queue(), announced)

    return end


def pushes_for(queues: SqsLike, user_id: UserId) -> list[Message]:
    return [message for name, message in queues.sent if name == PUSH_QUEUE and message.user_id == user_id]

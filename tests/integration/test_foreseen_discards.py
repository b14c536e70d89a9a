"""Objects whose rows are never written: whoever dies, is late or is deleted meanwhile leaves nothing in the bucket."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

import psycopg
import pytest

from dev.postgres import Postgres
from shared.db.connection import Database
from shared.enrichment import split_recording, transcribe_media
from shared.enrichment.part_plan import PlannedPart, plan_parts
from shared.errors import Busy, VendorDown
from shared.ids import SessionId, StepId, UserId
from shared.leaving.carry_on_deletion import Patience
from shared.leaving.delete_account import delete_account
from shared.leaving.model import DELETE_QUEUE, LAST_LOOK_AFTER
from shared.leaving.resume_deletions import resume_deletions
from shared.leaving.stores import Stores
from shared.leaving.work_on_deletion import work_on_deletion
from shared.media.model import MediaType
from shared.media.recording_part import Stretch
from shared.outbox.message import Message
from shared.outbox.publish_overdue import publish_overdue
from shared.sessions.delete_session import delete_session
from shared.sessions.foresee_discard import FORESEEN_FOR
from shared.sessions.model import SessionStatus
from shared.sessions.register_upload import register_upload
from shared.takeout import holding
from tests.fakes.memory_accounts import MemoryAccounts, MemoryCustomers
from tests.fakes.memory_store import MemoryStore
from tests.fixtures.captured import CONTENT, Backend
from tests.fixtures.enriching import Pipeline
from tests.fixtures.postgres_wire import wire_to
from tests.fixtures.recordings import recording
from tests.fixtures.sweeping import pass_time
from tests.fixtures.taking_out import Traveller

FILES = 3
A_MINUTE = timedelta(minutes=1)  # the sweep sends what is overdue, and that it is not at once


def away(_: object) -> None:
    raise VendorDown("The bucket is away.")


class Killed(BaseException):
    """What no `except Exception` catches: the process is gone."""


@pytest.fixture
def pipeline(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    """Where every recording is cut."""
    monkeypatch.setattr(transcribe_media, "_DECODING_SECONDS", -1)
    return Pipeline(backend=backend)


@pytest.fixture
def stores(backend: Backend) -> Stores:
    return Stores(objects=backend.store, customers=MemoryCustomers(), accounts=MemoryAccounts())


def to_split(pipeline: Pipeline) -> tuple[UserId, SessionId, Message]:
    """The message that has somebody's recording cut."""
    user_id = pipeline.backend.user()
    session_id = pipeline.backend.session(user_id)
    pipeline.upload(user_id, session_id, recording(), MediaType.AUDIO)
    pipeline.finalize(user_id, session_id)
    pipeline.deliver(*pipeline.backend.queue.sent.pop(0))
    [(_, message)] = pipeline.backend.queue.sent
    pipeline.backend.queue.clear()
    return user_id, session_id, message


@dataclass(kw_only=True)
class Writing:
    """What happens while object number `at` is on its way, and how its writer hears of it once it is there."""

    store: MemoryStore
    at: int = 1
    meanwhile: Callable[[], object] = lambda: None
    failure: BaseException | None = None
    number: int = 0

    def begin(self, monkeypatch: pytest.MonkeyPatch) -> None:
        write = self.store.write

        def writing(object_key: str, data: bytes, *, content_type: str) -> None:
            self.number += 1
            if self.number == self.at:
                self.meanwhile()
            write(object_key, data, content_type=content_type)
            if self.number == self.at and self.failure is not None:
                raise self.failure

        monkeypatch.setattr(self.store, "write", writing)


def an_hour_later(pipeline: Pipeline, system_db: Database, owner: psycopg.Connection) -> None:
    pass_time(owner, FORESEEN_FOR + A_MINUTE)
    publish_overdue(system_db, pipeline.backend.queue)
    pipeline.work_off()


def last_look(backend: Backend, stores: Stores, system_db: Database, owner: psycopg.Connection) -> None:
    """And it says that nothing is left."""
    pass_time(owner, LAST_LOOK_AFTER)
    backend.queue.clear()
    assert resume_deletions(system_db, backend.queue) == 1
    for message in backend.queue.sent_to(DELETE_QUEUE):
        work_on_deletion(system_db, stores, message.owner(), Patience(within_seconds=60, for_rows_seconds=30))
    assert owner.execute("SELECT count(*) FROM deletions").fetchone() == (0,)


def test_parts_of_a_session_deleted_while_they_are_written_go_within_an_hour(
    pipeline: Pipeline,
    other_db: Database,
    system_db: Database,
    owner: psycopg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    user_id, session_id, message = to_split(pipeline)
    queue, store = pipeline.backend.queue, pipeline.backend.store
    meanwhile = partial(delete_session, other_db, queue, user_id, session_id)
    Writing(store=store, meanwhile=meanwhile).begin(monkeypatch)
    pipeline.deliver("split-audio", message)
    pipeline.work_off()
    assert [key.partition("/")[0] for key in store.objects] == ["parts"]
    an_hour_later(pipeline, system_db, owner)
    assert store.objects == {}


@pytest.mark.parametrize("failure", [Killed(), VendorDown("its answer was lost")], ids=["killed", "unanswered"])
def test_parts_of_a_try_that_died_go_and_those_of_the_next_one_stay(
    pipeline: Pipeline,
    system_db: Database,
    owner: psycopg.Connection,
    monkeypatch: pytest.MonkeyPatch,
    failure: BaseException,
) -> None:
    user_id, session_id, message = to_split(pipeline)
    store = pipeline.backend.store
    Writing(store=store, failure=failure).begin(monkeypatch)
    with pytest.raises(type(failure)):
        pipeline.deliver("split-audio", message)
    owner.execute("UPDATE job_steps SET lease_until = now() WHERE lease_until IS NOT NULL")
    pipeline.deliver("split-audio", message)
    assert len(store.objects) == 3
    to_hear = list(pipeline.backend.queue.sent)
    pipeline.backend.queue.clear()
    an_hour_later(pipeline, system_db, owner)
    named = owner.execute("SELECT object_key FROM media_files UNION ALL SELECT object_key FROM media_parts").fetchall()
    assert sorted(store.objects) == sorted(key for (key,) in named)
    pipeline.backend.queue.sent += to_hear
    pipeline.work_off()
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.PROCESSED
    assert len(store.objects) == 1


def test_parts_stay_though_nobody_heard_that_their_keys_were_named(
    pipeline: Pipeline,
    postgres: Postgres,
    database_name: str,
    system_db: Database,
    owner: psycopg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They are named again, and what was named first may not be what is written."""
    user_id, session_id, message = to_split(pipeline)
    backend, step_id = pipeline.backend, StepId(UUID(message.body["step_id"]))
    with wire_to(postgres.url("postgres").partition("?host=")[2]) as wire:
        database = Database(f"postgresql://second_brain_app@/{database_name}?host={wire.folder}")

        def planned(levels: list[float], stretches: list[Stretch]) -> list[PlannedPart]:
            wire.cut_commit = "after"
            return plan_parts(levels, stretches)

        monkeypatch.setattr(split_recording, "plan_parts", planned)
        split_recording.split_recording(database, backend.queue, backend.store, user_id=user_id, step_id=step_id)
        database.close()
    to_hear = list(backend.queue.sent)
    backend.queue.clear()
    an_hour_later(pipeline, system_db, owner)
    assert len(backend.store.objects) == 2
    backend.queue.sent += to_hear
    pipeline.work_off()
    assert backend.status(user_id, session_id) is SessionStatus.PROCESSED


def test_parts_that_are_being_discarded_are_never_kept_but_cut_again(
    pipeline: Pipeline, system_db: Database, owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a worker may live for longer than they are foreseen for."""
    user_id, session_id, message = to_split(pipeline)
    queue = pipeline.backend.queue

    def take_an_hour() -> None:
        pass_time(owner, FORESEEN_FOR + A_MINUTE)
        publish_overdue(system_db, queue)

    Writing(store=pipeline.backend.store, meanwhile=take_an_hour).begin(monkeypatch)
    with pytest.raises(Busy):
        pipeline.deliver("split-audio", message)
    assert owner.execute("SELECT count(*) FROM media_parts").fetchone() == (0,)
    queue.sent.append(("split-audio", message))
    pipeline.work_off()
    assert pipeline.backend.status(user_id, session_id) is SessionStatus.PROCESSED
    assert len(pipeline.backend.store.objects) == 1


def test_parts_of_an_account_deleted_while_they_are_written_are_gone_after_the_last_look(
    pipeline: Pipeline,
    stores: Stores,
    other_db: Database,
    system_db: Database,
    owner: psycopg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    user_id, _, message = to_split(pipeline)
    backend = pipeline.backend
    meanwhile = partial(delete_account, other_db, stores, backend.queue, user_id, Patience(within_seconds=60))
    Writing(store=backend.store, meanwhile=meanwhile).begin(monkeypatch)
    pipeline.deliver("split-audio", message)
    last_look(backend, stores, system_db, owner)
    assert backend.store.objects == {}


def test_nothing_is_written_for_an_account_deleted_before_its_parts_are_named(
    pipeline: Pipeline, stores: Stores, other_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id, _, message = to_split(pipeline)
    backend = pipeline.backend

    def planned(levels: list[float], stretches: list[Stretch]) -> list[PlannedPart]:
        delete_account(other_db, stores, backend.queue, user_id, Patience(within_seconds=60))
        return plan_parts(levels, stretches)

    monkeypatch.setattr(split_recording, "plan_parts", planned)
    pipeline.deliver("split-audio", message)
    assert backend.store.objects == {}


def to_import(backend: Backend) -> tuple[Traveller, set[str]]:
    """Bob is about to bring what Alice captured; and what was in the bucket before."""
    alice = backend.user("alice")
    session_id = backend.session(alice)
    for _ in range(FILES):
        media = backend.media(alice, session_id)
        register_upload(backend.db, backend.queue, media.object_key, backend.store.put(media.object_key, CONTENT))
    content = Traveller(backend=backend, user_id=alice).export()
    bob = Traveller(backend=backend, user_id=backend.user("bob"))
    before = set(backend.store.objects)
    bob.start(bob.declare(content).id)
    return bob, before


def test_files_of_an_account_deleted_while_they_are_brought_are_gone_after_the_last_look(
    backend: Backend,
    stores: Stores,
    other_db: Database,
    system_db: Database,
    owner: psycopg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Even where the bucket is away when the import notices, and has nothing removed."""
    monkeypatch.setattr(holding, "BEAT_SECONDS", 0.0)
    bob, before = to_import(backend)

    def lose_account_and_bucket() -> None:
        delete_account(other_db, stores, backend.queue, bob.user_id, Patience(within_seconds=60))
        monkeypatch.setattr(backend.store, "discard", away)

    Writing(store=backend.store, at=FILES - 1, meanwhile=lose_account_and_bucket).begin(monkeypatch)
    bob.work()
    monkeypatch.undo()
    assert len(set(backend.store.objects) - before) == 1
    last_look(backend, stores, system_db, owner)
    assert set(backend.store.objects) == before


def test_files_that_were_brought_before_the_bucket_failed_are_removed_at_once(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob, before = to_import(backend)
    Writing(store=backend.store, at=FILES, failure=VendorDown("its answer was lost")).begin(monkeypatch)
    with pytest.raises(VendorDown):
        bob.work()
    left = set(backend.store.objects) - before
    assert [key.partition("/")[0] for key in left] == ["imports"]

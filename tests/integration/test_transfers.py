"""What becomes of exports and imports when time passes, buckets are away, messages are lost, and users go."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from shared.db.connection import Database
from shared.errors import Conflict, NotFound, TooLarge, VendorDown
from shared.ids import new_id
from shared.media.remove_orphans import remove_orphans
from shared.takeout import holding
from shared.takeout.declare_import import declare_import
from shared.takeout.export_account import export_account
from shared.takeout.give_up_transfer import give_up_transfer
from shared.takeout.import_account import import_account
from shared.takeout.model import (
    EXPORT_QUEUE,
    IMPORT_QUEUE,
    LEASE,
    MAX_ATTEMPTS,
    MOST_IMPORT_BYTES,
    Transfer,
    TransferId,
    TransferState,
    WrittenObject,
)
from shared.takeout.read_export import read_export
from shared.takeout.read_import import read_import
from shared.takeout.start_export import start_export
from tests.fakes.memory_store import MemoryStore
from tests.fixtures.captured import Backend, count_of
from tests.fixtures.sweeping import chores, pass_time
from tests.fixtures.taking_out import Traveller

DAY = timedelta(hours=24, minutes=1)


@pytest.fixture
def alice(backend: Backend) -> Traveller:
    user_id = backend.user("alice")
    backend.marker(user_id, backend.session(user_id), "A note.")
    return Traveller(backend=backend, user_id=user_id)


def exported(alice: Traveller) -> Transfer:
    return read_export(alice.backend.db, alice.backend.store, alice.backend.queue, alice.user_id).transfer


def sweep(alice: Traveller, system_db: Database) -> None:
    for name, chore in chores(system_db, alice.backend.store, alice.backend.queue).items():
        if name not in {"remove_orphans", "report_backlog"}:
            chore()


def discarded(alice: Traveller) -> set[str]:
    messages = alice.backend.queue.sent_to("discard-objects")
    return {key for message in messages for key in message.body["object_keys"]}


def test_asking_again_and_again_comes_to_one_export_until_it_is_a_day_old(
    alice: Traveller, system_db: Database, owner: psycopg.Connection
) -> None:
    first = exported(alice)
    assert first.state is TransferState.PENDING
    assert exported(alice).id == first.id
    assert alice.backend.queue.names() == [EXPORT_QUEUE]
    with pytest.raises(Conflict, match="under way"):
        start_export(alice.backend.db, alice.backend.queue, alice.user_id)
    alice.work()
    download = read_export(alice.backend.db, alice.backend.store, alice.backend.queue, alice.user_id)
    assert (download.transfer.id, download.transfer.state) == (first.id, TransferState.READY)
    assert "expires_in=600" in (download.url or "")
    pass_time(owner, DAY)
    sweep(alice, system_db)
    assert discarded(alice) == {download.transfer.object_key}
    assert exported(alice).id != first.id


def test_a_newer_export_takes_the_place_of_the_one_before(alice: Traveller) -> None:
    alice.export()
    before = exported(alice)
    alice.export()
    assert discarded(alice) == {before.object_key}
    assert exported(alice).id != before.id


def test_an_export_that_failed_is_told_of_for_an_hour_before_asking_starts_another(
    alice: Traveller, owner: psycopg.Connection
) -> None:
    first = exported(alice)
    give_up_transfer(alice.backend.db, alice.backend.queue, user_id=alice.user_id, transfer_id=first.id)
    assert (exported(alice).state, exported(alice).reason) == (TransferState.FAILED, "gave_up")
    give_up_transfer(alice.backend.db, alice.backend.queue, user_id=alice.user_id, transfer_id=first.id)
    pass_time(owner, timedelta(minutes=61))
    assert exported(alice).id != first.id


def test_a_bucket_that_is_away_is_tried_again_and_given_up_the_fifth_time(alice: Traveller) -> None:
    backend, wanted = alice.backend, exported(alice)
    backend.store.is_down = True
    for attempt in range(1, MAX_ATTEMPTS + 1):
        with pytest.raises(VendorDown) if attempt < MAX_ATTEMPTS else nullcontext():
            export_account(backend.db, backend.store, backend.queue, user_id=alice.user_id, transfer_id=wanted.id)
    backend.store.is_down = False
    assert (exported(alice).state, exported(alice).reason) == (TransferState.FAILED, "provider_unavailable")


def test_a_message_that_was_lost_and_a_worker_that_died_are_made_good_by_the_sweep(
    alice: Traveller, system_db: Database, owner: psycopg.Connection
) -> None:
    wanted = exported(alice)
    alice.backend.queue.clear()
    sweep(alice, system_db)
    assert alice.backend.queue.names() == []
    pass_time(owner, timedelta(minutes=16))
    sweep(alice, system_db)
    assert alice.backend.queue.names() == [EXPORT_QUEUE]
    alice.backend.queue.clear()
    owner.execute("UPDATE transfers SET state = 'running', attempts = 1, lease_until = now() + interval '10 s'")
    sweep(alice, system_db)
    assert alice.backend.queue.names() == []
    pass_time(owner, LEASE)
    sweep(alice, system_db)
    sweep(alice, system_db)
    assert alice.backend.queue.names() == [EXPORT_QUEUE]
    alice.work()
    assert exported(alice).id == wanted.id
    assert exported(alice).state is TransferState.READY


def test_a_worker_that_lost_its_lease_leaves_no_zip_and_changes_nothing(
    alice: Traveller, owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stops as soon as it beats; and if it never did, its last write is refused."""
    backend = alice.backend
    backend.media(alice.user_id, backend.session(alice.user_id))
    for beats in (0.0, 3_600.0):
        monkeypatch.setattr(holding, "BEAT_SECONDS", beats)
        start_export(backend.db, backend.queue, alice.user_id)
        [(_, message)] = [entry for entry in backend.queue.sent if entry[0] == EXPORT_QUEUE]
        backend.queue.clear()
        transfer_id, other = TransferId(UUID(message.body["transfer_id"])), Taken(owner=owner)
        export_account(backend.db, other, backend.queue, user_id=alice.user_id, transfer_id=transfer_id)
        assert [key for key in other.objects if key.startswith("exports/")] == []
        row = owner.execute("SELECT state, attempts FROM transfers WHERE id = %s", [transfer_id]).fetchone()
        assert row == ("running", 2)
        owner.execute("DELETE FROM transfers")


def test_an_import_that_another_worker_has_taken_over_writes_no_row(
    alice: Traveller, owner: psycopg.Connection
) -> None:
    backend, content = alice.backend, alice.export()
    bob = Traveller(backend=backend, user_id=backend.user("bob"))
    wanted = bob.declare(content)
    bob.start(wanted.id)
    slow = Overtaken(owner=owner)
    slow.objects = backend.store.objects
    import_account(backend.db, slow, backend.queue, user_id=bob.user_id, transfer_id=wanted.id)
    assert read_import(backend.db, bob.user_id, wanted.id).state is TransferState.RUNNING
    assert count_of(owner, "sessions", bob.user_id) == 0


class Overtaken(MemoryStore):
    """A bucket that is so slow to read from that another worker takes the import over meanwhile."""

    def __init__(self, *, owner: psycopg.Connection) -> None:
        super().__init__()
        self._owner = owner

    def read_range(self, object_key: str, *, etag: str, first: int, size_bytes: int) -> bytes:
        self._owner.execute("UPDATE transfers SET attempts = 2 WHERE state = 'running'")
        return super().read_range(object_key, etag=etag, first=first, size_bytes=size_bytes)


class Taken(MemoryStore):
    """A bucket that is so slow that another worker takes the export over meanwhile."""

    def __init__(self, *, owner: psycopg.Connection) -> None:
        super().__init__()
        self._owner = owner

    def write(self, object_key: str, data: bytes, *, content_type: str) -> None:
        self._owner.execute("UPDATE transfers SET attempts = 2 WHERE state = 'running'")
        super().write(object_key, data, content_type=content_type)


def test_an_import_waits_a_day_for_its_zip_and_the_same_zip_is_the_same_import(
    alice: Traveller, system_db: Database, owner: psycopg.Connection
) -> None:
    backend, content = alice.backend, alice.export()
    first = alice.declare(content)
    assert alice.declare(content).id == first.id
    second = alice.declare(content + b" ")
    assert second.id != first.id
    assert discarded(alice) == {first.object_key}
    large = WrittenObject(size_bytes=MOST_IMPORT_BYTES + 1, sha256="0" * 64)
    with pytest.raises(TooLarge):
        declare_import(backend.db, backend.store, backend.queue, alice.user_id, large)
    backend.store.discard([second.object_key or ""])
    with pytest.raises(Conflict, match="not there yet"):
        alice.start(second.id)
    pass_time(owner, DAY)
    sweep(alice, system_db)
    assert read_import(backend.db, alice.user_id, second.id).state is TransferState.EXPIRED
    third = alice.declare(content)
    started = alice.start(third.id)
    assert (started.state, alice.start(third.id).state) == (TransferState.PENDING, TransferState.PENDING)
    assert backend.queue.names().count(IMPORT_QUEUE) == 1
    with pytest.raises(Conflict, match="under way"):
        alice.declare(content)


def test_a_zip_that_was_put_once_more_after_the_start_is_not_read(alice: Traveller) -> None:
    backend, content = alice.backend, alice.export()
    wanted = alice.declare(content)
    alice.start(wanted.id)
    backend.store.put(wanted.object_key or "", content[:-1] + b"?", "application/zip")
    alice.work()
    ended = read_import(backend.db, alice.user_id, wanted.id)
    assert (ended.state, (ended.reason or "").partition(":")[0]) == (TransferState.FAILED, "not_found")


def test_an_import_whose_user_goes_meanwhile_changes_nothing(alice: Traveller, owner: psycopg.Connection) -> None:
    backend, content = alice.backend, alice.export()
    bob = Traveller(backend=backend, user_id=backend.user("bob"))
    wanted = bob.declare(content)
    bob.start(wanted.id)
    owner.execute("DELETE FROM users WHERE id = %s", [bob.user_id])
    import_account(backend.db, backend.store, backend.queue, user_id=bob.user_id, transfer_id=wanted.id)
    export_account(backend.db, backend.store, backend.queue, user_id=bob.user_id, transfer_id=wanted.id)
    assert count_of(owner, "sessions", bob.user_id) == 0


def test_a_zip_that_is_of_use_stays_and_one_that_is_nobodys_goes_after_two_days(
    alice: Traveller, system_db: Database, owner: psycopg.Connection
) -> None:
    backend = alice.backend
    backend.store.put("exports/nobodys.zip", alice.export(), "application/zip")
    live = {exported(alice).object_key, alice.declare(b"a zip").object_key}
    backend.store.put("imports/nobodys.zip", b"left", "application/zip")
    backend.store.begin_writing("exports/unfinished.zip", content_type="application/zip")
    for hours, removed in ((47, 0), (2, 3)):
        by = timedelta(hours=hours)
        backend.store.objects = {k: replace(o, age=o.age + by) for k, o in backend.store.objects.items()}
        backend.store.under_way = {k: replace(u, age=u.age + by) for k, u in backend.store.under_way.items()}
        owner.execute("UPDATE bucket_rounds SET due_at = now()")
        rounds = owner.execute("SELECT name FROM bucket_rounds").fetchall()
        assert sum(remove_orphans(system_db, backend.store) for _ in rounds) == removed
    assert set(backend.store.objects) == live
    assert backend.store.under_way == {}
    owner.execute("UPDATE transfers SET state = 'expired'")
    owner.execute("UPDATE bucket_rounds SET due_at = now()")
    assert sum(remove_orphans(system_db, backend.store) for _ in rounds) == 2


def test_another_users_import_is_as_unknown_as_none(alice: Traveller) -> None:
    backend = alice.backend
    bob = Traveller(backend=backend, user_id=backend.user("bob"))
    wanted = alice.declare(b"a zip")
    for transfer_id in (wanted.id, TransferId(new_id())):
        with pytest.raises(NotFound):
            read_import(backend.db, bob.user_id, transfer_id)
        with pytest.raises(NotFound):
            bob.start(transfer_id)

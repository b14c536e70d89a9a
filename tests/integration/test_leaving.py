"""An account is deleted: everything of it, nothing of anybody else, and it is certified how much that was."""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from shared.db.connection import Database
from shared.ids import UserId, new_id
from shared.leaving.carry_on_deletion import Patience
from shared.leaving.delete_account import delete_account
from shared.leaving.model import DELETE_QUEUE, Certificate
from shared.leaving.resume_deletions import resume_deletions
from shared.leaving.stores import Stores
from shared.leaving.work_on_deletion import work_on_deletion
from shared.sessions.delete_session import delete_session
from tests.fakes.memory_accounts import MemoryAccounts, MemoryCustomers
from tests.fixtures.captured import CONTENT, Backend
from tests.fixtures.security_table import RecordSecurity, SecurityRow
from tests.fixtures.sweeping import pass_time
from tests.fixtures.whole_users import SHARED_SESSION, contents_of, rows_of, tables_of_users, whole_user

LONG_SECONDS = 60  # counted from when it is needed


@pytest.fixture
def accounts() -> MemoryAccounts:
    return MemoryAccounts()


@pytest.fixture
def customers() -> MemoryCustomers:
    return MemoryCustomers()


@pytest.fixture
def stores(backend: Backend, accounts: MemoryAccounts, customers: MemoryCustomers) -> Stores:
    return Stores(objects=backend.store, customers=customers, accounts=accounts)


def delete(backend: Backend, stores: Stores, user_id: UserId, patience: Patience | None = None) -> Certificate:
    return delete_account(backend.db, stores, backend.queue, user_id, patience or Patience(within_seconds=LONG_SECONDS))


def sweep(backend: Backend, stores: Stores, system_db: Database, owner: psycopg.Connection, passed: timedelta) -> int:
    """Time passes, the sweep hands over, and the worker goes on; how many deletions."""
    pass_time(owner, passed)
    backend.queue.clear()
    handed = resume_deletions(system_db, backend.queue)
    for message in backend.queue.sent_to(DELETE_QUEUE):
        work_on_deletion(system_db, stores, message.owner(), Patience(within_seconds=60, for_rows_seconds=30))
    return handed


def unfinished(owner: psycopg.Connection) -> tuple[Any, ...] | None:
    return owner.execute(
        "SELECT (SELECT count(*) FROM deletions), (SELECT count(*) FROM deletion_objects),"
        " (SELECT count(*) FROM deleted_accounts WHERE finished_at IS NULL)"
    ).fetchone()


def test_everything_of_one_user_goes_and_everything_of_the_other_stays_byte_for_byte(
    backend: Backend,
    stores: Stores,
    accounts: MemoryAccounts,
    customers: MemoryCustomers,
    owner: psycopg.Connection,
    record_security: RecordSecurity,
) -> None:
    alice, bob = whole_user(backend, owner, "alice"), whole_user(backend, owner, "bob")
    had, bobs = rows_of(owner, alice.id), contents_of(owner, bob.id)
    certificate = delete(backend, stores, alice.id)
    assert certificate.rows == had
    assert (certificate.vectors, certificate.objects, certificate.devices) == (3, 4, 2)
    assert (certificate.stripe_customer, certificate.firebase_user, certificate.pending) == ("deleted", "deleted", [])
    assert certificate.finished_at is not None
    assert set(rows_of(owner, alice.id).values()) == {0}
    assert contents_of(owner, bob.id) == bobs
    assert set(backend.store.objects) == set(bob.keys)
    assert customers.expired == ["cs_of_alice"]
    assert customers.forgotten == ["cus_of_alice"]
    assert (accounts.look("alice"), accounts.look("bob") is None) == (None, False)
    assert backend.queue.sent_to(DELETE_QUEUE) == []
    kept = owner.execute("SELECT uid_hash, account_id FROM deleted_accounts").fetchall()
    assert kept == [(sha256(b"alice").digest(), alice.id)]
    left = owner.execute("SELECT firebase_uid, customer_ids, checkout_ids FROM deletions").fetchall()
    assert left == [(None, [], [])]
    repeated = delete(backend, stores, alice.id)
    assert repeated == certificate
    size = f"2 users with a row in each of {len(had)} tables, found by the catalogue; one is deleted"
    found = "0 rows, objects, vectors and push tokens left; the other's rows equal byte for byte"
    record_security(SecurityRow(test="an account is deleted", size=size, found=found))


def test_of_a_user_who_never_bought_anything_the_payment_provider_knows_nothing(
    backend: Backend, stores: Stores, customers: MemoryCustomers
) -> None:
    certificate = delete(backend, stores, backend.user("carol"))
    assert (certificate.stripe_customer, certificate.pending, certificate.objects) == ("none", [], 0)
    assert customers.forgotten == []
    assert certificate.rows["users"] == 1


@pytest.fixture
def a_table_nobody_thought_of(owner: psycopg.Connection) -> Iterator[None]:
    owner.execute("CREATE TABLE zz_hobbies (user_id uuid NOT NULL, hobby text, object_key text)")
    yield
    owner.execute("DROP TABLE zz_hobbies")


@pytest.mark.usefixtures("a_table_nobody_thought_of")
def test_a_table_that_hangs_on_nothing_is_found_by_its_column(
    backend: Backend, stores: Stores, owner: psycopg.Connection
) -> None:
    alice, bob = backend.user("alice"), backend.user("bob")
    for user_id in (alice, bob):
        backend.store.put(f"hobbies/{user_id}/1.zip", b"x")
        owner.execute("INSERT INTO zz_hobbies VALUES (%s, 'chess', %s)", [user_id, f"hobbies/{user_id}/1.zip"])
    certificate = delete(backend, stores, alice)
    assert (certificate.rows["zz_hobbies"], certificate.objects) == (1, 1)
    assert owner.execute("SELECT user_id FROM zz_hobbies").fetchall() == [(bob,)]
    assert set(backend.store.objects) == {f"hobbies/{bob}/1.zip"}
    assert "zz_hobbies" in tables_of_users(owner)


@pytest.mark.parametrize("store", ["objects", "stripe_customer", "firebase_user"])
def test_a_store_that_is_away_keeps_no_other_back_and_is_done_with_later(
    backend: Backend,
    stores: Stores,
    accounts: MemoryAccounts,
    customers: MemoryCustomers,
    system_db: Database,
    owner: psycopg.Connection,
    store: str,
) -> None:
    alice = whole_user(backend, owner, "alice")
    vendor = {"objects": backend.store, "stripe_customer": customers, "firebase_user": accounts}[store]
    vendor.is_down = True
    certificate = delete(backend, stores, alice.id)
    assert (certificate.pending, certificate.finished_at) == ([store], None)
    assert [message.user_id for message in backend.queue.sent_to(DELETE_QUEUE)] == [alice.id]
    assert sweep(backend, stores, system_db, owner, timedelta(minutes=1)) == 1
    assert delete(backend, stores, alice.id).pending == [store]
    vendor.is_down = False
    assert sweep(backend, stores, system_db, owner, timedelta(hours=1)) == 1
    certificate = delete(backend, stores, alice.id)
    assert (certificate.pending, certificate.objects, certificate.stripe_customer) == ([], 4, "deleted")
    assert certificate.finished_at is not None


def test_without_time_the_rows_are_gone_and_the_sweep_has_the_rest_done(
    backend: Backend, stores: Stores, system_db: Database, owner: psycopg.Connection
) -> None:
    alice = whole_user(backend, owner, "alice")
    certificate = delete(backend, stores, alice.id, Patience(within_seconds=0))
    assert certificate.pending == ["objects", "stripe_customer", "firebase_user"]
    assert set(rows_of(owner, alice.id).values()) == {0}
    assert sweep(backend, stores, system_db, owner, timedelta(seconds=1)) == 1
    certificate = delete(backend, stores, alice.id)
    assert (certificate.pending, certificate.objects) == ([], 4)


def test_a_late_upload_is_removed_by_the_last_look_and_then_only_the_certificate_is_left(
    backend: Backend, stores: Stores, system_db: Database, owner: psycopg.Connection
) -> None:
    alice, bob = whole_user(backend, owner, "alice"), whole_user(backend, owner, "bob")
    certificate = delete(backend, stores, alice.id)
    backend.store.put(alice.keys[0], b"late")
    assert sweep(backend, stores, system_db, owner, timedelta(minutes=30)) == 0
    assert alice.keys[0] in backend.store.objects
    assert sweep(backend, stores, system_db, owner, timedelta(minutes=31)) == 1
    assert set(backend.store.objects) == set(bob.keys)
    assert unfinished(owner) == (0, 0, 0)
    assert sweep(backend, stores, system_db, owner, timedelta(days=1)) == 0
    repeated = delete(backend, stores, alice.id)
    assert (repeated.id, repeated.rows, repeated.objects) == (certificate.id, certificate.rows, 4)
    assert contents_of(owner, bob.id)["sessions"] != ""


def test_an_upload_in_parts_is_given_up(backend: Backend, stores: Stores, owner: psycopg.Connection) -> None:
    alice = whole_user(backend, owner, "alice")
    session_id = backend.session(alice.id)
    media = backend.media(alice.id, session_id)
    upload_id = backend.store.begin_parts(media, with_digests=False)
    owner.execute(
        "INSERT INTO media_uploads (user_id, media_id, upload_id) VALUES (%s, %s, %s)"
        " ON CONFLICT (user_id, media_id) DO UPDATE SET upload_id = excluded.upload_id",
        [alice.id, media.id, upload_id],
    )
    backend.store.put_part(media.object_key, upload_id, 1, b"half")
    delete(backend, stores, alice.id)
    assert backend.store.under_way == {}


def test_what_a_worker_was_told_to_discard_and_did_not_goes_with_the_account(backend: Backend, stores: Stores) -> None:
    """The message is out: it may wait for hours behind others, become a dead letter, or be lost."""
    alice = backend.user("alice")
    session_id = backend.session(alice)
    media = backend.media(alice, session_id)
    backend.store.put(media.object_key, CONTENT, "audio/wav")
    delete_session(backend.db, backend.queue, alice, session_id)
    assert [queue for queue, _ in backend.queue.sent] == ["discard-objects"]
    assert delete(backend, stores, alice).objects == 1
    assert not backend.store.objects


def test_an_object_of_another_user_in_the_folder_of_the_same_session_stays(
    backend: Backend, stores: Stores, owner: psycopg.Connection
) -> None:
    alice, bob = whole_user(backend, owner, "alice"), whole_user(backend, owner, "bob")
    folder = f"sessions/{SHARED_SESSION}/"
    assert [sum(key.startswith(folder) for key in user.keys) for user in (alice, bob)] == [1, 1]
    delete(backend, stores, alice.id)
    assert [key for key in backend.store.objects if key.startswith(folder)] == [bob.keys[0]]


@pytest.mark.parametrize("role", ["db", "system_db"])
def test_nobody_is_erased_who_did_not_ask_or_by_whoever_works_for_somebody_else(
    request: pytest.FixtureRequest, backend: Backend, stores: Stores, owner: psycopg.Connection, role: str
) -> None:
    database: Database = request.getfixturevalue(role)
    alice, bob = backend.user("alice"), backend.user("bob")
    with database.transaction(alice) as tx:
        assert tx.execute("SELECT erase_account(%s)", [alice]).fetchone() == (False,)
    for tenant in (bob, None):
        with pytest.raises(InsufficientPrivilege), database.transaction(tenant) as tx:
            tx.execute("SELECT erase_account(%s)", [alice])
    with pytest.raises(InsufficientPrivilege), database.transaction(alice) as tx:
        tx.execute("DELETE FROM users")
    assert rows_of(owner, alice)["users"] == 1
    delete(backend, stores, alice)
    with database.transaction(bob) as tx:
        assert tx.execute("SELECT count(*) FROM users WHERE id = %s", [alice]).fetchone() == (0,)


def test_deleted_accounts_and_deletions_are_seen_by_whoever_works_for_that_account_only(
    backend: Backend, stores: Stores, db: Database, owner: psycopg.Connection
) -> None:
    alice, bob = whole_user(backend, owner, "alice"), backend.user("bob")
    delete(backend, stores, alice.id)
    for table in ("deleted_accounts", "deletions", "deletion_objects"):
        counting: Any = f"SELECT count(*) > 0 FROM {table}"  # noqa: S608 - names written here
        for tenant, expected in ((alice.id, True), (bob, False), (None, False)):
            with db.transaction(tenant) as tx:
                assert tx.execute(counting).fetchone() == (expected,), (table, tenant)
        for statement in (f"DELETE FROM {table}", f"TRUNCATE {table}"):  # noqa: S608 - names written here
            text: Any = statement
            with pytest.raises(InsufficientPrivilege), db.transaction(alice.id) as tx:
                tx.execute(text)


def test_a_message_about_a_deletion_nobody_asked_for_changes_nothing(
    backend: Backend, stores: Stores, system_db: Database, owner: psycopg.Connection
) -> None:
    alice = whole_user(backend, owner, "alice")
    before = contents_of(owner, alice.id)
    for user_id in (alice.id, UserId(new_id()), UserId(uuid4())):
        work_on_deletion(system_db, stores, user_id, Patience(within_seconds=LONG_SECONDS))
    assert contents_of(owner, alice.id) == before
    assert set(backend.store.objects) == set(alice.keys)

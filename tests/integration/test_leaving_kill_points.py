"""Death after every statement and around every call outside: nothing was asked for, or two sweeps later all is gone.

Everything is real but the vendors, which are played at the socket: Stripe, Identity Toolkit, the bucket, the queue.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import psycopg
import pytest

from dev.accounts_vendor import settings_of
from dev.key_file import new_key
from dev.localhost import serving
from dev.postgres import Postgres
from dev.vendors.fcm_account import ServiceAccount
from dev.vendors.identity_app import create_app as identity_app
from dev.vendors.identity_local import LocalPeople
from dev.vendors.stripe_app import create_app as stripe_app
from dev.vendors.stripe_local import LocalStripe
from shared.db.connection import Database
from shared.identity.firebase_accounts import FirebaseAccounts
from shared.identity.settings import AccountsSettings
from shared.ids import UserId
from shared.leaving.carry_on_deletion import Patience
from shared.leaving.delete_account import delete_account
from shared.leaving.model import DELETE_QUEUE, Certificate
from shared.leaving.resume_deletions import resume_deletions
from shared.leaving.stores import Stores
from shared.leaving.work_on_deletion import work_on_deletion
from shared.payments.start_checkout import start_checkout
from tests.fakes.bucket_like import BucketLike, bucket_like
from tests.fakes.sqs_like import SqsLike, sqs_like
from tests.fixtures.captured import Backend
from tests.fixtures.kill_points import Life, Mortal, Work, deaths, mortal
from tests.fixtures.local_stripe import served_in_thread
from tests.fixtures.mortal_shop import telling
from tests.fixtures.object_store import store_at
from tests.fixtures.payments import PACKAGE, SHOP, provider_of
from tests.fixtures.security_table import RecordSecurity, SecurityRow
from tests.fixtures.sweeping import pass_time
from tests.fixtures.whole_users import WholeUser, rows_of, whole_user


def patience() -> Patience:
    """Counted from when it is needed."""
    return Patience(within_seconds=600)


@dataclass(frozen=True, kw_only=True)
class World:
    """The vendors, which live on, and a process that dies."""

    backend: Backend
    process: Mortal
    queues: SqsLike
    bucket: BucketLike
    people: LocalPeople
    stripe: LocalStripe
    stores: Stores
    system_db: Database
    owner: psycopg.Connection

    def user(self, name: str) -> WholeUser:
        """Somebody with a row in every table, three objects, a customer at Stripe and an open checkout."""
        user = whole_user(self.backend, self.owner, name)
        for object_key in user.keys:
            self.bucket.put(object_key, b"x" * 9)
        self.owner.execute("UPDATE users SET stripe_customer_id = NULL WHERE id = %s", [user.id])
        start_checkout(self.backend.db, provider_of(self.stripe), SHOP, user.id, PACKAGE.id)
        return user

    def delete(self, db: Database, user_id: UserId) -> Certificate:
        return delete_account(db, self.stores, self.queues.queue(), user_id, patience())

    def known_to_stripe(self, user_id: UserId) -> list[str]:
        """Living customers of that user, and checkouts that may still be paid."""
        with self.stripe.look() as book:
            customers, sessions = book.tables.customers.values(), book.tables.sessions.values()
            living = [one.id for one in customers if one.metadata.get("user_id") == str(user_id) and not one.is_deleted]
            return living + [
                one.id for one in sessions if one.metadata.get("user_id") == str(user_id) and one.status == "open"
            ]

    def sweep(self) -> None:
        """Twice; the worker dies of nothing."""
        for _ in range(2):
            pass_time(self.owner, timedelta(minutes=2))
            self.queues.sent.clear()
            resume_deletions(self.system_db, self.queues.queue())
            for name, message in self.queues.sent:
                assert name == DELETE_QUEUE
                work_on_deletion(self.system_db, self.stores, message.owner(), patience())


@pytest.fixture
def world(
    postgres: Postgres, database_name: str, backend: Backend, system_db: Database, owner: psycopg.Connection
) -> Iterator[World]:
    people, stripe, account = LocalPeople(), LocalStripe(), ServiceAccount(project="p", key=new_key())
    url = postgres.url(database_name, role="second_brain_app")
    with (
        mortal(url) as process,
        sqs_like() as queues,
        bucket_like(process.passed) as bucket,
        served_in_thread(serving(telling(identity_app(people, account), process.passed))) as identity_url,
        served_in_thread(serving(telling(stripe_app(stripe), process.passed))) as stripe_url,
    ):
        queues.told = process.passed
        stripe.listens_at(stripe_url)
        named = {name.lower(): value for name, value in settings_of(account, identity_url).items()}
        accounts = FirebaseAccounts.of(AccountsSettings(**named))
        stores = Stores(objects=store_at(bucket.url), customers=provider_of(stripe), accounts=accounts)
        yield World(
            backend=backend,
            process=process,
            queues=queues,
            bucket=bucket,
            people=people,
            stripe=stripe,
            stores=stores,
            system_db=system_db,
            owner=owner,
        )
    stripe.close()


def test_a_request_that_dies_anywhere_changed_nothing_or_ends_with_everything_gone(
    world: World, record_security: RecordSecurity
) -> None:
    """All of them die first, and then two sweeps find what each has left."""
    bystander = world.user("bystander")
    assert len(world.known_to_stripe(bystander.id)) == 2
    untouched = rows_of(world.owner, bystander.id)
    cases: list[tuple[WholeUser, dict[str, int]]] = []

    def prepare() -> Work:
        user = world.user(f"leaver_{len(cases)}")
        cases.append((user, rows_of(world.owner, user.id)))
        return lambda db: world.delete(db, user.id)

    lives = list(deaths(world.process, prepare))
    assert len(lives[-1].points) >= 30
    world.sweep()
    unchanged = [user for (user, _), life in zip(cases, lives, strict=True) if "COMMIT" not in life.points]
    assert len(unchanged) >= 3
    for (user, had), life in zip(cases, lives, strict=True):
        if user in unchanged:
            assert rows_of(world.owner, user.id) == had
        else:
            check_gone(world, user, had, life)
    assert rows_of(world.owner, bystander.id) == untouched
    assert set(world.bucket.objects) == {key for user in (bystander, *unchanged) for key in user.keys}
    size = f"{len(lives) - 1} deaths of a deletion, after every statement and around every call outside"
    found = f"{len(unchanged)} before the first commit changed nothing; of the others 0 rows, objects or accounts left"
    record_security(SecurityRow(test="a deletion that dies anywhere, then two sweeps", size=size, found=found))


def check_gone(world: World, user: WholeUser, had: dict[str, int], life: Life) -> None:
    certificate = world.delete(world.backend.db, user.id)
    assert (certificate.pending, certificate.rows) == ([], had), life.points
    assert (certificate.objects, certificate.vectors, certificate.devices) == (len(user.keys), 3, 2), life.points
    assert set(rows_of(world.owner, user.id).values()) == {0}
    assert world.people.find(user.name) is None
    assert world.known_to_stripe(user.id) == []

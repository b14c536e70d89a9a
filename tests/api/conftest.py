"""The API functions in this process: their own routes and edge, real Postgres, a queue and a bucket in memory."""

from collections.abc import Callable, Iterator, Mapping
from itertools import count

import psycopg
import pytest

from dev.postgres import Postgres
from dev.vendors.stripe_local import LocalStripe
from functions.api.account.routes import Routes as AccountRoutes
from functions.api.health.routes import Routes as HealthRoutes
from functions.api.profile.routes import Routes as ProfileRoutes
from functions.api.search.routes import Routes as SearchRoutes
from functions.api.sessions.routes import Routes as SessionsRoutes
from functions.api.sync.routes import Routes as SyncRoutes
from functions.api.takeout.routes import Routes as TakeoutRoutes
from functions.api.uploads.routes import Routes as UploadsRoutes
from shared.ai.embedders import Embedders
from shared.db.connection import Database
from shared.edge.http import Handler
from shared.leaving.stores import Stores
from shared.payments.stripe_provider import StripeProvider
from tests.fakes.memory_accounts import MemoryAccounts
from tests.fixtures.appointing import appointed
from tests.fixtures.captured import Backend
from tests.fixtures.declared import declared_handler
from tests.fixtures.embedders import KnownMeanings
from tests.fixtures.local_stripe import running_local_stripe
from tests.fixtures.phone import Phone
from tests.fixtures.storefront import RolePhone, Storefront, payment_handlers, provider_at
from tests.fixtures.throwaway_postgres import Clones

_NUMBERS = count()

NewPhone = Callable[[str], Phone]


@pytest.fixture(scope="module")
def api_database(clones: Clones) -> Iterator[str]:
    """One database for all tests of a module: each brings users of its own, who never meet."""
    name = f"api_{next(_NUMBERS)}"
    clones.make(name)
    yield name
    clones.drop(name)


@pytest.fixture(scope="module")
def api_db(postgres: Postgres, api_database: str) -> Iterator[Database]:
    database = Database(postgres.url(api_database, role="second_brain_app"))
    yield database
    database.close()


@pytest.fixture(scope="module")
def api_system_db(postgres: Postgres, api_database: str) -> Iterator[Database]:
    database = Database(postgres.url(api_database, role="second_brain_system"))
    yield database
    database.close()


@pytest.fixture(scope="module")
def local_stripe() -> Iterator[LocalStripe]:
    with running_local_stripe() as local:
        yield local


@pytest.fixture(scope="module")
def provider(local_stripe: LocalStripe) -> StripeProvider:
    return provider_at(local_stripe.address)


@pytest.fixture
def api(api_db: Database) -> Backend:
    """What the functions are built on."""
    return Backend(db=api_db)


@pytest.fixture
def accounts() -> MemoryAccounts:
    """Who is signed in, as Firebase would say."""
    return MemoryAccounts()


@pytest.fixture
def handlers(
    api: Backend, api_system_db: Database, provider: StripeProvider, accounts: MemoryAccounts
) -> Mapping[str, Handler]:
    """Each API function by its name in the catalogue."""
    stores = Stores(objects=api.store, customers=provider, accounts=accounts)
    routes = {
        "health": HealthRoutes(db=api.db, queue=api.queue, store=api.store),
        "profile": ProfileRoutes(db=api.db),
        "sessions": SessionsRoutes(db=api.db, queue=api.queue),
        "search": SearchRoutes(db=api.db, embedders=Embedders(KnownMeanings({}))),
        "sync": SyncRoutes(db=api.db),
        "uploads": UploadsRoutes(db=api.db, queue=api.queue, store=api.store),
    }
    built = {name: declared_handler(of_function.endpoints(), api.db) for name, of_function in routes.items()}
    account = AccountRoutes(db=api.db, queue=api.queue, stores=stores)
    takeout = TakeoutRoutes(db=api.db, queue=api.queue, store=api.store)
    built["takeout"] = declared_handler(takeout.endpoints(), api.db, accounts)
    built["account"] = declared_handler(account.endpoints(), api.db, accounts)
    return built | payment_handlers(api, api_system_db, provider, accounts)


@pytest.fixture
def phone_of(handlers: Mapping[str, Handler]) -> NewPhone:
    """A new user's phone."""
    return lambda name: Phone(handlers=handlers, uid=f"{name}-{next(_NUMBERS)}")


@pytest.fixture
def alice(phone_of: NewPhone) -> Phone:
    return phone_of("alice")


@pytest.fixture
def bob(phone_of: NewPhone) -> Phone:
    return phone_of("bob")


@pytest.fixture
def administrator(handlers: Mapping[str, Handler], api: Backend, everything: psycopg.Connection) -> RolePhone:
    """Whose token says so, and who is appointed."""
    uid = f"administrator-{next(_NUMBERS)}"
    appointed(everything, api.user(uid))
    return RolePhone(handlers=handlers, uid=uid, claims={"role": "admin"})


@pytest.fixture
def storefront(
    api: Backend,
    handlers: Mapping[str, Handler],
    local_stripe: LocalStripe,
    provider: StripeProvider,
    everything: psycopg.Connection,
) -> Storefront:
    """The shop of this module's database, with its own local Stripe."""
    return Storefront(api=api, handlers=handlers, local=local_stripe, provider=provider, everything=everything)


@pytest.fixture(scope="module")
def everything(postgres: Postgres, api_database: str) -> Iterator[psycopg.Connection]:
    """A connection past row-level security, to look at what is really there."""
    with psycopg.connect(postgres.url(api_database), autocommit=True) as connection:
        yield connection

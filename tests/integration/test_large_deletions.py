"""An account of many sessions is deleted in several goes, each of which goes on where the one before ended."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from shared.db.connection import Database
from shared.ids import UserId
from shared.leaving.carry_on_deletion import Patience, carry_on_deletion
from shared.leaving.remove_objects import remove_objects
from shared.leaving.request_deletion import request_deletion
from shared.leaving.stores import Stores
from tests.fakes.memory_accounts import MemoryAccounts, MemoryCustomers
from tests.fixtures.captured import Backend

SESSIONS = 7
AT_ONCE = 2


@pytest.fixture
def stores(backend: Backend) -> Stores:
    return Stores(objects=backend.store, customers=MemoryCustomers(), accounts=MemoryAccounts())


@pytest.fixture
def alice(backend: Backend, stores: Stores) -> UserId:
    """She has a recording in each of her sessions, and her rows are gone."""
    user_id = backend.user("alice")
    for _ in range(SESSIONS):
        backend.store.put(backend.media(user_id, backend.session(user_id)).object_key, b"x")
    with backend.db.transaction(user_id) as tx:
        request_deletion(tx, user_id)
    backend.store.is_down = True
    carry_on_deletion(backend.db, stores, user_id, Patience(within_seconds=60))
    backend.store.is_down = False
    return user_id


def for_a_while() -> Callable[[], bool]:
    """Time for so many folders."""
    left = iter([False] * AT_ONCE)
    return lambda: next(left, True)


def test_folders_that_were_emptied_are_not_looked_into_again(backend: Backend, db: Database, alice: UserId) -> None:
    goes = 1
    while not remove_objects(db, backend.store, alice, is_late=for_a_while()):
        goes += 1
        assert goes <= SESSIONS
    assert backend.store.objects == {}
    assert goes == -(-SESSIONS // AT_ONCE)


@dataclass(frozen=True, kw_only=True)
class ForTwoStores(Patience):
    """Time to begin with two stores, and no third."""

    within_seconds: float = 60
    begun: list[None] = field(default_factory=list[None])

    def is_over(self) -> bool:
        self.begun.append(None)
        return len(self.begun) > 2


def test_a_bucket_that_takes_long_keeps_no_other_store_back(backend: Backend, stores: Stores) -> None:
    user_id = backend.user("alice")
    backend.store.put(backend.media(user_id, backend.session(user_id)).object_key, b"x")
    with backend.db.transaction(user_id) as tx:
        request_deletion(tx, user_id)
    assert carry_on_deletion(backend.db, stores, user_id, ForTwoStores()).pending == ["objects"]
    assert carry_on_deletion(backend.db, stores, user_id, Patience(within_seconds=60)).pending == []

"""What the runbook says to do about people who were deleted after the moment a database was restored to."""

import re
from datetime import timedelta
from pathlib import Path

import psycopg

from shared.db.connection import Database
from shared.leaving.carry_on_deletion import Patience
from shared.leaving.model import DELETE_QUEUE
from shared.leaving.resume_deletions import resume_deletions
from shared.leaving.stores import Stores
from shared.leaving.work_on_deletion import work_on_deletion
from tests.fakes.memory_accounts import MemoryAccounts, MemoryCustomers
from tests.fixtures.captured import Backend
from tests.fixtures.sweeping import pass_time
from tests.fixtures.whole_users import rows_of, whole_user

_RUNBOOK = Path(__file__).parents[2] / "docs" / "runbook.md"


def _statements(account_id: object) -> list[str]:
    section = _RUNBOOK.read_text().partition("## Restore the database")[2]
    block = re.search(r"```sql\n(.*?)```", section, flags=re.DOTALL)
    assert block
    return [one.strip() for one in block[1].replace("<account id>", str(account_id)).split(";") if one.strip()]


def test_whoever_was_deleted_before_a_restore_is_deleted_again_by_the_sweep(
    backend: Backend, owner: psycopg.Connection, system_db: Database
) -> None:
    alice, bob = whole_user(backend, owner, "alice"), whole_user(backend, owner, "bob")
    bobs = rows_of(owner, bob.id)
    for statement in _statements(alice.id):
        owner.execute(statement.encode())
    pass_time(owner, timedelta(minutes=1))
    assert resume_deletions(system_db, backend.queue) == 1
    stores = Stores(objects=backend.store, customers=MemoryCustomers(), accounts=MemoryAccounts())
    for message in backend.queue.sent_to(DELETE_QUEUE):
        work_on_deletion(system_db, stores, message.owner(), Patience(within_seconds=60, for_rows_seconds=30))
    assert sum(rows_of(owner, alice.id).values()) == 0
    assert rows_of(owner, bob.id) == bobs
    finished = "SELECT finished_at IS NOT NULL FROM deleted_accounts WHERE account_id = %s"
    assert owner.execute(finished, [alice.id]).fetchone() == (True,)

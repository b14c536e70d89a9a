"""Exports and imports that another worker takes over, or may not."""

from pathlib import Path

import psycopg
import pytest

from shared.db.connection import Database
from shared.identity.edit_profile import edit_profile
from shared.identity.model import ProfileChange
from shared.identity.read_profile import read_profile
from shared.ids import UserId
from shared.takeout.announce_unheard_transfers import announce_unheard_transfers
from shared.takeout.model import LEASE
from shared.takeout.spool_account import Spool, spool_account
from tests.fixtures.captured import Backend
from tests.fixtures.sweeping import pass_time
from tests.fixtures.taking_out import Traveller


def test_a_worker_that_lost_its_import_leaves_the_users_choices_alone(
    backend: Backend, owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = Traveller(backend=backend, user_id=backend.user("alice"))
    content = alice.export()
    chosen = ProfileChange(preferred_language="pt-BR", push_failed=False)

    def frozen_meanwhile(_bringing: object) -> None:
        """Another worker takes the import over and ends it; then the user changes their mind on the phone."""
        owner.execute("UPDATE transfers SET state = 'completed', attempts = attempts + 1 WHERE kind = 'import'")
        edit_profile(backend.db, alice.user_id, chosen)

    monkeypatch.setattr("shared.takeout.import_account.bring_conversations", frozen_meanwhile)
    alice.bring(content)
    profile = read_profile(backend.db, alice.user_id)
    assert (profile.preferred_language, profile.notifications.failed) == ("pt-BR", False)


def test_an_export_that_reads_for_longer_than_a_lease_is_not_taken_over(
    backend: Backend, system_db: Database, owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = Traveller(backend=backend, user_id=backend.user("alice"))
    announced: list[int] = []

    def slowly(db: Database, user_id: UserId, folder: Path) -> Spool:
        pass_time(owner, LEASE * 4)
        announced.append(announce_unheard_transfers(system_db, backend.queue))
        return spool_account(db, user_id, folder)

    monkeypatch.setattr("shared.takeout.export_account.spool_account", slowly)
    assert alice.export()
    assert announced == [0]
    leases = owner.execute("SELECT attempts FROM transfers").fetchall()
    assert leases == [(1,)]

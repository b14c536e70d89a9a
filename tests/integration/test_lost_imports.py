"""An import whose worker was frozen for so long that another one has ended it."""

import psycopg
import pytest

from shared.identity.edit_profile import edit_profile
from shared.identity.model import ProfileChange
from shared.identity.read_profile import read_profile
from tests.fixtures.captured import Backend
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

"""Why a session failed is a code of ours, also when it comes out of a ZIP that anybody may have written."""

from typing import Any

import psycopg

from shared.takeout.model import TransferState
from tests.fixtures.captured import Backend
from tests.fixtures.taking_out import Traveller, edited


def test_why_a_session_failed_comes_back_as_a_code_or_not_at_all(backend: Backend, owner: psycopg.Connection) -> None:
    """Administrators are shown it, who are shown nothing that a user wrote."""
    alice, bob = (Traveller(backend=backend, user_id=backend.user(name)) for name in ("alice", "bob"))
    reasons = ["transcribe_failed: gave_up", "My own words, for whoever looks."]

    def fail(rows: list[dict[str, Any]]) -> None:
        for row_of, reason in zip(rows, reasons, strict=True):
            row_of.update(status="failed", failure_reason=reason)

    for text in ("One note.", "Another."):
        backend.marker(alice.user_id, backend.session(alice.user_id), text)
    brought = bob.bring(edited(alice.export(), "sessions", fail))
    assert brought.state is TransferState.COMPLETED
    kept = owner.execute("SELECT failure_reason FROM sessions WHERE user_id = %s ORDER BY id", [bob.user_id]).fetchall()
    assert kept == [("transcribe_failed: gave_up",), (None,)]

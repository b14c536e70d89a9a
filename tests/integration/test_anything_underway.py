"""When the sweep looks again within its minute."""

from datetime import timedelta

import psycopg

from shared.db.connection import Database
from shared.sessions.anything_underway import anything_underway
from shared.sessions.finalize_session import finalize_session
from tests.fixtures.captured import Backend, complete
from tests.fixtures.sweeping import pass_time


def test_it_does_while_a_message_is_unsent_a_step_is_under_way_or_was_a_short_while_ago(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    assert not anything_underway(system_db)
    user_id = backend.user()
    session_id = backend.session(user_id)
    backend.marker(user_id, session_id)
    assert not anything_underway(system_db)
    finalize_session(backend.db, backend.queue, user_id, session_id, ai=True)
    pass_time(owner, timedelta(hours=1))
    assert anything_underway(system_db)
    for kind in ("embed", "summarise"):
        complete(backend.db, user_id, backend.step(user_id, session_id, kind).id)
    assert anything_underway(system_db)
    pass_time(owner, timedelta(minutes=16))
    assert not anything_underway(system_db)
    owner.execute("UPDATE outbox SET published_at = NULL")
    assert anything_underway(system_db)

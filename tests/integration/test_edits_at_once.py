"""Two phones edit the same thing at once: one wins, and the other is told both texts."""

from collections.abc import Callable

import pytest

from shared.db.connection import Database
from shared.errors import VersionConflict
from shared.sessions.edit_block import edit_block
from shared.sessions.edit_session import edit_session
from shared.sessions.model import Block, Session
from tests.fixtures.captured import Backend
from tests.fixtures.crowds import Crowd

PHONES = 20


@pytest.mark.parametrize("kind", ["session", "block"])
def test_of_all_who_edit_the_same_version_at_once_exactly_one_wins(backend: Backend, many: Crowd, kind: str) -> None:
    user_id = backend.user()
    session_id = backend.session(user_id)
    block = backend.marker(user_id, session_id)

    def edit(text: str) -> Callable[[Database], str | VersionConflict]:
        def attempt(db: Database) -> str | VersionConflict:
            try:
                if kind == "session":
                    edit_session(db, user_id, session_id, title=text, language=None, base_version=1)
                else:
                    edit_block(
                        db, backend.queue, user_id, session_id, block.id, text=text, metadata=None, base_version=1
                    )
            except VersionConflict as conflict:
                return conflict
            return text

        return attempt

    answers = many.all_at_once([edit(f"phone {number}") for number in range(PHONES)])
    (winner,) = [answer for answer in answers if isinstance(answer, str)]
    conflicts = [answer for answer in answers if isinstance(answer, VersionConflict)]
    assert len(conflicts) == PHONES - 1
    whole = backend.read(user_id, session_id)
    stored: Session | Block = whole.session if kind == "session" else whole.blocks[0]
    assert (stored.title if isinstance(stored, Session) else stored.text_content) == winner
    assert stored.version == 2
    assert all(conflict.current == stored for conflict in conflicts)

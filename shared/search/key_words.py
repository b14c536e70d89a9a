"""Has the words of a user with many chunks found by an index instead of a scan."""

from shared.db.connection import Database
from shared.errors import SecondBrainError
from shared.ids import UserId
from shared.search import space_repository, word_key_repository
from shared.telemetry import log

KEYED_FROM = 1_500
"""From so many chunks on, looking words up by keys takes less time than scanning them (docs/benchmarks.md)."""

_AT_ONCE = 500
_MOST_TURNS = 40


def key_words(db: Database, user_id: UserId) -> None:
    """Put the user's words into the index, if they have enough chunks; most calls find nothing to do.

    Searches go on scanning until all words are in. The space is locked for each batch, as whoever writes words locks
    it: so none is written meanwhile that does not know of the index. What one call leaves the next one does, and a
    failure costs time only: nothing is raised.
    """
    try:
        for _ in range(_MOST_TURNS):
            if not _key_some(db, user_id):
                return
    except SecondBrainError as error:
        log.warning("words not put into the index", extra={"code": error.exact_code})


def _key_some(db: Database, user_id: UserId) -> bool:
    """Whether there is more to do."""
    with db.transaction(user_id) as tx:
        if not space_repository.lock_unkeyed(tx, user_id, least_chunks=KEYED_FROM):
            return False
        if word_key_repository.key_some(tx, user_id, most=_AT_ONCE) == _AT_ONCE:
            return True
        space_repository.mark_keyed(tx, user_id)
        return False

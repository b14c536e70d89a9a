"""Sessions that are about the same as one, each with the two passages that made it so."""

from uuid import UUID

import numpy as np
import psycopg
import pytest

from shared.ai.capabilities import Vector
from shared.db.connection import Database
from shared.errors import NotFound
from shared.ids import SessionId, UserId, new_id
from shared.search.related_repository import MOST_PASSAGES
from shared.search.related_sessions import related_sessions
from shared.search.relatedness import PRIOR_NOTES, RELATED, cut_of, similarity_at
from shared.sessions.delete_session import delete_session
from tests.fakes.memory_queue import MemoryQueue
from tests.fixtures.searchable import World, add_block, add_user, keep, load, unit

_DENTIST, _SOUP, _TRAIN, _DOG = unit(1), unit(0, 1), unit(0, 0, 1), unit(0, 0, 0, 1)


def noted(db: Database, owner: psycopg.Connection, user_id: UserId, *notes: tuple[str, Vector]) -> SessionId:
    """A session with a block of each text."""
    session_id = SessionId(new_id())
    for text, vector in notes:
        keep(db, user_id, add_block(owner, user_id, session_id=session_id), [text], [vector])
    return session_id


def found(db: Database, user_id: UserId, session_id: SessionId, *, limit: int = 5) -> list[SessionId]:
    return [related.session_id for related in related_sessions(db, user_id, session_id, limit=limit)]


def test_the_nearest_sessions_come_first_with_the_pair_that_made_them_so(
    db: Database, owner: psycopg.Connection
) -> None:
    user_id = add_user(owner)
    mine = noted(db, owner, user_id, ("tomato soup", _SOUP), ("dentist on Tuesday", _DENTIST))
    teeth = noted(db, owner, user_id, ("the dog", _DOG), ("a tooth hurts", unit(0.9, 0.3)))
    cooking = noted(db, owner, user_id, ("onion soup", unit(0, 0.99, 0.1)), ("the train", _TRAIN))
    noted(db, owner, user_id, ("something else", _TRAIN))
    owner.execute("UPDATE sessions SET title = 'Cooking' WHERE id = %s", [cooking])
    first, second = related_sessions(db, user_id, mine, limit=5)
    assert (first.session_id, first.title, second.session_id) == (cooking, "Cooking", teeth)
    assert (first.mine.text, first.theirs.text) == ("tomato soup", "onion soup")
    assert (second.mine.text, second.theirs.text) == ("dentist on Tuesday", "a tooth hurts")
    assert 1 >= first.similarity > second.similarity >= RELATED
    assert (first.mine.start_ms, first.mine.media_id) == (None, None)
    assert found(db, user_id, mine, limit=1) == [cooking]


def test_a_passage_of_a_recording_says_where_it_begins(db: Database, owner: psycopg.Connection) -> None:
    user_id = add_user(owner)
    mine, theirs = (noted(db, owner, user_id, (text, _SOUP)) for text in ("soup", "more soup"))
    media_id = new_id()
    owner.execute(
        "INSERT INTO media_files (user_id, id, session_id, type, object_key, content_type, size_bytes)"
        " VALUES (%s, %s, %s, 'audio', 'k', 'audio/ogg', 1)",
        [user_id, media_id, theirs],
    )
    owner.execute("UPDATE session_blocks SET media_id = %s WHERE session_id = %s", [media_id, theirs])
    owner.execute("UPDATE chunks SET start_ms = 4200, end_ms = 9000 WHERE session_id = %s", [theirs])
    (related,) = related_sessions(db, user_id, mine, limit=5)
    assert (related.theirs.start_ms, related.theirs.media_id) == (4_200, media_id)
    assert related.mine.start_ms is None


def test_nobody_elses_sessions_are_like_mine_though_their_ids_are(db: Database, owner: psycopg.Connection) -> None:
    alice, bob = add_user(owner), add_user(owner)
    mine = noted(db, owner, alice, ("soup", _SOUP))
    noted(db, owner, bob, ("soup of Bob", _SOUP))
    keep(db, bob, add_block(owner, bob, session_id=mine), ["more soup of Bob"], [_SOUP])
    assert found(db, alice, mine) == []
    assert [related.theirs.text for related in related_sessions(db, bob, mine, limit=5)] == ["soup of Bob"]


@pytest.mark.parametrize("limit", [1, 20])
def test_a_session_is_not_like_itself(db: Database, owner: psycopg.Connection, limit: int) -> None:
    user_id = add_user(owner)
    mine = noted(db, owner, user_id, *[(f"soup {number}", _SOUP) for number in range(30)])
    other = noted(db, owner, user_id, ("other soup", _SOUP))
    assert found(db, user_id, mine, limit=limit) == [other]


def test_a_deleted_session_is_like_nothing_and_is_not_there(db: Database, owner: psycopg.Connection) -> None:
    user_id = add_user(owner)
    mine, gone = (noted(db, owner, user_id, (text, _SOUP)) for text in ("soup", "more soup"))
    assert found(db, user_id, mine) == [gone]
    delete_session(db, MemoryQueue(), user_id, gone)
    assert found(db, user_id, mine) == []
    for unknown in (gone, SessionId(UUID(int=7))):
        with pytest.raises(NotFound):
            related_sessions(db, user_id, unknown, limit=5)


def test_another_users_session_is_answered_like_one_that_never_was(db: Database, owner: psycopg.Connection) -> None:
    alice, bob = add_user(owner), add_user(owner)
    of_bob = noted(db, owner, bob, ("soup", _SOUP))
    with pytest.raises(NotFound):
        related_sessions(db, alice, of_bob, limit=5)


def test_a_session_without_chunks_is_like_nothing(db: Database, owner: psycopg.Connection) -> None:
    user_id = add_user(owner)
    waiting, _ = add_block(owner, user_id)
    assert found(db, user_id, waiting) == []  # the user has nothing at all yet
    noted(db, owner, user_id, ("soup", _SOUP))
    assert found(db, user_id, waiting) == []


def test_only_vectors_of_the_users_own_model_are_compared(db: Database, owner: psycopg.Connection) -> None:
    user_id = add_user(owner)
    mine = noted(db, owner, user_id, ("soup", _SOUP))
    session_id, block_id = add_block(owner, user_id)
    keep(db, user_id, (session_id, block_id), ["soup of the next model"], [_SOUP], model="next")
    assert found(db, user_id, mine) == []
    keep(db, user_id, (session_id, block_id), ["soup"], [_SOUP])
    assert found(db, user_id, mine) == [session_id]


def test_what_is_not_near_enough_is_not_shown(db: Database, owner: psycopg.Connection) -> None:
    user_id = add_user(owner)
    mine = noted(db, owner, user_id, ("soup", _SOUP))
    other = noted(db, owner, user_id, ("near", unit(0.5, 1)))
    noted(db, owner, user_id, ("far", unit(1, 0.4)))
    assert found(db, user_id, mine) == [other]


def test_what_all_notes_of_a_user_have_in_common_makes_none_alike(db: Database, owner: psycopg.Connection) -> None:
    """A hundred notes near to one another, as those in a language the model has not learned well; two are nearer."""
    user_id = add_user(owner)
    session_id, first = add_block(owner, user_id)
    axes = [np.eye(1, 200, number)[0] for number in range(100)]
    in_common = np.eye(1, 200, 150)[0] * 1.5
    keep(db, user_id, (session_id, first), ["mine"], [unit(*(in_common + axes[0]))])
    for axis in axes[1:]:
        noted(db, owner, user_id, ("another", unit(*(in_common + axis))))
    like = noted(db, owner, user_id, ("like mine", unit(*(in_common + axes[0] + 0.5 * axes[1]))))
    (related,) = related_sessions(db, user_id, session_id, limit=20)
    assert related.session_id == like


def test_the_fewer_notes_there_are_the_more_alike_they_must_be() -> None:
    cuts = [cut_of(chunk_count) for chunk_count in (1, 5, 20, 100, 1_000, 100_000)]
    assert cuts == sorted(cuts, reverse=True)
    assert (cut_of(0), cut_of(10**9)) == (pytest.approx(0.55), pytest.approx(0.25))
    for cut in cuts:
        similarities = [similarity_at(cosine / 10, cut=cut) for cosine in range(-10, 11)]
        assert similarities == sorted(similarities)
        assert (similarities[0], similarities[-1]) == (0, 1)
        assert similarity_at(cut, cut=cut) == pytest.approx(RELATED)


def test_of_a_long_session_passages_from_everywhere_ask(db: Database, owner: psycopg.Connection) -> None:
    """A hundred chunks, of which twenty ask: the first, and one of each five."""
    user_id = add_user(owner)
    session_id, block_id = add_block(owner, user_id)
    axes = [unit(*([0.0] * number), 1.0) for number in range(100)]
    keep(db, user_id, (session_id, block_id), [f"chunk {number}" for number in range(100)], axes)
    others = [noted(db, owner, user_id, (f"like chunk {number}", axes[number])) for number in range(100)]
    asked = {related.mine.text for related in related_sessions(db, user_id, session_id, limit=50)}
    assert asked == {f"chunk {number}" for number in range(0, 100, 100 // MOST_PASSAGES)}
    assert set(found(db, user_id, session_id, limit=50)) == set(others[:: 100 // MOST_PASSAGES])


def test_the_nearest_session_found_by_bits_is_the_nearest_of_all(db: Database, owner: psycopg.Connection) -> None:
    """Against every pair compared in full, of a user with more vectors than are compared."""
    user_id = add_user(owner)
    vectors = World.of(seed=5).passages(2_000)
    load(owner, user_id, vectors, per_block=4)
    rows = owner.execute("SELECT text::integer, session_id FROM chunks ORDER BY 1").fetchall()
    sessions = [session_id for _, session_id in rows]
    without_common = vectors - vectors.sum(axis=0) / (len(vectors) + PRIOR_NOTES)
    without_common /= np.linalg.norm(without_common, axis=1, keepdims=True)
    cosines = without_common @ without_common.T
    for mine in sessions[::100]:
        own = np.array([session_id == mine for session_id in sessions])
        nearest = np.where(own, -1, cosines[own].max(axis=0))
        (shown,) = related_sessions(db, user_id, mine, limit=1)
        best_of_shown = max(nearest[row] for row, session in enumerate(sessions) if session == shown.session_id)
        # What is common is known from a quarter of the notes: two that are all but equally near may change places.
        assert best_of_shown > nearest.max() - 0.05

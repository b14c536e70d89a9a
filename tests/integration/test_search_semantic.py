"""A question finds the caller's own notes, and the second it was said."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import psycopg
import pytest

from shared.ai.capabilities import Embedded, Segment, Usage, Vector
from shared.ai.embedders import Embedders
from shared.db.connection import Database
from shared.errors import Busy, ProviderPaused, VendorDown
from shared.ids import UserId, new_id
from shared.search.drafting import draft_chunks, texts_to_embed, with_vectors
from shared.search.intern_model import intern_model
from shared.search.model import Hit
from shared.search.replace_chunks import replace_chunks
from shared.search.semantic_search import semantic_search
from tests.fixtures.captured import count_of
from tests.fixtures.embedders import Down, KnownMeanings
from tests.fixtures.searchable import MODEL, PROVIDER, add_block, add_user, keep, unit

_DENTIST, _SOUP, _TRAIN = unit(1, 0, 0), unit(0, 1, 0), unit(0, 0, 1)


def _ask(db: Database, user_id: UserId, meaning: Vector, *, threshold: float = 0.5, model: str = MODEL) -> list[Hit]:
    embedder = KnownMeanings({"?": meaning})
    embedder.model = model
    return semantic_search(db, Embedders(embedder), user_id, query="?", limit=10, threshold=threshold)


def test_a_note_is_found_by_its_meaning(db: Database, owner: psycopg.Connection) -> None:
    user_id = add_user(owner)
    session_id, block_id = add_block(owner, user_id)
    keep(db, user_id, (session_id, block_id), ["dentist on Tuesday", "tomato soup"], [_DENTIST, _SOUP])
    (hit,) = _ask(db, user_id, unit(0.1, 1, 0))
    assert (hit.session_id, hit.block_id, hit.text, hit.provider) == (session_id, block_id, "tomato soup", PROVIDER)
    assert hit.similarity == pytest.approx(0.995, abs=1e-3)
    assert (hit.start_ms, hit.end_ms, hit.media_id) == (None, None, None)


def test_the_hit_names_the_recording_and_the_moment(db: Database, owner: psycopg.Connection) -> None:
    user_id = add_user(owner)
    session_id, block_id = add_block(owner, user_id)
    media_id = new_id()
    owner.execute(
        "INSERT INTO media_files (user_id, id, session_id, type, object_key, content_type, size_bytes)"
        " VALUES (%s, %s, %s, 'audio', 'k', 'audio/ogg', 1)",
        [user_id, media_id, session_id],
    )
    owner.execute("UPDATE session_blocks SET media_id = %s WHERE id = %s", [media_id, block_id])
    said = [
        "The dentist wants to see me again on Tuesday.",
        "For dinner I will cook a tomato soup with garlic.",
        "In summer we take the train into the mountains.",
    ]
    meanings = dict(zip(said, (_DENTIST, _SOUP, _TRAIN), strict=True))
    segments = [Segment(start_ms=at * 5_000, end_ms=at * 5_000 + 4_900, text=text) for at, text in enumerate(said)]
    drafts = draft_chunks(" ".join(said), segments)
    embedded = KnownMeanings(meanings, fallback=unit(1, 1, 1)).embed(texts_to_embed(drafts))
    with db.transaction(user_id) as tx:
        model_id = intern_model(tx, provider=PROVIDER, model=MODEL)
        chunks = with_vectors(drafts, embedded.vectors)
        replace_chunks(
            tx, user_id, session_id=session_id, block_id=block_id, model_id=model_id, language="en", chunks=chunks
        )

    (hit,) = _ask(db, user_id, unit(0, 0.9, 0.2))
    assert (hit.start_ms, hit.end_ms, hit.media_id) == (5_000, 9_900, media_id)
    assert hit.text == " ".join(said)
    assert hit.similarity > 0.9
    # What the note says as a whole is found as well, and still points at one of its moments.
    (hit,) = _ask(db, user_id, unit(1, 1, 1.01))
    assert (hit.start_ms, hit.end_ms) == (10_000, 14_900)


def test_the_same_ids_of_two_users_never_mix(db: Database, owner: psycopg.Connection) -> None:
    alice, bob = add_user(owner), add_user(owner)
    session_id, block_id = new_id(), new_id()
    for user_id, text in ((alice, "of Alice"), (bob, "of Bob")):
        block = add_block(owner, user_id, session_id=session_id, block_id=block_id)
        keep(db, user_id, block, [text], [_SOUP])
    assert [hit.text for hit in _ask(db, alice, _SOUP)] == ["of Alice"]
    assert [hit.text for hit in _ask(db, bob, _SOUP)] == ["of Bob"]


def test_a_user_without_notes_finds_nothing(db: Database, owner: psycopg.Connection) -> None:
    alice, bob = add_user(owner), add_user(owner)
    keep(db, bob, add_block(owner, bob), ["of Bob"], [_SOUP])
    assert _ask(db, alice, _SOUP, threshold=0) == []


def test_vectors_of_another_model_are_never_compared(db: Database, owner: psycopg.Connection) -> None:
    user_id = add_user(owner)
    keep(db, user_id, add_block(owner, user_id), ["old"], [_SOUP], model="old")
    keep(db, user_id, add_block(owner, user_id), ["new"], [_SOUP], model="new")
    assert [hit.text for hit in _ask(db, user_id, _SOUP, model="old")] == ["old"]
    # Models that are not, or not yet, the one they are searched by.
    for model in ("new", "never seen"):
        with pytest.raises(ProviderPaused) as unserved:
            _ask(db, user_id, _SOUP, threshold=0, model=model)
        assert unserved.value.exact_code == "space_unserved"


def test_the_same_model_of_another_host_finds_what_the_first_one_embedded(
    db: Database, owner: psycopg.Connection
) -> None:
    user_id = add_user(owner)
    keep(db, user_id, add_block(owner, user_id), ["tomato soup"], [_SOUP], model="minilm")
    assert [hit.text for hit in _ask(db, user_id, _SOUP, model="sentence-transformers/minilm")] == ["tomato soup"]


def test_each_user_is_searched_by_their_own_model(db: Database, owner: psycopg.Connection) -> None:
    """The two models disagree about what a question means."""
    old, new = KnownMeanings({"?": _SOUP}), KnownMeanings({"?": _TRAIN})
    old.model, new.model = "old", "new"
    embedders = Embedders(new, old)
    for model, found in (("old", "tomato soup"), ("new", "train")):
        user_id = add_user(owner)
        keep(db, user_id, add_block(owner, user_id), ["tomato soup", "train"], [_SOUP, _TRAIN], model=model)
        hits = semantic_search(db, embedders, user_id, query="?", limit=10, threshold=0.5)
        assert [hit.text for hit in hits] == [found]


def test_an_edited_note_is_found_by_its_new_meaning_only(db: Database, owner: psycopg.Connection) -> None:
    user_id = add_user(owner)
    block = add_block(owner, user_id)
    keep(db, user_id, block, ["dentist"], [_DENTIST])
    keep(db, user_id, block, ["soup"], [_SOUP])
    assert _ask(db, user_id, _DENTIST) == []
    assert [hit.text for hit in _ask(db, user_id, _SOUP)] == ["soup"]


def test_what_points_away_counts_as_nothing_alike(db: Database, owner: psycopg.Connection) -> None:
    user_id = add_user(owner)
    keep(db, user_id, add_block(owner, user_id), ["the opposite"], [unit(-1)])
    assert [hit.similarity for hit in _ask(db, user_id, unit(1), threshold=0)] == [0]


@pytest.mark.parametrize(("asked", "told"), [(None, 5), (60, 60)])
def test_a_provider_that_is_down_says_when_to_come_back(
    db: Database, owner: psycopg.Connection, asked: int | None, told: int
) -> None:
    user_id = add_user(owner)
    keep(db, user_id, add_block(owner, user_id), ["tomato soup"], [_SOUP])
    embedder = Down(VendorDown("no", code="provider_invalid", retry_after_seconds=asked))
    with pytest.raises(VendorDown) as failure:
        semantic_search(db, Embedders(embedder), user_id, query="?", limit=10, threshold=0)
    assert failure.value.retry_after_seconds == told
    assert failure.value.exact_code == "provider_unavailable"


_ASKED = Usage(
    provider="openai",
    model="text-embedding-3-small",
    operation="embed",
    tokens=7,
    input_tokens=7,
    at=datetime(2026, 11, 16, 12, 0, tzinfo=UTC),
)


class Paid(KnownMeanings):
    """An embedder that reports what a question cost."""

    def embed(self, texts: Sequence[str]) -> Embedded:
        return replace(super().embed(texts), usage=_ASKED)


def test_what_a_question_cost_is_kept(db: Database, owner: psycopg.Connection) -> None:
    user_id = add_user(owner)
    keep(db, user_id, add_block(owner, user_id), ["tomato soup"], [_SOUP])
    semantic_search(db, Embedders(Paid({})), user_id, query="?", limit=10, threshold=0)
    kept = owner.execute(
        "SELECT session_id, step_id, provider, model, operation_type, tokens_used, input_tokens, output_tokens,"
        " cost_cents, created_at FROM ai_usage WHERE user_id = %s",
        [user_id],
    ).fetchall()
    assert kept == [
        (None, None, "openai", "text-embedding-3-small", "embed_query", 7, 7, 0, Decimal("0.000014"), _ASKED.at)
    ]


def test_a_question_that_found_nothing_was_paid_for_as_well(db: Database, owner: psycopg.Connection) -> None:
    user_id = add_user(owner)
    keep(db, user_id, add_block(owner, user_id), ["dentist"], [_DENTIST])
    assert _ask(db, user_id, _SOUP) == []
    assert count_of(owner, "ai_usage", user_id) == 1


def test_a_question_of_somebody_without_notes_costs_nothing(db: Database, owner: psycopg.Connection) -> None:
    user_id = add_user(owner)
    assert _ask(db, user_id, _SOUP) == []
    assert count_of(owner, "ai_usage", user_id) == 0


def test_a_question_is_answered_when_its_cost_cannot_be_kept(db: Database, owner: psycopg.Connection) -> None:
    user_id = add_user(owner)
    keep(db, user_id, add_block(owner, user_id), ["tomato soup"], [_SOUP])
    with owner.transaction():
        owner.execute("LOCK TABLE ai_usage IN ACCESS EXCLUSIVE MODE")  # the app role waits 2 s for it, and no longer
        assert [hit.text for hit in _ask(db, user_id, _SOUP)] == ["tomato soup"]
    assert count_of(owner, "ai_usage", user_id) == 0
    assert [hit.text for hit in _ask(db, user_id, _SOUP)] == ["tomato soup"]
    assert count_of(owner, "ai_usage", user_id) == 1


def test_a_question_is_answered_while_its_table_is_another_version(db: Database, owner: psycopg.Connection) -> None:
    user_id = add_user(owner)
    keep(db, user_id, add_block(owner, user_id), ["tomato soup"], [_SOUP])
    owner.execute("ALTER TABLE ai_usage RENAME COLUMN cost_cents TO cost_in_cents")
    assert [hit.text for hit in _ask(db, user_id, _SOUP)] == ["tomato soup"]


def test_a_question_of_somebody_who_is_gone_by_then_is_answered(db: Database) -> None:
    assert _ask(db, UserId(UUID(int=1)), _SOUP) == []
    assert _ask(db, UserId(UUID(int=1)), _SOUP) == []


def test_a_search_the_database_cannot_answer_is_none(db: Database, owner: psycopg.Connection) -> None:
    user_id = add_user(owner)
    keep(db, user_id, add_block(owner, user_id), ["tomato soup"], [_SOUP])
    with owner.transaction():
        owner.execute("LOCK TABLE chunk_vectors IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(Busy):
            _ask(db, user_id, _SOUP)
    assert count_of(owner, "ai_usage", user_id) == 0

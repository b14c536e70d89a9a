"""Users are moved to a better embedding model: nothing is lost, nothing mixed, no more spent than was allowed."""

from collections.abc import Sequence

import psycopg
import pytest

from shared.ai.capabilities import Embedded
from shared.ai.embedders import Embedders
from shared.db.connection import Database
from shared.errors import ProviderPaused, VendorDown, VendorRefused
from shared.reembedding import read_portion
from shared.sessions.delete_session import delete_session
from tests.fixtures.captured import Backend, count_of
from tests.fixtures.moving import NEW, OLD, Moving, SpaceOfItsOwn

NOTES = ("Oat milk.", "The boiler is loud.", "Ana's birthday is in May.", "Call the dentist.", "Two tickets to Porto.")
TOKENS_OF_A_NOTE = 10


@pytest.fixture
def moving(backend: Backend, system_db: Database, owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> Moving:
    """Two texts make a call."""
    monkeypatch.setattr(read_portion, "BATCH_TEXTS", 2)
    return Moving(backend=backend, system_db=system_db, owner=owner)


def test_everything_of_a_user_is_embedded_anew_and_what_was_left_of_the_old_model_goes(moving: Moving) -> None:
    user_id = moving.user(*NOTES)
    assert moving.run() == 1
    assert moving.model(user_id) == NEW
    assert moving.texts(user_id) == {OLD: sorted(NOTES), NEW: sorted(NOTES)}
    assert moving.is_consistent(user_id)
    assert moving.clear() == 1
    assert moving.texts(user_id) == {NEW: sorted(NOTES)}
    assert moving.is_consistent(user_id)
    assert [moving.finds(user_id, text) for text in NOTES] == [[text] for text in NOTES]
    assert (count_of(moving.owner, "vector_counts", user_id), count_of(moving.owner, "reembeddings", user_id)) == (1, 0)
    assert sorted(moving.new.texts) == sorted(NOTES)
    assert (moving.run(), moving.clear()) == (0, 0)


def test_at_every_moment_every_note_is_found_once(moving: Moving) -> None:
    user_id = moving.user(*NOTES)
    seen: list[str] = []

    def look() -> None:
        seen.append(moving.model(user_id))
        assert [moving.finds(user_id, text) for text in NOTES] == [[text] for text in NOTES]

    moving.new.meanwhile = look
    moving.run()
    look()
    moving.clear()
    look()
    assert seen == [OLD, OLD, OLD, NEW, NEW]


def test_a_search_that_began_before_the_move_finds_everything_after_it(moving: Moving) -> None:
    """The move comes while its question is being embedded; what it looks at is not cleared away yet."""
    user_id = moving.user(*NOTES)
    moving.asking_old.meanwhile = moving.run
    assert moving.finds(user_id, NOTES[0]) == [NOTES[0]]
    assert moving.model(user_id) == NEW


def test_users_are_moved_one_after_the_other_those_first_whose_model_nobody_serves(moving: Moving) -> None:
    old, orphaned = moving.user("Of the old model."), moving.user("Of a forgotten one.", model="forgotten")
    on_new = moving.user("Of the new model.", model=NEW)
    assert moving.run() == 2
    assert moving.new.texts == ["Of a forgotten one.", "Of the old model."]
    assert {moving.model(user_id) for user_id in (old, orphaned, on_new)} == {NEW}


def test_the_same_model_of_another_host_is_no_other_model(moving: Moving) -> None:
    user_id = moving.user("Oat milk.")
    assert moving.run(Embedders(SpaceOfItsOwn(f"a-maker/{OLD}"))) == 0
    assert moving.model(user_id) == OLD


def test_a_run_ends_when_its_time_is_up_and_the_next_one_goes_on(moving: Moving) -> None:
    user_id = moving.user(*NOTES)
    runs = [moving.run(looks=4) for _ in range(4)]
    assert runs.count(1) == 1
    assert moving.model(user_id) == NEW
    assert sorted(moving.new.texts) == sorted(NOTES)  # each was sent once


def test_a_day_takes_no_more_tokens_than_it_has(moving: Moving) -> None:
    user_id = moving.user(*NOTES)
    budget = 2 * TOKENS_OF_A_NOTE + 5
    spent: list[int] = []
    for _ in range(5):
        moving.run(tokens_a_day=budget)
        moving.run(tokens_a_day=budget)  # the same day, once more
        spent.append(moving.tokens_today())
        moving.next_day()
    assert spent == [20, 20, 10, 0, 0]
    assert moving.model(user_id) == NEW


def test_a_budget_of_nothing_moves_nobody_and_a_tiny_one_moves_a_call_a_day(moving: Moving) -> None:
    user_id = moving.user(*NOTES[:3])
    assert moving.run(tokens_a_day=0) == 0
    assert moving.new.calls == 0
    moving.run(tokens_a_day=1)
    moving.run(tokens_a_day=1)
    assert moving.new.calls == 1
    moving.next_day()
    moving.run(tokens_a_day=1)
    assert moving.model(user_id) == NEW


def test_what_it_cost_is_kept_with_the_user(moving: Moving) -> None:
    user_id = moving.user(*NOTES)
    moving.run()
    rows = moving.owner.execute(
        "SELECT model, tokens_used, session_id FROM ai_usage WHERE user_id = %s AND operation_type = 'reembed'",
        [user_id],
    ).fetchall()
    assert rows == [(NEW, 20, None), (NEW, 20, None), (NEW, 10, None)]
    assert moving.tokens_today() == 50


@pytest.mark.parametrize(
    "failure",
    [VendorDown("busy", retry_after_seconds=60, failure="throttled"), ProviderPaused("away", retry_after_seconds=60)],
    ids=["throttled", "paused"],
)
def test_a_provider_that_fails_ends_the_run_and_costs_nothing(moving: Moving, failure: VendorDown) -> None:
    moving.user(*NOTES)
    other = moving.user("Of another user.")
    moving.new.failure = failure
    assert moving.run() == 0
    assert (moving.new.calls, moving.tokens_today()) == (1, 0)
    moving.new.failure = None
    assert moving.run() == 2
    assert moving.model(other) == NEW


class Choosy(SpaceOfItsOwn):
    """Refuses one text, and whatever comes with it."""

    refuses = NOTES[2]

    def embed(self, texts: Sequence[str]) -> Embedded:
        if self.refuses in texts:
            self.calls += 1
            raise VendorRefused("I will not read this.")
        return super().embed(texts)


def test_a_note_that_the_new_model_refuses_is_not_lost_and_holds_nobody_else_up(
    backend: Backend, system_db: Database, owner: psycopg.Connection
) -> None:
    choosy = Choosy(NEW)
    moving = Moving(backend=backend, system_db=system_db, owner=owner, new=choosy)
    refused, other = moving.user(*NOTES), moving.user("Of another user.")
    assert moving.run() == 1
    assert (moving.model(refused), moving.model(other)) == (OLD, NEW)
    assert [moving.finds(refused, text) for text in NOTES] == [[text] for text in NOTES]
    held_up = "SELECT reason, due_at > now() + interval '23 hours' FROM reembeddings WHERE user_id = %s"
    assert owner.execute(held_up, [refused]).fetchone() == ("provider_refused", True)
    calls = choosy.calls
    assert (moving.run(), choosy.calls) == (0, calls)
    choosy.refuses = ""
    owner.execute("UPDATE reembeddings SET due_at = now() WHERE moved_at IS NULL")
    assert moving.run() == 1
    assert moving.model(refused) == NEW


def test_a_note_of_somebody_under_way_is_embedded_by_both_models_and_never_missing(moving: Moving) -> None:
    user_id = moving.user(*NOTES[:3])
    moving.run(looks=4)
    assert moving.model(user_id) == OLD
    moving.note(user_id, "A new one.")
    assert moving.finds(user_id, "A new one.") == ["A new one."]
    moving.run()
    assert moving.model(user_id) == NEW
    assert moving.finds(user_id, "A new one.") == ["A new one."]


@pytest.mark.parametrize("embeds_first", [True, False])
def test_a_text_that_is_edited_while_its_user_is_moved_is_found_as_it_is_now(
    moving: Moving, *, embeds_first: bool
) -> None:
    """The edit comes while the old text is embedded by the new model; its own step before or after the move."""
    user_id = moving.user("First thoughts.")
    (session_id,) = moving.sessions(user_id)

    def edit_once() -> None:
        moving.new.meanwhile = lambda: None
        moving.edit(user_id, session_id, "Second thoughts.", embeds=embeds_first)

    moving.new.meanwhile = edit_once
    moving.run()
    moving.pipeline().work_off()
    moving.run()
    moving.clear()
    assert moving.model(user_id) == NEW
    assert moving.texts(user_id) == {NEW: ["Second thoughts."]}
    assert moving.finds(user_id, "First thoughts.") == []


def test_an_edit_behind_the_job_is_embedded_again_before_the_move(moving: Moving) -> None:
    user_id = moving.user(*NOTES[:4])
    sessions = moving.sessions(user_id)
    moving.run(looks=4)
    assert moving.model(user_id) == OLD
    moving.edit(user_id, sessions[0], "Edited behind it.")
    moving.run()
    assert moving.model(user_id) == NEW
    assert moving.finds(user_id, "Edited behind it.") == ["Edited behind it."]
    assert moving.texts(user_id)[NEW] == sorted(["Edited behind it.", *NOTES[1:4]])


def test_a_text_made_blank_waits_for_its_own_step(moving: Moving) -> None:
    user_id = moving.user(*NOTES[:2])
    session_id = moving.sessions(user_id)[0]
    moving.edit(user_id, session_id, " ", embeds=False)
    assert moving.run() == 0
    moving.pipeline().work_off()
    assert moving.run() == 1
    assert moving.texts(user_id)[NEW] == [NOTES[1]]


def test_what_is_deleted_meanwhile_stays_deleted(moving: Moving) -> None:
    user_id = moving.user(*NOTES)
    sessions = moving.sessions(user_id)

    def delete_once() -> None:
        moving.new.meanwhile = lambda: None
        for session_id in (sessions[0], sessions[4]):
            delete_session(moving.backend.db, moving.backend.queue, user_id, session_id)

    moving.new.meanwhile = delete_once
    assert moving.run() == 1
    assert moving.texts(user_id)[NEW] == sorted(NOTES[1:4])
    assert moving.is_consistent(user_id)


def test_a_user_who_is_deleted_meanwhile_leaves_nothing(moving: Moving) -> None:
    user_id = moving.user(*NOTES)
    moving.run(looks=4)
    moving.owner.execute("DELETE FROM users WHERE id = %s", [user_id])
    assert moving.run() == 0
    assert count_of(moving.owner, "reembeddings", user_id) == 0


def test_settings_swapped_back_move_everybody_back_and_buy_nothing_that_is_there(moving: Moving) -> None:
    moved, half = moving.user(*NOTES[:2]), moving.user(*NOTES[2:])
    moving.run(looks=8)
    assert (moving.model(moved), moving.model(half)) == (NEW, OLD)
    assert NEW in moving.texts(half)
    moving.note(moved, "Noted meanwhile.")
    assert moving.run(moving.back) == 2
    assert moving.old.texts == ["Noted meanwhile."]
    moving.clear()
    assert moving.texts(moved) == {OLD: sorted([*NOTES[:2], "Noted meanwhile."])}
    assert moving.texts(half) == {OLD: sorted(NOTES[2:])}
    assert count_of(moving.owner, "reembeddings", moved) == 0
    assert moving.is_consistent(moved)
    assert moving.is_consistent(half)


def test_words_of_the_new_model_are_keyed_when_the_users_are(moving: Moving) -> None:
    user_id = moving.user(*NOTES)
    moving.run(looks=4)
    moving.owner.execute("UPDATE search_spaces SET is_keyed = true WHERE user_id = %s", [user_id])
    moving.owner.execute(
        "UPDATE chunk_words SET is_keyed = true FROM search_spaces s JOIN embedding_models m"
        " ON m.id = s.model_id WHERE m.model = %s AND chunk_words.model_id = m.id",
        [OLD],
    )
    assert moving.run() == 1
    assert moving.is_consistent(user_id)

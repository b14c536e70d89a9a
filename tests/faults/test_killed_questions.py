"""A question to the notes is killed anywhere: no half turn is kept, and no token is used that is not counted."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import LiteralString
from uuid import uuid4

import psycopg
import pytest

from dev.postgres import Postgres
from shared.ids import UserId
from tests.fixtures.fault_table import FaultRow, Record
from tests.fixtures.fingerprint import fingerprint
from tests.fixtures.kill_points import Life
from tests.fixtures.mortal_functions import MOST_POINTS, Case, World, mortal_functions

DAILY_TOKENS = 200_000  # of the local stack
USED_TOKENS = 10  # as the provider says
ASKED_THE_MODEL = 2
"""The provider's second call: its first embeds the question."""

_COUNTED: dict[str, LiteralString] = {
    "conversations": "SELECT count(*) FROM conversations WHERE user_id = %s",
    "turns": "SELECT count(*) FROM conversation_turns WHERE user_id = %s AND answer IS NOT NULL",
    "turns_of_blocks": "SELECT count(DISTINCT turn_id) FROM turn_blocks WHERE user_id = %s",
    "paid": "SELECT count(*) FROM ai_usage WHERE user_id = %s AND operation_type = 'ask'",
    "tokens": "SELECT coalesce(sum(tokens), 0)::integer FROM token_budgets WHERE user_id = %s",
}


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What is kept of a user's questions; `tokens` are those counted as used today."""

    conversations: int
    turns: int
    turns_of_blocks: int
    paid: int
    tokens: int

    @classmethod
    def of(cls, owner: psycopg.Connection, user_id: UserId) -> "Kept":
        rows = {name: owner.execute(statement, [user_id]).fetchone() for name, statement in _COUNTED.items()}
        return cls(**{name: row[0] for name, row in rows.items() if row is not None})


NOTHING = Kept(conversations=0, turns=0, turns_of_blocks=0, paid=0, tokens=0)
WHOLE = Kept(conversations=1, turns=1, turns_of_blocks=1, paid=1, tokens=USED_TOKENS)


@dataclass(frozen=True, kw_only=True)
class Questioner:
    """Somebody whose one note answers their one question."""

    world: World
    name: str
    user_id: UserId

    @classmethod
    def of(cls, world: World) -> "Questioner":
        name, user_id = world.user()
        session_id = world.deployed.backend.session(user_id)
        world.deployed.backend.marker(user_id, session_id)
        world.deployed.finalize(user_id, session_id)
        world.deployed.work()
        return cls(world=world, name=name, user_id=user_id)

    def question(self) -> Case:
        body = {"question": "What did I want to remember?", "conversation_id": str(uuid4())}
        return self.world.request(self.name, self.user_id, "POST", "/api/ask", json.dumps(body))

    def kept(self) -> Kept:
        return Kept.of(self.world.deployed.owner, self.user_id)

    def notes(self) -> dict[str, list[object]]:
        """All but what was paid for questions."""
        return {part: rows for part, rows in self.print().items() if part != "usage"}

    def print(self) -> dict[str, list[object]]:
        return fingerprint(self.world.deployed.owner, self.user_id)

    def forget(self) -> None:
        for table in ("conversations", "token_budgets"):
            self.world.deployed.owner.execute(f"DELETE FROM {table} WHERE user_id = %s", [self.user_id])  # type: ignore[arg-type] # noqa: S608 - tables of ours
        self.world.deployed.owner.execute(
            "DELETE FROM ai_usage WHERE user_id = %s AND operation_type = 'ask'", [self.user_id]
        )

    def end_the_day(self) -> None:
        self.world.deployed.owner.execute("UPDATE token_budgets SET day = day - 1 WHERE user_id = %s", [self.user_id])

    def ask_again(self, case: Case) -> None:
        """As a phone that heard no answer; the answer is right, and says what is left of what is counted."""
        before = self.kept()
        reply = self.world.deployed.function("ask")(case.event)
        assert reply["statusCode"] == 200, reply
        answer = json.loads(reply["body"])
        assert (answer["answered"], answer["answer"]) == (True, "You wanted to remember the milk.")
        assert answer["usage"]["tokens"] == USED_TOKENS
        after = self.kept()
        assert (after.conversations, after.turns, after.paid) == (1, before.turns + 1, before.paid + 1)
        assert after.turns_of_blocks == after.turns
        assert answer["usage"]["tokens_left"] == DAILY_TOKENS - after.tokens


@pytest.fixture
def world(postgres: Postgres, database_name: str, owner: psycopg.Connection) -> Iterator[World]:
    with mortal_functions(postgres, database_name, owner) as the_world:
        yield the_world


def calls(life: Life, when: str) -> int:
    """How many calls of the provider had begun ("before"), or were answered ("after")."""
    return sum(point.startswith(when) and point.endswith("a provider") for point in life.points)


@pytest.mark.timeout(0)
def test_a_question_that_dies_anywhere_is_kept_whole_or_not_at_all_and_its_tokens_are_counted(
    world: World, record_fault: Record
) -> None:
    ana = Questioner.of(world)
    notes = ana.notes()
    reserved: set[int] = set()
    states: set[str] = set()
    for kill_at in range(1, MOST_POINTS):
        case = ana.question()
        life = world.live(case, kill_at=kill_at)
        kept = ana.kept()
        died_at = f"{life.points[-1]} ({len(life.points)})"
        assert ana.notes() == notes, died_at
        if kept.turns:
            states.add("kept")
            assert kept == WHOLE, died_at
        else:
            assert (kept.conversations, kept.turns_of_blocks, kept.paid) == (0, 0, 0), died_at
            assert kept.tokens > USED_TOKENS or calls(life, "before") < ASKED_THE_MODEL, died_at
            reserved |= {kept.tokens} - {0}
            states.add("reserved" if kept.tokens else "nothing")
        assert kept.turns or life.was_killed, died_at
        ana.ask_again(case)
        assert ana.kept().tokens == kept.tokens + USED_TOKENS, died_at
        ana.end_the_day()
        tomorrow = ana.question()
        ana.world.ask_again(tomorrow)
        assert ana.kept().tokens == USED_TOKENS, died_at
        ana.forget()
        if not life.was_killed:
            break
    else:
        raise AssertionError("the question has no end")
    assert states == {"nothing", "reserved", "kept"}
    assert len(reserved) == 1, "one question reserves the same each time"
    around = calls(life, "before") + calls(life, "after")
    record_fault(
        FaultRow(
            place=1,
            fault="a question to the notes killed after every statement and around every call of a provider",
            size="each point once",
            counted=f"{kill_at - 1} deaths, {around} of them around calls outside",
            must_show="0 half turns, 0 tokens used and not counted, the next day's budget whole",
        )
    )

"""POST /api/search/semantic: what may be asked, how, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import psycopg
import pytest

from functions.api.search.routes import Routes
from shared.ai.capabilities import Embedder
from shared.ai.embedders import Embedders
from shared.db.connection import Database
from shared.errors import VendorDown
from shared.ids import UserId
from tests.fixtures.declared import declared_handler
from tests.fixtures.embedders import Down, KnownMeanings
from tests.fixtures.phone import Phone
from tests.fixtures.searchable import PROVIDER, add_block, keep, unit

_PATH = "/api/search/semantic"
_NUMBERS = count()
_MEANINGS = {"boiler": unit(1, 0), "garden": unit(0, 1), "heating": unit(0.9, 0.2)}


@dataclass(frozen=True, kw_only=True)
class Caller:
    """A phone of a user with two notes."""

    phone: Phone
    block: tuple[Any, Any] = field(repr=False)

    def texts(self, body: Any = None, **query: Any) -> list[str]:
        return [result["text"] for result in self.phone.ok("POST", _PATH, body, query=query)["results"]]


def _phone(db: Database, embedder: Embedder, *, uid: str | None = None) -> Phone:
    handlers = {"search": declared_handler(Routes(db=db, embedders=Embedders(embedder)).endpoints(), db)}
    return Phone(handlers=handlers, uid=uid or f"searcher-{next(_NUMBERS)}")


@pytest.fixture
def caller(api_db: Database, everything: psycopg.Connection) -> Caller:
    phone = _phone(api_db, KnownMeanings(_MEANINGS))
    phone.ok("POST", _PATH, {"query": "anything"})  # the first call creates the user
    row = everything.execute("SELECT id FROM users WHERE firebase_uid = %s", [phone.uid]).fetchone()
    assert row is not None
    user_id = UserId(row[0])
    block = add_block(everything, user_id)
    keep(api_db, user_id, block, ["The boiler.", "The garden."], [_MEANINGS["boiler"], _MEANINGS["garden"]])
    return Caller(phone=phone, block=block)


def test_the_answer_has_the_shape_the_app_reads(caller: Caller) -> None:
    answer = caller.phone.ok("POST", _PATH, {"query": " heating ", "threshold": 0.5})
    assert (answer["query"], answer["total_results"]) == ("heating", 1)
    (result,) = answer["results"]
    assert result.pop("created_at").endswith("Z")
    assert result.pop("similarity") == pytest.approx(0.976, abs=1e-3)
    assert result == {
        "session_id": str(caller.block[0]),
        "block_id": str(caller.block[1]),
        "text": "The boiler.",
        "provider": PROVIDER,
        "start_ms": None,
        "end_ms": None,
        "media_id": None,
    }


def test_a_query_string_asks_the_same_as_a_body(caller: Caller) -> None:
    assert caller.texts(query="garden", threshold="0.5") == ["The garden."]
    assert caller.texts({"query": "garden", "threshold": 0.5}) == ["The garden."]


def test_the_body_wins_where_both_name_it(caller: Caller) -> None:
    assert caller.texts({"query": "boiler"}, query="garden", threshold="0.5", limit="1") == ["The boiler."]
    assert caller.texts({"threshold": 0}, query="boiler", threshold="1", limit="50") == ["The boiler.", "The garden."]


def test_limit_and_threshold_are_obeyed(caller: Caller) -> None:
    assert caller.texts({"query": "boiler", "threshold": 0, "limit": 1}) == ["The boiler."]
    assert caller.texts({"query": "heating", "threshold": 1}) == []


def test_a_model_nobody_measured_has_the_contracts_threshold(caller: Caller) -> None:
    assert caller.texts({"query": "heating"}) == ["The boiler."]
    assert caller.texts({"query": "somewhere in between"}) == ["The boiler."]
    assert caller.texts({"query": "garden"}) == ["The garden."]


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"query": ""},
        {"query": " \t "},
        {"query": "x" * 1_001},
        {"query": 7},
        {"query": ["boiler"]},
        {"query": "boiler", "limit": 0},
        {"query": "boiler", "limit": 51},
        {"query": "boiler", "limit": "10"},
        {"query": "boiler", "threshold": -0.1},
        {"query": "boiler", "threshold": 1.1},
        {"query": "boiler", "user_id": "5f4d2b1e-0000-4000-8000-000000000000"},
    ],
)
def test_what_cannot_be_asked_is_refused(caller: Caller, asked: Mapping[str, Any]) -> None:
    assert caller.phone.refused("POST", _PATH, asked) == (422, "value_invalid")


@pytest.mark.parametrize(
    "query",
    [{"query": "\x00"}, {"query": "boiler", "limit": "ten"}, {"query": "boiler", "threshold": "nan"}, {"q": "boiler"}],
)
def test_a_query_string_is_read_as_strictly(caller: Caller, query: Mapping[str, str]) -> None:
    assert caller.phone.refused("POST", _PATH, query=query) == (422, "value_invalid")


@pytest.mark.parametrize("query", ["%s'); DROP TABLE users --", "ابحث", "👩‍👩‍👧‍👦", "x" * 1_000])
def test_any_text_may_be_asked(caller: Caller, query: str) -> None:
    assert caller.phone.ok("POST", _PATH, {"query": query, "threshold": 0})["query"] == query


def test_another_users_notes_are_not_found(caller: Caller, api_db: Database) -> None:
    stranger = _phone(api_db, KnownMeanings(_MEANINGS))
    assert caller.texts({"query": "boiler", "threshold": 0}) != []
    assert stranger.ok("POST", _PATH, {"query": "boiler", "threshold": 0})["results"] == []


def test_a_provider_that_is_down_is_told_with_when_to_come_back(caller: Caller, api_db: Database) -> None:
    phone = _phone(api_db, Down(VendorDown("no", code="provider_invalid")), uid=caller.phone.uid)
    answer = phone.call("POST", _PATH, {"query": "boiler"})
    assert (answer.status, answer.code) == (503, "provider_unavailable")
    assert answer.headers["retry-after"] == "5"

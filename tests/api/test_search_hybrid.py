"""POST /api/search: what may be asked, how, and what comes back."""

from collections.abc import Mapping
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

_PATH = "/api/search"
_NUMBERS = count()
_MEANINGS = {"boiler": unit(1, 0), "garden": unit(0, 1), "heating": unit(0.9, 0.2)}


def _phone(db: Database, embedder: Embedder, *, uid: str | None = None) -> Phone:
    handlers = {"search": declared_handler(Routes(db=db, embedders=Embedders(embedder)).endpoints(), db)}
    return Phone(handlers=handlers, uid=uid or f"hybrid-{next(_NUMBERS)}")


def _user_of(everything: psycopg.Connection, phone: Phone) -> UserId:
    row = everything.execute("SELECT id FROM users WHERE firebase_uid = %s", [phone.uid]).fetchone()
    assert row is not None
    return UserId(row[0])


@pytest.fixture
def caller(api_db: Database, everything: psycopg.Connection) -> Phone:
    """A phone of a user with two notes."""
    phone = _phone(api_db, KnownMeanings(_MEANINGS))
    phone.ok("POST", _PATH, {"query": "anything"})  # the first call creates the user
    user_id = _user_of(everything, phone)
    texts = ["The boiler.", "The garden is green."]
    keep(api_db, user_id, add_block(everything, user_id), texts, [_MEANINGS["boiler"], _MEANINGS["garden"]])
    return phone


def test_the_answer_has_the_shape_the_app_reads(caller: Phone) -> None:
    answer = caller.ok("POST", _PATH, {"query": " the boiler ", "threshold": 0.5})
    (result,) = answer.pop("results")
    assert answer == {
        "query": "the boiler",
        "total_results": 1,
        "next_cursor": None,
        "degraded": False,
        "period": None,
    }
    assert result.pop("created_at").endswith("Z")
    assert result.pop("captured_at").endswith("Z")
    assert len(result.pop("session_id")) == len(result.pop("block_id")) == 36
    assert result == {
        "text": "The boiler.",
        "score": 0.032787,
        "similarity": 1.0,
        "matched_by": ["meaning", "words"],
        "highlights": [{"start": 4, "end": 10}],
        "provider": PROVIDER,
        "start_ms": None,
        "end_ms": None,
        "media_id": None,
        "events": [],
    }


def test_what_only_its_words_found_has_no_similarity(caller: Phone) -> None:
    (result,) = caller.ok("POST", _PATH, {"query": "green", "threshold": 1, "limit": 1, "language": "pt-BR"})["results"]
    assert (result["text"], result["similarity"], result["matched_by"]) == ("The garden is green.", None, ["words"])


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"block_type": "marker", "session_type": "mixed", "from": "2020-01-01T00:00:00Z"}, 1),
        ({"from": None, "to": None}, 1),
        ({"block_type": "voice"}, 0),
        ({"to": "2020-01-01T00:00:00+01:00"}, 0),
        ({"session_id": "5f4d2b1e-0000-4000-8000-000000000000"}, 0),
    ],
    ids=str,
)
def test_filters_confine_it(caller: Phone, filters: Mapping[str, Any], found: int) -> None:
    assert caller.ok("POST", _PATH, {"query": "boiler", "filters": filters})["total_results"] == found


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"query": ""},
        {"query": " \t "},
        {"query": "x" * 1_001},
        {"query": "x" * 10_240},
        {"query": "a\x00b"},
        {"query": 7},
        {"query": "boiler", "limit": 0},
        {"query": "boiler", "limit": 51},
        {"query": "boiler", "threshold": 1.1},
        {"query": "boiler", "threshold": -0.1},
        {"query": "boiler", "filters": {"user_id": "5f4d2b1e-0000-4000-8000-000000000000"}},
        {"query": "boiler", "filters": {"from": "yesterday"}},
        {"query": "boiler", "filters": {"from": "2026-03-01T00:00:00"}},
        {"query": "boiler", "filters": {"from": "1"}},
        {"query": "boiler", "filters": {"to": "1700000000"}},
        {"query": "boiler", "filters": {"to": 1_700_000_000}},
        {"query": "boiler", "filters": {"captured_from": "2026-03-01T00:00:00Z"}},
        {"query": "boiler", "filters": {"block_type": "video"}},
        {"query": "boiler", "filters": {"session_id": "mine"}},
        {"query": "boiler", "filters": None},
        {"query": "boiler", "language": "not a tag"},
        {"query": "boiler", "time_zone": ""},
        {"query": "boiler", "time_zone": "../UTC"},
        {"query": "boiler", "time_zone": "Mars/Olympus"},
        {"query": "boiler", "user_id": "5f4d2b1e-0000-4000-8000-000000000000"},
    ],
    ids=lambda asked: ascii(asked)[:40],
)
def test_what_cannot_be_asked_is_refused(caller: Phone, asked: Mapping[str, Any]) -> None:
    assert caller.refused("POST", _PATH, asked) == (422, "value_invalid")


def test_the_answer_to_an_unknown_time_zone_names_the_field_and_says_what_to_give(caller: Phone) -> None:
    problem = caller.call("POST", _PATH, {"query": "yesterday", "time_zone": "Europe/Lisboa"}).json()
    (entry,) = problem["errors"]
    assert (entry["pointer"], entry["code"]) == ("/time_zone", "time_zone_unknown")
    assert "IANA" in entry["detail"]


def test_the_answer_to_a_time_that_is_none_names_the_filter_and_says_what_to_give(caller: Phone) -> None:
    problem = caller.call("POST", _PATH, {"query": "boiler", "filters": {"from": "1"}}).json()
    (entry,) = problem["errors"]
    assert (entry["pointer"], entry["code"]) == ("/filters/from", "time_invalid")
    assert "RFC 3339" in entry["detail"]


@pytest.mark.parametrize("zone", ["Europe/Lisbon", "Asia/Calcutta", "UTC", None])
def test_any_time_zone_there_is_can_be_named(caller: Phone, zone: str | None) -> None:
    assert caller.ok("POST", _PATH, {"query": "boiler", "time_zone": zone})["total_results"] == 1


def test_it_is_asked_by_its_body_only(caller: Phone) -> None:
    assert caller.refused("POST", _PATH, {}, query={"query": "boiler"}) == (422, "value_invalid")


def test_pages_follow_one_another_to_the_end(api_db: Database, everything: psycopg.Connection, caller: Phone) -> None:
    user_id = _user_of(everything, caller)
    texts = [f"bicycle {number}" for number in range(23)]
    keep(api_db, user_id, add_block(everything, user_id), texts, [unit(0, 0, 1)] * 23)
    question: dict[str, Any] = {"query": "bicycle", "limit": 10}
    found: list[str] = []
    sizes: list[int] = []
    cursor = None
    for _ in range(5):
        page = caller.ok("POST", _PATH, {**question, "cursor": cursor})
        assert page["total_results"] == 24
        found += [result["text"] for result in page["results"]]
        sizes.append(len(page["results"]))
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sizes == [10, 10, 4]
    assert sorted(found) == sorted(["The boiler.", *texts])  # what the embedder takes any question for


@pytest.mark.parametrize(
    "changed",
    [
        {"query": "garden"},
        {"limit": 2},
        {"threshold": 0.1},
        {"filters": {"block_type": "marker"}},
        {"cursor": "bm90IG91cnM="},
        {"cursor": "%%%"},
        {"cursor": "x" * 100},
    ],
    ids=str,
)
def test_a_cursor_of_another_question_is_refused(caller: Phone, changed: Mapping[str, Any]) -> None:
    question: dict[str, Any] = {"query": "the boiler in the garden", "limit": 1, "threshold": 0}
    cursor = caller.ok("POST", _PATH, question)["next_cursor"]
    assert caller.ok("POST", _PATH, {**question, "cursor": cursor})["results"]
    assert caller.refused("POST", _PATH, {**question, "cursor": cursor, **changed}) == (422, "cursor_invalid")


def test_a_provider_that_is_down_costs_the_meaning_only(caller: Phone, api_db: Database) -> None:
    phone = _phone(api_db, Down(VendorDown("no", code="provider_invalid")), uid=caller.uid)
    answer = phone.ok("POST", _PATH, {"query": "boiler"})
    assert (answer["degraded"], [result["text"] for result in answer["results"]]) == (True, ["The boiler."])


def test_another_users_notes_are_not_found(caller: Phone, api_db: Database) -> None:
    stranger = _phone(api_db, KnownMeanings(_MEANINGS))
    assert caller.ok("POST", _PATH, {"query": "boiler", "threshold": 0})["results"] != []
    assert stranger.ok("POST", _PATH, {"query": "boiler", "threshold": 0})["results"] == []

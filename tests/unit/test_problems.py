"""Errors as problem+json: every kind of the tree has a status, and none shows more than it should."""

import inspect
import json
from typing import Annotated

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared import errors
from shared.edge import problems
from shared.errors import SecondBrainError

KINDS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, SecondBrainError) and kind is not SecondBrainError
]
STATUS = {
    "Malformed": 400,
    "Invalid": 422,
    "TooLarge": 413,
    "Unsupported": 415,
    "KeyReused": 422,
    "Unauthenticated": 401,
    "Forbidden": 403,
    "NotFound": 404,
    "Conflict": 409,
    "VersionConflict": 409,
    "Outdated": 409,
    "SchemaBehind": 409,
    "KeyRunning": 409,
    "OutOfCredits": 402,
    "BudgetSpent": 429,
    "SpendCapReached": 402,
    "TooManyRequests": 429,
    "Busy": 503,
    "DatabaseUnavailable": 503,
    "OutcomeUnknown": 503,
    "VendorDown": 503,
    "ProviderPaused": 503,
    "VendorRefused": 502,
}


class Wanted(BaseModel):
    model_config = ConfigDict(extra="forbid")

    number: int = 0
    inner: Annotated[list[int], Field(max_length=3)] = []


def refusal(body: str) -> ValidationError:
    with pytest.raises(ValidationError) as refused:
        Wanted.model_validate_json(body)
    return refused.value


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_error_is_a_whole_problem(kind: type[SecondBrainError]) -> None:
    problem = problems.of_error(kind("What was wrong."), "r-1")
    assert problem.status == STATUS[kind.__name__]
    assert problem.headers["content-type"] == "application/problem+json"
    assert (
        json.loads(problem.body).items()
        >= {
            "status": problem.status,
            "code": kind.code,
            "detail": "What was wrong.",
            "request_id": "r-1",
            "type": f"/problems/{kind.code}",
        }.items()
    )
    assert ("retry-after" in problem.headers) == issubclass(kind, errors.Busy | errors.ProviderPaused)


def test_the_tree_and_its_statuses_are_complete() -> None:
    assert {kind.__name__ for kind in KINDS} == STATUS.keys()


def test_the_tree_drawn_at_the_top_names_every_error_and_code() -> None:
    drawn = errors.__doc__ or ""
    for kind in KINDS:
        assert kind.__name__ in drawn
        assert kind.code in drawn


def test_a_raiser_may_name_a_more_exact_code() -> None:
    problem = problems.of_error(errors.Conflict("x", code="session_not_open"), "r")
    assert json.loads(problem.body)["code"] == "session_not_open"


def test_a_defect_shows_nothing_but_its_request_id() -> None:
    problem = problems.of_unexpected("r-2")
    assert problem.status == 500
    assert json.loads(problem.body)["request_id"] == "r-2"


def test_wrong_fields_are_named_by_json_pointer_without_their_values() -> None:
    problem = problems.of_validation(refusal('{"number": "secret", "inner": [1, "secret"], "a/b~": 1}'), "r")
    body = json.loads(problem.body)
    assert (problem.status, body["code"]) == (422, "value_invalid")
    assert [entry["pointer"] for entry in body["errors"]] == ["/number", "/inner/1", "/a~1b~0"]
    assert "secret" not in problem.body


def test_the_whole_body_is_the_empty_pointer() -> None:
    body = json.loads(problems.of_validation(refusal("[]"), "r").body)
    assert [entry["pointer"] for entry in body["errors"]] == [""]


def test_thousands_of_wrong_fields_make_a_short_answer() -> None:
    problem = problems.of_validation(refusal(json.dumps({f"{n}{'x' * 1000}": 0 for n in range(1000)})), "r")
    assert len(json.loads(problem.body)["errors"]) == problems.MAX_FIELDS
    assert len(problem.body) < 10_000

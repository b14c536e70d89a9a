"""After a deploy: a stage is well when all its parts answer, as the version that was deployed."""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from dev.smoke import NowhereToAsk, url_of, what_is_wrong

WELL = {"status": "healthy", "version": "1.2.0", "database": "connected"}
ILL = {"status": "unhealthy", "version": "1.2.0", "database": "unreachable", "queue": "connected"}


def _asked(*answers: Mapping[str, Any] | Exception) -> tuple[str, list[float]]:
    """What was wrong at last, and the pauses; the last answer is given again and again."""
    given, pauses = _given(answers), list[float]()
    return what_is_wrong(lambda: _or_raise(next(given)), "1.2.0", pauses.append), pauses


def _given(answers: tuple[Mapping[str, Any] | Exception, ...]) -> Iterator[Mapping[str, Any] | Exception]:
    yield from answers
    while True:
        yield answers[-1]


def _or_raise(answer: Mapping[str, Any] | Exception) -> Mapping[str, Any]:
    if isinstance(answer, Exception):
        raise answer
    return answer


def test_a_healthy_stage_of_this_version_is_well_at_once() -> None:
    assert _asked(WELL) == ("", [])


def test_a_stage_that_wakes_up_within_the_minute_is_well() -> None:
    wrong, pauses = _asked(httpx.ConnectTimeout("cold"), ILL, WELL)
    assert wrong == ""
    assert len(pauses) == 2


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (ILL, "it is not healthy: database unreachable"),
        ({**WELL, "version": "1.1.0"}, "it answers as version 1.1.0, and 1.2.0 was deployed"),
        (httpx.ConnectError("no such host"), "no answer that can be read: ConnectError"),
        (ValueError("no JSON"), "no answer that can be read: ValueError"),
        ({"message": "Internal Server Error"}, "it answers as version None, and 1.2.0 was deployed"),
    ],
    ids=["a part is away", "another version", "nobody there", "no json", "the gateway's own error"],
)
def test_what_stays_wrong_for_a_minute_is_said(answer: Mapping[str, Any] | Exception, says: str) -> None:
    wrong, pauses = _asked(answer)
    assert wrong == says
    assert sum(pauses) == 55


class _Stacks:
    def __init__(self, outputs: list[dict[str, str]] | None) -> None:
        self._outputs = outputs

    def describe_stacks(self, *, StackName: str) -> dict[str, Any]:  # noqa: N803 - boto3's name
        if self._outputs is None:
            raise ClientError({"Error": {"Code": "ValidationError", "Message": f"no {StackName}"}}, "DescribeStacks")
        return {"Stacks": [{"Outputs": self._outputs}]}


def test_the_stack_says_where_to_ask() -> None:
    stacks = _Stacks([{"OutputKey": "Url", "OutputValue": "https://api.example.com"}])
    assert url_of("prod", stacks) == "https://api.example.com"


@pytest.mark.parametrize("outputs", [None, []], ids=["no stack", "no output"])
def test_a_stage_of_unknown_address_is_said_to_be_one(outputs: list[dict[str, str]] | None) -> None:
    with pytest.raises(NowhereToAsk, match=r"second-brain-prod-api.*URL="):
        url_of("prod", _Stacks(outputs))

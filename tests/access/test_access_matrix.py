"""Nobody is told of another's things: every operation of the document, every kind of id, everybody who may ask."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from dev.postgres import Postgres
from shared.edge.http import Handler
from tests.fixtures.access_matrix import ACTORS, KINDS, Tally, check
from tests.fixtures.access_world import World, access_world
from tests.fixtures.api_document import OPERATIONS
from tests.fixtures.security_table import RecordSecurity, SecurityRow

_WRITERS: list[Any] = []
BY_NAME = {operation.name: operation for operation in OPERATIONS}


@pytest.fixture
def world(postgres: Postgres, database_name: str, owner: psycopg.Connection) -> Iterator[World]:
    with access_world(postgres, database_name, owner) as the_world:
        yield the_world


def test_no_operation_tells_anybody_of_anothers_things(world: World, record_security: RecordSecurity) -> None:
    tally = Tally()
    for operation in OPERATIONS:
        check(world, tally, operation)
    assert tally.leaks == [], "\n".join(["", *tally.leaks])
    assert tally.operations == {operation.key for operation in OPERATIONS}
    assert (tally.kinds, tally.actors) == (set(KINDS), set(ACTORS))
    size = (
        f"{len(tally.operations)} operations on {len(tally.paths)} paths (100 % of OpenAPI), {len(KINDS)} kinds of id, "
        f"{len(ACTORS)} actors: {tally.requests:,} requests"
    )
    record_security(SecurityRow(test="every route x method x id kind x actor", size=size, found="0 leaks"))


def _everybody_is_the_owner(handle: Handler, event: dict[str, Any]) -> dict[str, Any]:
    """Whoever reads is taken for whoever wrote first."""
    claims = event["requestContext"].get("authorizer", {}).get("jwt", {}).get("claims", {})
    _WRITERS.append(claims.get("sub"))
    if event["routeKey"].startswith("GET") and claims:
        claims["sub"] = _WRITERS[0]
    return handle(event, None)


def _nobody_is_asked_who_they_are(handle: Handler, event: dict[str, Any]) -> dict[str, Any]:
    event["requestContext"].setdefault("authorizer", {"jwt": {"claims": {"sub": "somebody"}}})
    return handle(event, None)


def _missing_is_not_foreign(handle: Handler, event: dict[str, Any]) -> dict[str, Any]:
    """Tells ids that look like ours from others: ours are of version 7."""
    answer = handle(event, None)
    if answer["statusCode"] == 404 and any(text[14:15] == "7" for text in event["pathParameters"].values()):
        answer["body"] = json.dumps({**json.loads(answer["body"]), "detail": "This is not yours."})
    return answer


@pytest.mark.parametrize(
    "fault", [_everybody_is_the_owner, _nobody_is_asked_who_they_are, _missing_is_not_foreign], ids=lambda f: f.__name__
)
def test_a_fault_that_tells_of_others_things_is_found(
    world: World, fault: Callable[[Handler, dict[str, Any]], dict[str, Any]]
) -> None:
    _WRITERS.clear()
    tally = Tally()
    honest = world.handlers["sessions"]
    faulty = {**world.handlers, "sessions": lambda event, _context: fault(honest, event)}
    check(replace(world, handlers=faulty), tally, BY_NAME["sessions_read"])
    assert tally.leaks != []

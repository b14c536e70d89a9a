"""The wire: every time that a phone sends is read by one type."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.source import Module, imports, modules, where

PYDANTIC_TIMES = {"AwareDatetime", "FutureDate", "FutureDatetime", "NaiveDatetime", "PastDate", "PastDatetime"}
BARE_TIMES = {"date", "datetime", "time", "timedelta"}
"""pydantic reads numbers as any of them, also from text."""

PYDANTIC_URLS = {"AnyHttpUrl", "AnyUrl", "AnyWebsocketUrl", "FileUrl", "FtpUrl", "HttpUrl", "WebsocketUrl"}
PLACES = re.compile(
    r"(^|_)(address|callback|domain|endpoint|host|href|link|origin|redirect|uri|url|webhook|website)s?(_|$)"
)
"""Words for a place that somebody would have us go to."""


def _edges() -> list[Module]:
    return [module for module in modules("functions", "shared/edge") if module.name != "shared.edge.times"]


def _names(annotation: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(annotation) if isinstance(node, ast.Name)}


def _read_fields(module: Module) -> Iterator[ast.AnnAssign]:
    """Fields of what is read: answers are frozen dataclasses, requests are models."""
    for shape in ast.walk(module.tree):
        if isinstance(shape, ast.ClassDef) and shape.bases and not shape.decorator_list:
            yield from (field for field in shape.body if isinstance(field, ast.AnnAssign))


def test_no_time_of_a_request_is_read_by_pydantics_own_rules() -> None:
    named = [
        f"{module.path}: {used.name}"
        for module in _edges()
        for used in imports(module)
        if used.module == "pydantic" and used.name in PYDANTIC_TIMES
    ]
    bare = [
        where(module, field)
        for module in _edges()
        for field in _read_fields(module)
        if _names(field.annotation) & BARE_TIMES
    ]
    assert named + bare == [], "use shared.edge.times.Instant"


def test_the_fields_of_requests_are_found() -> None:
    """What the test above looks through is not nothing."""
    found = [field for module in _edges() for field in _read_fields(module)]
    assert sum("Instant" in _names(field.annotation) for field in found) >= 5


def test_no_request_tells_us_where_to_go() -> None:
    """So there is nothing to be led astray by. The first route that takes a URL brings the guard (docs/security.md)."""
    typed = [
        f"{module.path}: {used.name}"
        for module in _edges()
        for used in imports(module)
        if used.module.startswith("pydantic") and used.name in PYDANTIC_URLS
    ]
    named = [
        where(module, field)
        for module in _edges()
        if module.path.name == "schemas.py" or module.folder == "shared/edge"
        for field in _read_fields(module)
        if isinstance(field.target, ast.Name) and PLACES.search(field.target.id)
    ]
    assert typed + named == []


def test_a_field_for_a_place_would_be_found() -> None:
    assert all(PLACES.search(name) for name in ("url", "avatar_url", "callback_uris", "webhook_host", "redirect_to"))
    assert not any(PLACES.search(name) for name in ("title", "linked_session_id", "curl", "language"))

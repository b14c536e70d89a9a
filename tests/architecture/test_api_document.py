"""The document of the API is what the code says; catalogue, routers and document are one list."""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs

from dev.openapi.document import PATH, text
from dev.openapi.endpoints import all_endpoints
from dev.openapi.shared_parts import USER
from functions.catalogue import FUNCTIONS
from tests.fixtures.api_document import DOCUMENT, OPERATIONS, Operation

ListedRoute = tuple[str, str, str, str]


def _auth(operation: Operation) -> str:
    """Who may call, in the catalogue's words; a signature is no caller's."""
    for proof in operation.says["security"]:
        if USER in proof:
            return "admin" if proof[USER] == ["admin"] else "user"
    return "open"


def test_the_document_that_is_kept_is_what_the_code_says() -> None:
    assert PATH.read_text() == text(), "the API has changed: run `make openapi`, then `make client`"


def test_catalogue_routers_and_document_list_the_same_routes_for_the_same_callers() -> None:
    catalogued = {(f.name, route.method, route.path, route.auth) for f in FUNCTIONS for route in f.routes}
    routed = {(name, e.method, e.path, e.auth) for name, endpoints in all_endpoints().items() for e in endpoints}
    documented = {(op.says["tags"][0], op.method, op.path, _auth(op)) for op in OPERATIONS}
    assert catalogued == routed == documented
    assert len(OPERATIONS) == len(documented)


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [operation.name for operation in OPERATIONS]
    assert len(names) == len(set(names))


def test_every_reference_leads_somewhere_and_every_schema_is_one_and_is_used() -> None:
    references = set(_references(DOCUMENT))
    for reference in references:
        place: Any = DOCUMENT
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]
    schemas = DOCUMENT["components"]["schemas"]
    assert {f"#/components/schemas/{name}" for name in schemas} <= references
    for schema in schemas.values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


def test_no_operation_promises_a_defect_and_every_one_tells_of_success() -> None:
    for operation in OPERATIONS:
        statuses = set(operation.says["responses"])
        assert "500" not in statuses
        assert "default" not in statuses, "whatever is not promised is a defect"
        assert any(status.startswith("2") for status in statuses)


def test_no_two_shapes_of_the_wire_share_a_name() -> None:
    """Else they would be told apart by their modules, which are nobody's matter outside."""
    assert [name for name in DOCUMENT["components"]["schemas"] if "__" in name or "-" in name] == []


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for value in part.values():
            yield from _references(value)
    elif isinstance(part, list):
        for value in part:
            yield from _references(value)

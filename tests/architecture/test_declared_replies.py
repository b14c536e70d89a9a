"""What routes declare that they answer is what their code answers, so that the document of the API is true."""

import ast
import inspect
import textwrap
from collections.abc import Iterator

import pytest

from dev.openapi.endpoints import all_endpoints
from shared.edge.endpoint import AnyEndpoint
from tests.architecture.source import called_name

ENDPOINTS = [endpoint for of_function in all_endpoints().values() for endpoint in of_function]
EVERY = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: f"{endpoint.method} {endpoint.path}")


def _statuses(endpoint: AnyEndpoint) -> set[int]:
    """The statuses that the handler's own code names in its replies."""
    code = ast.parse(textwrap.dedent(inspect.getsource(endpoint.handle)))
    replies = [node for node in ast.walk(code) if isinstance(node, ast.Call) and called_name(node) == "Reply"]
    assert replies
    return {status for reply in replies for status in _named(reply)}


def _named(reply: ast.Call) -> Iterator[int]:
    given = [keyword.value for keyword in reply.keywords if keyword.arg == "status"]
    if not given:
        yield 200
    for value in given:
        ends = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
        yield from (ast.literal_eval(end) for end in ends)


@EVERY
def test_a_route_declares_exactly_the_statuses_its_code_answers(endpoint: AnyEndpoint) -> None:
    assert _statuses(endpoint) == set(endpoint.replies)


@EVERY
def test_a_route_says_in_one_line_what_it_does(endpoint: AnyEndpoint) -> None:
    summary = (inspect.getdoc(endpoint.handle) or "").partition("\n")[0]
    assert summary.endswith(".")
    assert 3 <= len(summary.split()) <= 20


@EVERY
def test_only_an_answer_without_content_has_no_shape(endpoint: AnyEndpoint) -> None:
    assert {status for status, shape in endpoint.replies.items() if shape is None} <= {204}

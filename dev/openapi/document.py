"""The document of the API, OpenAPI 3.1, put together of all functions."""

import inspect
import json
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from dev.openapi import shared_parts
from dev.openapi.endpoints import all_endpoints
from dev.openapi.operation import operation
from dev.openapi.shapes import Shapes
from functions.catalogue import FUNCTIONS
from shared.edge.endpoint import AnyEndpoint, Endpoint, NoBody
from shared.version import VERSION

PATH = Path(__file__).parents[2] / "functions" / "api" / "openapi" / "openapi.json"
"""Where it is kept: beside the function that answers it."""

_ABOUT = """The backend of a second brain: it captures voice, pictures and markers, understands them, and gives them back by meaning.

JSON in, JSON out, UTF-8. Ids are UUIDs. Times are RFC 3339 with an offset, and answered in UTC. A body has at most
256 KiB; unknown fields and parameters are refused. Lists come in pages: `next_cursor` is the `cursor` of the next."""  # noqa: E501 - one paragraph to whoever reads it


def document() -> dict[str, Any]:
    """As the code is now. The same code makes the same document, byte for byte."""
    functions = all_endpoints()
    shapes = _shapes([endpoint for of_function in functions.values() for endpoint in of_function])
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Second Brain",
            "version": VERSION,
            "description": _ABOUT,
            "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": _purpose(name)} for name in functions],
        "paths": _paths(functions, shapes),
        "components": {
            "schemas": {**shapes.components, **shared_parts.SCHEMAS},
            "responses": shared_parts.RESPONSES,
            "parameters": shared_parts.PARAMETERS,
            "headers": shared_parts.HEADERS,
            "securitySchemes": shared_parts.SECURITY,
        },
    }


def text() -> str:
    """The document as it is kept."""
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


def _paths(functions: Mapping[str, Sequence[AnyEndpoint]], shapes: Shapes) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for name, endpoints in functions.items():
        for endpoint in endpoints:
            paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = operation(name, endpoint, shapes)
    return paths


def _shapes(endpoints: Sequence[AnyEndpoint]) -> Shapes:
    with_caller = [endpoint for endpoint in endpoints if isinstance(endpoint, Endpoint)]
    return Shapes(
        read=[endpoint.body for endpoint in with_caller if endpoint.body is not NoBody],
        parameters=[endpoint.query for endpoint in with_caller],
        written=[shape for endpoint in endpoints for shape in endpoint.replies.values() if shape is not None],
    )


def _purpose(name: str) -> str:
    function = next(function for function in FUNCTIONS if function.name == name)
    return inspect.getdoc(import_module(function.handler.removesuffix(".handler.handler"))) or ""

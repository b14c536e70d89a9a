"""One route as an operation of the document."""

import inspect
import re
from http import HTTPStatus
from typing import Any

from dev.openapi.error_statuses import error_statuses
from dev.openapi.shapes import Shapes
from dev.openapi.shared_parts import SIGNATURE, USER
from shared.edge.endpoint import AnyEndpoint, Endpoint, NoBody, OpenEndpoint, WebhookEndpoint

Part = dict[str, Any]

_JSON = "application/json"
_REQUEST_ID: Part = {"X-Request-ID": {"$ref": "#/components/headers/RequestId"}}


def operation(function: str, endpoint: AnyEndpoint, shapes: Shapes) -> Part:
    """Everything there is to say about a route of that function."""
    summary, _, description = (inspect.getdoc(endpoint.handle) or "").partition("\n")
    return {
        "tags": [function],
        "summary": summary.removesuffix("."),
        **({"description": description.strip()} if description.strip() else {}),
        "operationId": operation_id(function, endpoint),
        "security": _security(endpoint),
        "parameters": [*_ids(endpoint), *_query(endpoint, shapes), *_headers(endpoint)],
        **_request_body(endpoint, shapes),
        "responses": _responses(endpoint, shapes),
    }


def operation_id(function: str, endpoint: AnyEndpoint) -> str:
    """`sessions_create`: the function, and what it calls this."""
    return f"{function.replace('-', '_')}_{endpoint.handle.__name__.strip('_')}"


def _security(endpoint: AnyEndpoint) -> list[Part]:
    """Who may call. By OpenAPI 3.1 the list of a scheme names the roles that are needed."""
    match endpoint:
        case OpenEndpoint():
            return []
        case WebhookEndpoint():
            return [{SIGNATURE: []}]
        case Endpoint():
            return [{USER: [endpoint.auth] if endpoint.auth == "admin" else []}]


def _ids(endpoint: AnyEndpoint) -> list[Part]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
        for name in re.findall(r"\{(\w+)\}", endpoint.path)
    ]


def _query(endpoint: AnyEndpoint, shapes: Shapes) -> list[Part]:
    return shapes.parameters(endpoint.query) if isinstance(endpoint, Endpoint) else []


def _headers(endpoint: AnyEndpoint) -> list[Part]:
    takes_a_key = isinstance(endpoint, Endpoint) and endpoint.method == "POST"
    names = ["IdempotencyKey", "RequestId"] if takes_a_key else ["RequestId"]
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]


def _request_body(endpoint: AnyEndpoint, shapes: Shapes) -> Part:
    match endpoint:
        case OpenEndpoint():
            return {}
        case WebhookEndpoint():
            return {"requestBody": {"required": True, "content": {_JSON: {"schema": {"type": "object"}}}}}
        case Endpoint():
            if endpoint.body is NoBody:
                return {}
            content = {_JSON: {"schema": shapes.read(endpoint.body)}}
            return {"requestBody": {"required": not _may_be_empty(endpoint.body), "content": content}}


def _may_be_empty(body: Any) -> bool:  # noqa: ANN401 - a model
    """Whether the edge takes no body at all, which it reads as an empty object."""
    try:
        body.model_validate({})
    except ValueError:
        return False
    return True


def _responses(endpoint: AnyEndpoint, shapes: Shapes) -> Part:
    told = {status: _reply(status, shape, shapes) for status, shape in endpoint.replies.items()}
    told |= {status: {"$ref": f"#/components/responses/Problem{status}"} for status in error_statuses(endpoint)}
    return {str(status): told[status] for status in sorted(told)}


def _reply(status: int, shape: Any, shapes: Shapes) -> Part:  # noqa: ANN401 - a dataclass, several, or None
    description = f"{HTTPStatus(status).phrase}."
    if shape is None:
        return {"description": description, "headers": _REQUEST_ID}
    content = {_JSON: {"schema": shapes.written(shape)}}
    return {"description": description, "headers": _REQUEST_ID, "content": content}

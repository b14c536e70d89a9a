"""The parts of an event of API Gateway, each read with the care untrusted text needs."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel

from shared.edge.json_body import body_bytes, check_json, check_text
from shared.errors import Invalid, NotFound

ModelT = TypeVar("ModelT", bound=BaseModel)


def path_of(event: Mapping[str, Any]) -> dict[str, UUID]:
    """The ids of the path by their names. Raises NotFound: what is no id names nothing."""
    texts: dict[str, str] = event.get("pathParameters") or {}
    try:
        return {name: UUID(text) for name, text in texts.items()}
    except ValueError as error:
        raise NotFound from error


def query_of(event: Mapping[str, Any], model: type[ModelT]) -> ModelT:
    """The query string as its model. Raises Invalid and pydantic's ValidationError."""
    parameters: dict[str, str] = event.get("queryStringParameters") or {}
    for name, text in parameters.items():
        check_text(name)
        check_text(text)
    return model.model_validate(parameters)


def refuse_query(event: Mapping[str, Any]) -> None:
    """Raise Invalid when there is a query string where none is expected."""
    if event.get("queryStringParameters"):
        raise Invalid("This route takes no query string.")


def json_of(event: Mapping[str, Any], model: type[ModelT]) -> ModelT:
    """The body as its model; none is an empty object. Raises Malformed, TooLarge, Invalid, ValidationError."""
    raw = raw_body(event)
    if not raw.strip():
        raw = b"{}"
    check_json(raw)
    return model.model_validate_json(raw)


def raw_body(event: Mapping[str, Any]) -> bytes:
    """The body's bytes as they were sent. Raises Malformed and TooLarge."""
    return body_bytes(event.get("body"), is_base64=bool(event.get("isBase64Encoded")))


def headers_of(event: Mapping[str, Any]) -> dict[str, str]:
    """Headers by their lower-case names."""
    headers: dict[str, str] = event.get("headers") or {}
    return {name.lower(): value for name, value in headers.items()}

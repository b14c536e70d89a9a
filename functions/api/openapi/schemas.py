"""The wire shape of the document of the API."""

from typing import Any

from shared.values import frozen


@frozen
class DocumentOut:
    """GET /api/openapi.json: the parts of a document by OpenAPI 3.1."""

    openapi: str
    info: dict[str, Any]
    servers: list[dict[str, Any]]
    tags: list[dict[str, Any]]
    paths: dict[str, Any]
    components: dict[str, Any]

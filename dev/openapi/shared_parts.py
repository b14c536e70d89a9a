"""Parts of the document that many operations refer to: problems, the gateway's own answers, headers, how to sign in."""

from typing import Any

from dev.openapi.error_statuses import HEADERS_TOO_LARGE, TOO_MANY
from shared.edge import problems

Part = dict[str, Any]

USER, SIGNATURE = "idToken", "stripeSignature"
"""Names of the two ways to prove who calls."""

_TEXT: Part = {"type": "string"}
_TITLES = {
    400: "The request cannot be read.",
    401: "There is no token, or it is not valid.",
    402: "Not enough credits.",
    403: "The caller is known, but not allowed to do this.",
    404: "There is no such thing, or it is not the caller's: the two are never told apart.",
    409: "Not possible in this state; `current` and `yours`, where given, are what is stored and what was sent.",
    413: "Too large.",
    415: "A type that is not taken.",
    422: "Readable, but not acceptable; `errors` names the fields.",
    431: "The address and the headers together are longer than 10,240 bytes.",
    429: "Too often, or more than a day allows: wait as long as `Retry-After` says.",
    502: "A provider refused.",
    503: "Nothing was changed: try again in a moment, after as long as `Retry-After` says where it is given.",
}
_OF_THE_GATEWAY = {401, 413, 429, 503}
_OF_THE_GATEWAY_ALONE = {HEADERS_TOO_LARGE}
_WITH_A_PAUSE = {TOO_MANY, 503}

SECURITY: Part = {
    USER: {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A Firebase ID token. Routes of administrators need its claim `role` to be `admin`.",
    },
    SIGNATURE: {
        "type": "apiKey",
        "in": "header",
        "name": "Stripe-Signature",
        "description": "Stripe's signature over the bytes of the body.",
    },
}

SCHEMAS: Part = {
    "Problem": {
        "type": "object",
        "description": "What went wrong, by RFC 9457. `code` is stable; quote `request_id` when you ask about it.",
        "required": ["type", "title", "status", "detail", "code", "request_id"],
        "properties": {
            "type": _TEXT,
            "title": _TEXT,
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": _TEXT,
            "code": {"type": "string", "pattern": "^[a-z_]+$"},
            "request_id": _TEXT,
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/WrongField"}},
        },
    },
    "WrongField": {
        "type": "object",
        "description": "A field that is not acceptable, by its JSON pointer (RFC 6901).",
        "required": ["pointer", "detail", "code"],
        "properties": {"pointer": _TEXT, "detail": _TEXT, "code": _TEXT},
    },
    "GatewayMessage": {
        "type": "object",
        "description": "What the gateway answers by itself, before a request reaches us.",
        "required": ["message"],
        "properties": {"message": _TEXT},
    },
}

HEADERS: Part = {
    "RequestId": {
        "description": "The id to ask about: the phone's own X-Request-ID, or one that was made for it.",
        "required": True,
        "schema": _TEXT,
    },
    "RetryAfter": {"description": "Seconds to wait.", "schema": {"type": "string", "pattern": "^[0-9]+$"}},
}

PARAMETERS: Part = {
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "Chosen by the caller; a repeat under the same key within 24 hours has no second effect.",
        "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
    },
    "RequestId": {
        "name": "X-Request-ID",
        "in": "header",
        "required": False,
        "description": "Answered as it is, and goes along with every message and log line. A strange one is ignored.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._:=-]{1,128}$"},
    },
}


def problem(status: int) -> Part:
    """The response of a problem of that status."""
    ours, the_gateways = {"$ref": "#/components/schemas/Problem"}, {"$ref": "#/components/schemas/GatewayMessage"}
    shown: Part = {problems.CONTENT_TYPE: {"schema": ours}}
    if status in _OF_THE_GATEWAY_ALONE:
        shown = {"application/json": {"schema": the_gateways}}
    elif status in _OF_THE_GATEWAY:
        # Clients are generated from the first type alone: they have to know both shapes by it.
        shown = {problems.CONTENT_TYPE: {"schema": {"anyOf": [ours, the_gateways]}}}
        shown["application/json"] = {"schema": the_gateways}
    headers = {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}} if status in _WITH_A_PAUSE else {}
    return {"description": _TITLES[status], **({"headers": headers} if headers else {}), "content": shown}


RESPONSES: Part = {f"Problem{status}": problem(status) for status in sorted(_TITLES)}

"""What the local Stripe answers when it refuses, in Stripe's error shape."""

from typing import Any

HTTP_BAD_REQUEST = 400
HTTP_NOT_FOUND = 404


class StripeRefusal(Exception):
    """A refusal with the HTTP status and the fields of Stripe's error object."""

    def __init__(
        self,
        message: str,
        *,
        status: int = HTTP_BAD_REQUEST,
        kind: str = "invalid_request_error",
        param: str | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.kind = kind
        self.param = param
        self.code = code

    def body(self) -> dict[str, Any]:
        """The error as Stripe writes it: fields without a value are left out."""
        fields = {"type": self.kind, "message": self.message, "param": self.param, "code": self.code}
        return {"error": {name: value for name, value in fields.items() if value is not None}}


class WrongRequest(StripeRefusal):
    """Wrong in itself, so that nothing began: it uses up no idempotency key."""


def missing(kind: str, object_id: str, *, param: str = "id") -> StripeRefusal:
    """Nothing has this id: 404 where it stands in the path, 400 where another field names it."""
    status = HTTP_NOT_FOUND if param == "id" else HTTP_BAD_REQUEST
    return StripeRefusal(f"No such {kind}: '{object_id}'", status=status, param=param, code="resource_missing")

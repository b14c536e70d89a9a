"""What the local AI server answers when it refuses, in OpenAI's error shape."""

from starlette.requests import Request
from starlette.responses import JSONResponse


class ApiError(Exception):
    """A refusal with the HTTP status and the fields of OpenAI's error object."""

    def __init__(self, status: int, message: str, *, param: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.param = param
        self.code = code


def invalid(message: str, *, param: str | None = None, code: str | None = None) -> ApiError:
    """A 400 for a request that can never succeed as sent."""
    return ApiError(400, message, param=param, code=code)


def error_response(error: ApiError) -> JSONResponse:
    """The error as `{"error": {"message", "type", "param", "code"}}` with its status."""
    kind = "server_error" if error.status >= 500 else "invalid_request_error"  # noqa: PLR2004 - where the server's own errors begin
    body = {"message": error.message, "type": kind, "param": error.param, "code": error.code}
    return JSONResponse({"error": body}, status_code=error.status)


def answer_api_error(_request: Request, error: Exception) -> JSONResponse:
    """Starlette's handler for `ApiError`."""
    return error_response(error if isinstance(error, ApiError) else ApiError(500, "Unexpected error"))

"""`POST /control` and `POST /outage` of the local Stripe: how events are delivered, and how calls fail."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from dev.vendors.stripe_courier import MOST_COPIES, Controls
from dev.vendors.stripe_html import choice
from dev.vendors.stripe_local import LocalStripe
from dev.vendors.stripe_outage import Fault

_SEE_OTHER = 303
_YES_OR_NO = {"false": "no", "true": "yes"}
_MOST_REQUESTS = 1_000


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ControlRequest(_Shape):
    """What is not named stays as it is; `release` lets go what was held back."""

    copies: Annotated[int, Field(ge=1, le=MOST_COPIES)] | None = None
    is_shuffled: bool | None = None
    is_held: bool | None = None
    release: bool = False


class OutageRequest(_Shape):
    """How the next calls of the API fail; 0 of them ends an outage."""

    kind: Literal["server_error", "rate_limit", "hang", "cut"] = "server_error"
    requests: Annotated[int, Field(ge=0, le=_MOST_REQUESTS)] = 1
    is_carried_out: bool = False
    retry_after_seconds: int | None = None


def control_routes(local: LocalStripe) -> list[Route]:
    """Both take a form, and lead back to the dashboard, or JSON, and answer with JSON."""

    async def control(request: Request) -> Response:
        try:
            asked = ControlRequest.model_validate(await _fields(request))
        except (ValidationError, ValueError) as error:
            return JSONResponse({"error": {"message": str(error)}}, status_code=400)
        is_held = False if asked.release else asked.is_held
        local.control(copies=asked.copies, is_shuffled=asked.is_shuffled, is_held=is_held)
        return _done(request, vars(local.controls))

    async def outage(request: Request) -> Response:
        try:
            asked = OutageRequest.model_validate(await _fields(request))
        except (ValidationError, ValueError) as error:
            return JSONResponse({"error": {"message": str(error)}}, status_code=400)
        fault = Fault(
            kind=asked.kind, is_carried_out=asked.is_carried_out, retry_after_seconds=asked.retry_after_seconds
        )
        local.outage.begin(fault, requests=asked.requests)
        return _done(request, asked.model_dump())

    return [Route("/control", control, methods=["POST"]), Route("/outage", outage, methods=["POST"])]


def control_form(controls: Controls) -> str:
    """The switches as they stand."""
    copies = {str(number): str(number) for number in range(1, MOST_COPIES + 1)}
    return (
        '<form class="controls" method="post" action="/control">'
        + choice("copies", "Copies of each event", copies, str(controls.copies))
        + choice("is_shuffled", "In any order", _YES_OR_NO, str(controls.is_shuffled).lower())
        + choice("is_held", "Hold back", _YES_OR_NO, str(controls.is_held).lower())
        + "<button>Apply</button></form>"
    )


def outage_form() -> str:
    """What may go wrong with the next calls."""
    kinds = {
        "server_error": "answer 500",
        "rate_limit": "answer 429",
        "hang": "hang for 10 seconds",
        "cut": "cut the connection",
    }
    return (
        '<form class="controls" method="post" action="/outage">'
        + choice("requests", "The next calls of the API", {text: text for text in ("1", "2", "3", "10", "0")}, "1")
        + choice("kind", "will", kinds, "server_error")
        + choice("is_carried_out", "though the work is done", _YES_OR_NO, "false")
        + "<button>Let them fail</button></form>"
    )


async def _fields(request: Request) -> dict[str, Any]:
    if _is_json(request):
        return await request.json()
    async with request.form() as form:
        return {name: str(value) for name, value in form.items()}


def _is_json(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith("application/json")


def _done(request: Request, state: dict[str, Any]) -> Response:
    return JSONResponse(state) if _is_json(request) else RedirectResponse("/", status_code=_SEE_OTHER)

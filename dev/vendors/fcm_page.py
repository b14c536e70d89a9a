"""What the phones show, as a page and as JSON."""

from dataclasses import asdict
from html import escape

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dev.vendors.fcm_local import LocalFcm, Shown
from dev.vendors.stripe_html import page

PUSH_PATH = "/dev/push"


def push_routes(local: LocalFcm | None) -> list[Route]:
    """`GET /dev/push`: a page in a browser, JSON otherwise; nothing is known of what the real Firebase delivered."""

    async def push(request: Request) -> Response:
        shown = [] if local is None else local.shown()
        if "text/html" in request.headers.get("accept", ""):
            return page("Phones", _phones(shown, is_real=local is None))
        return JSONResponse({"pushes": [{**asdict(one), "at": one.at.isoformat()} for one in shown]})

    return [Route(PUSH_PATH, push)]


def _phones(shown: list[Shown], *, is_real: bool) -> str:
    empty = "The real Firebase is used: look at your phone." if is_real else "No phone was told anything yet."
    sheets = [_sheet(one) for one in shown] or [f"<p>{empty}</p>"]
    return f"<h1>What the phones show</h1>{''.join(sheets)}"


def _sheet(one: Shown) -> str:
    data = ", ".join(f"{name} {value}" for name, value in one.data.items())
    came = "" if one.times == 1 else f", came {one.times} times"
    return (
        f'<article class="sheet"><strong>{escape(one.title)}</strong><p>{escape(one.body)}</p>'
        f'<p class="soft">phone <code>{escape(one.token[:40])}</code> at {one.at:%H:%M:%S}{came}<br>{escape(data)}</p>'
        "</article>"
    )

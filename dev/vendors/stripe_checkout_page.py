"""The page at a Checkout Session's URL: pay, be declined, leave; and the pages one comes back to afterwards."""

from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from dev.vendors.stripe_book import Book, found
from dev.vendors.stripe_checkout import expire_session
from dev.vendors.stripe_errors import StripeRefusal
from dev.vendors.stripe_html import badge, button, money, notice, page
from dev.vendors.stripe_local import LocalStripe
from dev.vendors.stripe_model import CheckoutSession, failure_message
from dev.vendors.stripe_payment import decline, pay_by_bank_debit, pay_by_card

PAID_PATH = "/after/paid"
LEFT_PATH = "/after/left"
_TEMPLATE = "{CHECKOUT_SESSION_ID}"
_SEE_OTHER = 303
_ACTIONS = {
    "card": pay_by_card,
    "debit": pay_by_bank_debit,
    "decline": decline,
    "expire": expire_session,
}


def checkout_routes(local: LocalStripe) -> list[Route]:
    """The page, and what its buttons do."""

    async def show(request: Request) -> Response:
        with local.look() as book:
            return _page_of(book, request.path_params["session_id"])

    async def act(request: Request) -> Response:
        session_id = request.path_params["session_id"]
        async with request.form() as form:
            action = str(form.get("action", ""))
        with local.change() as book:
            return _after(book, session_id, action)

    path = "/c/pay/{session_id}"
    return [Route(path, show, methods=["GET"]), Route(path, act, methods=["POST"])]


def after_payment_routes() -> list[Route]:
    """Where Checkout leads to when the app named no pages of its own."""

    async def paid(_request: Request) -> Response:
        text = "<h1>Thank you</h1><p>Your payment went through. You may close this page and go back to the app.</p>"
        return page("Thank you", f'<div class="sheet">{text}</div>', is_narrow=True)

    async def left(_request: Request) -> Response:
        text = "<h1>Nothing was charged</h1><p>You may close this page and go back to the app.</p>"
        return page("Nothing was charged", f'<div class="sheet">{text}</div>', is_narrow=True)

    return [Route(PAID_PATH, paid), Route(LEFT_PATH, left)]


def _after(book: Book, session_id: str, action: str) -> Response:
    """Do what the button says, and lead on."""
    try:
        session = found(book.tables.sessions, session_id, "checkout.session")
        if action in _ACTIONS:
            _ACTIONS[action](book, session_id)
    except StripeRefusal as refusal:
        return _page_of(book, session_id, complaint=refusal)
    return RedirectResponse(_next_address(session, action), status_code=_SEE_OTHER)


def _next_address(session: CheckoutSession, action: str) -> str:
    if action in {"card", "debit"}:
        return session.success_url.replace(_TEMPLATE, session.id)
    if action == "leave" and session.cancel_url:
        return session.cancel_url
    return f"/c/pay/{session.id}"


def _page_of(book: Book, session_id: str, *, complaint: StripeRefusal | None = None) -> HTMLResponse:
    session = book.tables.sessions.get(session_id)
    if session is None:
        text = "<h1>Nothing to pay here</h1><p>This address belongs to no Checkout Session.</p>"
        return page("Nothing to pay here", f'<div class="sheet">{text}</div>', status=404, is_narrow=True)
    said = "" if complaint is None else notice(complaint.message, mood="bad")
    body = f"{_head(session)}{said}{_declined(book, session)}{_rest(session)}"
    status = 200 if complaint is None else complaint.status
    return page(f"Pay {money(session.amount_total, session.currency)}", body, status=status, is_narrow=True)


def _head(session: CheckoutSession) -> str:
    lines = "".join(
        f'<li class="line"><span>{escape(line.name)}{_times(line.quantity)}</span>'
        f"<span>{money(line.unit_amount * line.quantity, session.currency)}</span></li>"
        for line in session.lines
    )
    return (
        f'<div class="row between"><span class="soft">Second Brain</span>{badge("Test mode", mood="wait")}</div>'
        f'<h1>Checkout</h1><section class="sheet" aria-label="What you buy">'
        f'<p class="price">{money(session.amount_total, session.currency)}</p><ul>{lines}</ul></section>'
    )


def _times(quantity: int) -> str:
    return f" &times; {quantity}" if quantity > 1 else ""


def _declined(book: Book, session: CheckoutSession) -> str:
    intent = book.tables.intents.get(session.payment_intent or "")
    if intent is None or intent.failure_code is None:
        return ""
    return notice(failure_message(intent.failure_code), mood="bad")


def _rest(session: CheckoutSession) -> str:
    if session.status == "open":
        return _buttons(session)
    if session.status == "expired":
        return notice("This Checkout page has expired. Nothing was charged.", mood="wait")
    said = ("Paid.", "good") if session.payment_status == "paid" else ("The bank has not settled this yet.", "wait")
    back = escape(session.success_url.replace(_TEMPLATE, session.id))
    return f'{notice(said[0], mood=said[1])}<p><a href="{back}">Go back to the shop</a></p>'


def _buttons(session: CheckoutSession) -> str:
    here = f"/c/pay/{session.id}"
    return (
        '<section class="sheet stack" aria-label="How you pay">'
        + button(here, f"Pay {money(session.amount_total, session.currency)} by card", style="first", action="card")
        + button(here, "Pay by bank debit (settles later)", action="debit")
        + button(here, "Try a card that is declined", action="decline")
        + button(here, "Leave without paying", action="leave")
        + button(here, "Let this page expire", action="expire")
        + "</section>"
        + '<p class="soft">A stand-in for Stripe on this machine: no card, no bank, no money.</p>'
    )

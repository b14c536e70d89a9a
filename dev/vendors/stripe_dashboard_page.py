"""The local Stripe's dashboard: what the seller, the bank and a bad day can do, by buttons."""

from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from dev.vendors.stripe_checkout_shape import page_address
from dev.vendors.stripe_controls import control_form, outage_form
from dev.vendors.stripe_errors import StripeRefusal
from dev.vendors.stripe_html import badge, button, money, notice, page
from dev.vendors.stripe_local import LocalStripe
from dev.vendors.stripe_model import Delivery, Dispute, Event, Refund
from dev.vendors.stripe_overview import Payment, deliveries, payments

_SEE_OTHER = 303
_MOODS = {"delivered": "good", "waiting": "wait", "given_up": "bad"}


def dashboard_routes(local: LocalStripe) -> list[Route]:
    """The page, and `POST /dashboard/<action>` with an `id` for each of its buttons."""

    async def show(_request: Request) -> Response:
        return _dashboard(local)

    async def act(request: Request) -> Response:
        async with request.form() as form:
            object_id = str(form.get("id", ""))
        try:
            do = _ACTIONS.get(request.path_params["action"])
            if do is None:
                return _dashboard(local, complaint="There is no such button.", status=404)
            do(local, object_id)
        except StripeRefusal as refusal:
            return _dashboard(local, complaint=refusal.message, status=refusal.status)
        return RedirectResponse("/", status_code=_SEE_OTHER)

    return [Route("/", show, methods=["GET"]), Route("/dashboard/{action}", act, methods=["POST"])]


def _half(local: LocalStripe, intent_id: str) -> object:
    with local.look() as book:
        left = next((payment.left for payment in payments(book) if payment.intent_id == intent_id), 0)
    return local.refund(intent_id, amount=max(left // 2, 1))


_ACTIONS: dict[str, Callable[[LocalStripe, str], Any]] = {
    "settle": LocalStripe.settle,
    "bounce": LocalStripe.bounce,
    "refund-all": LocalStripe.refund,
    "refund-half": _half,
    "settle-refund": LocalStripe.settle_refund,
    "fail-refund": LocalStripe.fail_refund,
    "dispute": LocalStripe.dispute,
    "inquiry": lambda local, intent_id: local.dispute(intent_id, is_inquiry=True),
    "win": LocalStripe.win_dispute,
    "lose": LocalStripe.lose_dispute,
    "close-inquiry": LocalStripe.close_inquiry,
    "send-again": LocalStripe.send_again,
}


def _dashboard(local: LocalStripe, *, complaint: str = "", status: int = 200) -> HTMLResponse:
    with local.look() as book:
        sold = "".join(_payment(payment, local.address) for payment in payments(book))
        sent = "".join(_delivery(delivery, event) for delivery, event in deliveries(book))
    target = escape(local.courier.target or "nowhere yet")
    body = (
        f'<div class="row between"><span class="soft">Local Stripe</span>{badge("Test mode", mood="wait")}</div>'
        f"<h1>Payments</h1>{notice(complaint, mood='bad')}"
        f"{sold or '<p class=sheet>Nobody has bought anything yet.</p>'}"
        f"<h2>Webhooks</h2><p class=soft>Delivered to <code>{target}</code></p>"
        f'<div class="sheet">{control_form(local.controls)}</div>{_delivery_table(sent)}'
        f'<h2>A bad day</h2><div class="sheet">{outage_form()}</div>'
    )
    return page("Local Stripe", body, status=status)


def _payment(payment: Payment, address: str) -> str:
    session = payment.session
    words, mood = payment.state
    known = (payment.email, session.client_reference_id, _moment(session.created))
    about = " &middot; ".join(escape(text) for text in known if text)
    return (
        f'<article class="sheet" id="{escape(session.id)}"><div class="row between">'
        f'<span class="price">{money(session.amount_total, session.currency)}</span>{badge(words, mood=mood)}</div>'
        f'<p class="soft">{about}</p><p class="soft"><code>{escape(session.id)}</code></p>'
        f"{''.join(map(_refund, payment.refunds))}{''.join(map(_dispute, payment.disputes))}"
        f'<div class="row">{_payment_buttons(payment, address)}</div></article>'
    )


def _payment_buttons(payment: Payment, address: str) -> str:
    session = payment.session
    if session.status == "open":
        return f'<a href="{escape(page_address(session, address))}">Open the Checkout page</a>'
    if payment.charge is not None and payment.charge.status == "pending":
        return _act("settle", "Settle the bank debit", session.id) + _act("bounce", "Fail the bank debit", session.id)
    if not payment.is_paid:
        return ""
    refunds = [("refund-all", "Refund all"), ("refund-half", "Refund half")] if payment.left else []
    disputes = [("dispute", "Open a dispute"), ("inquiry", "Open an inquiry")] if not payment.disputes else []
    return "".join(_act(action, words, payment.intent_id) for action, words in (*refunds, *disputes))


def _refund(refund: Refund) -> str:
    buttons = _act("settle-refund", "Let it arrive", refund.id) if refund.status == "pending" else ""
    buttons += _act("fail-refund", "Make the refund fail", refund.id) if refund.status != "failed" else ""
    mood = {"succeeded": "good", "pending": "wait"}.get(refund.status, "bad")
    told = f"<span>Refund of {money(refund.amount, refund.currency)}</span>{badge(refund.status, mood=mood)}"
    return f'<p class="row">{told}</p><div class="row">{buttons}</div>'


def _dispute(dispute: Dispute) -> str:
    endings = {
        "needs_response": [("win", "Win the dispute"), ("lose", "Lose the dispute")],
        "warning_needs_response": [("close-inquiry", "Close the inquiry")],
    }
    buttons = "".join(_act(action, words, dispute.id) for action, words in endings.get(dispute.status, []))
    told = f"<span>Dispute over {money(dispute.amount, dispute.currency)}</span>"
    return f'<p class="row">{told}{badge(dispute.status.replace("_", " "))}</p><div class="row">{buttons}</div>'


def _act(action: str, words: str, object_id: str) -> str:
    return button(f"/dashboard/{action}", words, id=object_id)


def _delivery_table(rows: str) -> str:
    heads = "".join(
        f'<th scope="col">{head}</th>' for head in ("Event", "State", "Attempts", "Last answer", "Created", "Again")
    )
    return (
        '<div class="sheet scroll" tabindex="0" role="region" aria-label="Deliveries"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _delivery(delivery: Delivery, event: Event) -> str:
    cells = (
        f"{escape(event.type)}<br><code>{escape(event.id)}</code>",
        badge(delivery.state.replace("_", " "), mood=_MOODS[delivery.state]),
        str(delivery.attempts),
        escape(delivery.last_answer or "-"),
        _moment(event.created),
        _act("send-again", "Send again", delivery.id),
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, tz=UTC).strftime("%Y-%m-%d %H:%M:%S UTC")

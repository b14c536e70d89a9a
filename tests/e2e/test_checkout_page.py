"""The local Stripe's pages in a real browser: a person pays, is declined, leaves; the seller gives money back."""

from collections.abc import Iterator

import pytest

from dev.vendors.stripe_checkout_page import LEFT_PATH, PAID_PATH
from dev.vendors.stripe_local import LocalStripe
from tests.fakes.vendor_server import Answer, vendor_server
from tests.fixtures.browser import Browser, missing_browser, running_browser
from tests.fixtures.local_stripe import checkout_params, client_of, running_local_stripe

pytestmark = pytest.mark.skipif(bool(missing_browser()), reason=missing_browser())
PAY = "Pay $5.00 by card"
SCRIPT = "<script>document.title='taken'</script>"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as chromium:
        yield chromium


@pytest.fixture
def local() -> Iterator[LocalStripe]:
    with running_local_stripe() as server:
        yield server


def session_of(local: LocalStripe, *, name: str = "50 credits") -> str:
    """A session that leads back to the local Stripe's own pages."""
    params = checkout_params(
        success_url=f"{local.address}{PAID_PATH}?session={{CHECKOUT_SESSION_ID}}",
        cancel_url=f"{local.address}{LEFT_PATH}",
        client_reference_id=f"order-{name}",
    )
    params["line_items"][0]["price_data"]["product_data"]["name"] = name
    return client_of(local).v1.checkout.sessions.create(params).id


def page_of(local: LocalStripe, session_id: str) -> str:
    return f"{local.address}/c/pay/{session_id}"


def test_a_person_pays_by_card_and_is_led_back(browser: Browser, local: LocalStripe) -> None:
    session_id = session_of(local)
    browser.open(page_of(local, session_id))
    assert "50 credits" in browser.text
    browser.press(PAY)
    assert browser.address == f"{local.address}{PAID_PATH}?session={session_id}"
    assert "Thank you" in browser.text
    assert local.session(session_id).payment_status == "paid"
    browser.open(page_of(local, session_id))
    assert "Paid." in browser.text
    assert browser.buttons() == []


def test_a_declined_card_is_told_and_another_may_be_tried(browser: Browser, local: LocalStripe) -> None:
    session_id = session_of(local)
    browser.open(page_of(local, session_id))
    browser.press("Try a card that is declined")
    assert "Your card was declined." in browser.text
    browser.press(PAY)
    assert local.session(session_id).payment_status == "paid"


def test_a_person_leaves_and_nothing_is_charged(browser: Browser, local: LocalStripe) -> None:
    session_id = session_of(local)
    browser.open(page_of(local, session_id))
    browser.press("Leave without paying")
    assert browser.address == f"{local.address}{LEFT_PATH}"
    assert "Nothing was charged" in browser.text
    browser.open(page_of(local, session_id))
    browser.press("Let this page expire")
    assert "expired" in browser.text
    assert (local.session(session_id).status, local.events()[-1].type) == ("expired", "checkout.session.expired")


def test_the_dashboard_settles_refunds_and_disputes(browser: Browser, local: LocalStripe) -> None:
    session_id = session_of(local)
    browser.open(page_of(local, session_id))
    browser.press("Pay by bank debit (settles later)")
    browser.open(local.address)
    assert "waits for the bank" in browser.text
    browser.press("Settle the bank debit")
    browser.press("Refund half")
    assert "Refund of $2.50" in browser.text
    browser.press("Make the refund fail")
    browser.press("Open a dispute")
    browser.press("Win the dispute")
    assert "dispute: won" in browser.text
    browser.press("Refund all")
    assert "Refund of $5.00" in browser.text
    assert [event.type for event in local.events()] == [
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded", "payment_intent.succeeded", "charge.succeeded",
        "refund.created", "charge.refunded",
        "refund.updated", "refund.failed",
        "charge.dispute.created", "charge.dispute.funds_withdrawn",
        "charge.dispute.closed", "charge.dispute.funds_reinstated",
        "refund.created", "charge.refunded",
    ]  # fmt: skip


def test_the_dashboard_holds_webhooks_back_and_sends_them_again(browser: Browser, local: LocalStripe) -> None:
    with vendor_server() as hook:
        hook.answer_with(Answer(status=200))
        local.deliver_to(hook.url)
        browser.open(local.address)
        browser.choose("copies", "2")
        browser.choose("is_held", "true")
        browser.press("Apply")
        local.tell("product.created", {"object": "product"})
        browser.open(local.address)
        assert "waiting" in browser.text
        browser.choose("is_held", "false")
        browser.press("Apply")
        assert local.wait_until_delivered()
        local.control(copies=1)
        local.tell("product.deleted", {"object": "product"})
        assert local.wait_until_delivered()
        browser.open(local.address)
        browser.press("Send again", within="tbody tr:first-child")
        assert local.wait_until_delivered()
        types = [request.json()["type"] for request in hook.received]
    assert types == ["product.created"] * 2 + ["product.deleted"] * 2


def test_what_a_seller_writes_stays_text(browser: Browser, local: LocalStripe) -> None:
    session_id = session_of(local, name=SCRIPT)
    for address in (page_of(local, session_id), local.address):
        browser.open(address)
        assert SCRIPT in browser.text


def test_the_pages_fit_a_phone_and_every_control_has_a_name(browser: Browser, local: LocalStripe) -> None:
    session_ids = [session_of(local) for _ in range(3)]
    local.refund(local.pay(session_ids[0]).id, amount=100)
    local.pay_by_bank_debit(session_ids[1])
    browser.resize(500, 800)
    for address in (page_of(local, session_ids[2]), local.address, local.address + PAID_PATH):
        browser.open(address)
        assert not browser.is_wider_than_its_window(), address
        assert browser.unnamed_controls() == [], address

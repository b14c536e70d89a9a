"""What is read of an event: ids, and nothing that could be believed."""

import json
from typing import Any

import pytest
import stripe

from shared.errors import Malformed
from shared.payments.notice import APPLIED_TYPES, PINNED_API_VERSION, Notice, read_notice

ORDER = "01a1fdbd-1bdc-77a6-8293-55da7d8525f6"

SESSION: dict[str, Any] = {
    "id": "cs_1",
    "object": "checkout.session",
    "client_reference_id": ORDER,
    "payment_intent": "pi_1",
    "amount_total": 999_999,
    "customer_details": {"email": "somebody@example.org"},
}
EVENT: dict[str, Any] = {
    "id": "evt_1",
    "object": "event",
    "api_version": PINNED_API_VERSION,
    "created": 1_790_000_000,
    "data": {"object": SESSION},
    "livemode": False,
    "type": "checkout.session.completed",
}


def told(**changed: Any) -> Notice:
    return read_notice(json.dumps({**EVENT, **changed}).encode())


def about(**thing: Any) -> dict[str, Any]:
    return told(data={"object": thing}).about()


def test_the_pinned_version_is_the_sdks() -> None:
    assert stripe.api_version == PINNED_API_VERSION


def test_a_checkout_is_looked_up_by_its_id_and_our_order() -> None:
    assert told().about() == {
        "checkout_session": "cs_1",
        "order_id": ORDER,
        "payment_intent": "pi_1",
        "object": "cs_1",
    }


def test_what_another_product_calls_its_order_is_not_kept() -> None:
    found = about(**{**SESSION, "client_reference_id": "somebody@example.org"})
    assert found == {"checkout_session": "cs_1", "payment_intent": "pi_1", "object": "cs_1"}


@pytest.mark.parametrize("kind", ["refund", "charge", "dispute"])
def test_what_happened_to_a_payment_is_looked_up_by_the_payment(kind: str) -> None:
    found = about(id="x_1", object=kind, payment_intent="pi_1", client_reference_id="not ours to read here")
    assert found == {"payment_intent": "pi_1", "object": "x_1"}


@pytest.mark.parametrize("payment", [None, {"id": "pi_1", "object": "payment_intent"}, 7, ["pi_1"], "pi\x00", ""])
def test_a_payment_that_is_no_id_is_left_out(payment: object) -> None:
    assert about(id="re_1", object="refund", payment_intent=payment) == {"object": "re_1"}


def test_nothing_of_a_person_or_of_money_is_kept() -> None:
    assert "example.org" not in str(told())
    assert "999999" not in str(told())


def test_every_type_we_act_on_leads_to_a_checkout_or_a_payment() -> None:
    assert {kind.rpartition(".")[0] for kind in APPLIED_TYPES} == {
        "checkout.session", "charge", "refund", "charge.dispute",
    }  # fmt: skip


REFUSED: dict[str, dict[str, Any]] = {
    **{f"no {name}": {name: None} for name in ("id", "object", "type", "livemode", "created", "data")},
    "an id that is a number": {"id": 1},
    "an empty id": {"id": ""},
    "an id of 256 characters": {"id": "e" * 256},
    "a NUL in the id": {"id": "evt_\x00"},
    "a NUL in the type": {"type": "refund.\x00"},
    "a thin event": {"object": "v2.core.event"},
    "livemode as text": {"livemode": "false"},
    "livemode as a number": {"livemode": 0},
    "a time that is none": {"created": "yesterday"},
    "a time beyond every calendar": {"created": 10**18},
    "data as a list": {"data": []},
    "data without an object": {"data": {}},
    "an object that is text": {"data": {"object": "cs_1"}},
    "an api_version that is a number": {"api_version": 2026},
    "a NUL in our order": {"data": {"object": {**SESSION, "client_reference_id": "a\x00"}}},
    "a checkout whose id is a number": {"data": {"object": {**SESSION, "id": 1}}},
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_event_of_our_version_is_refused(name: str) -> None:
    with pytest.raises(Malformed) as refused:
        told(**REFUSED[name])
    assert refused.value.exact_code == "webhook_invalid"


@pytest.mark.parametrize("payload", [b"", b"{", b"null", b"[]", b'"evt_1"', b"\xff", b"[" * 100_000, b"{}"])
def test_bytes_that_are_no_event_are_refused(payload: bytes) -> None:
    with pytest.raises(Malformed):
        read_notice(payload)


def test_an_event_of_another_version_is_still_read_so_that_it_can_be_kept() -> None:
    assert told(api_version=None).api_version is None
    assert told(api_version="2019-01-01", surprise={"a": 1}).id == "evt_1"
    assert told(id="e" * 255).id == "e" * 255

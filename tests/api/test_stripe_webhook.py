"""The door that anybody may knock at: what Stripe did not sign lately, or what is no event, leaves nothing behind."""

import json
import time
from collections.abc import Callable, Mapping

import pytest

from tests.fixtures.storefront import Storefront, body_of, signature_of, v1_of

INVALID, TOO_LARGE = (400, "webhook_invalid"), (413, "body_too_large")

Headers = Mapping[str, str]


def now() -> int:
    return int(time.time())


def signed(body: bytes, header: str) -> tuple[bytes, Headers]:
    return body, {"stripe-signature": header}


def dated(seconds: int) -> Callable[[bytes], tuple[bytes, Headers]]:
    return lambda body: signed(body, signature_of(body, at=now() + seconds))


def headed(write: Callable[[bytes], str]) -> Callable[[bytes], tuple[bytes, Headers]]:
    return lambda body: signed(body, write(body))


def stamped(stamp: str) -> Callable[[bytes], tuple[bytes, Headers]]:
    """Signed for ten years ahead, with the header rewritten so that today stands in it too."""

    def rewrite(body: bytes) -> tuple[bytes, Headers]:
        ahead = now() + 315_000_000
        return signed(body, f"t={stamp.format(ahead)},t={now()},v1={v1_of(body, at=ahead)}")

    return rewrite


FORGED: dict[str, Callable[[bytes], tuple[bytes, Headers]]] = {
    "no header": lambda body: (body, {}),
    "an empty header": headed(lambda _: ""),
    "an empty body": headed(signature_of),
    "another's secret": headed(lambda body: signature_of(body, "whsec_of_another")),
    "an empty secret": headed(lambda body: signature_of(body, "")),
    "one byte changed": lambda body: signed(body.replace(b"completed", b"cOmpleted"), signature_of(body)),
    "one byte more": lambda body: signed(body + b" ", signature_of(body)),
    "written anew": lambda body: signed(json.dumps(json.loads(body), indent=1).encode(), signature_of(body)),
    "301 seconds old": dated(-301),
    "a day old": dated(-86_400),
    "of the year 1970": headed(lambda body: signature_of(body, at=0)),
    "65 seconds ahead": dated(65),
    "ten years ahead": dated(315_000_000),
    "a year of thirteen digits": headed(lambda body: signature_of(body, at=10**13)),
    "ahead, and the time twice": stamped("{}"),
    "ahead, and a sign before the time": stamped("+{}"),
    "ahead, and a blank before the time": stamped(" {}"),
    "ahead, and a second value": stamped("{}=1"),
    "the right time second": headed(lambda body: f"t=1,t={now()},v1={v1_of(body)}"),
    "no time": headed(lambda body: f"v1={v1_of(body)}"),
    "an empty time": headed(lambda body: f"t=,v1={v1_of(body)}"),
    "a time in words": headed(lambda body: f"t=today,v1={v1_of(body)}"),
    "a time of 5,000 digits": headed(lambda body: f"t={'9' * 5_000},v1={v1_of(body)}"),
    "no signature": headed(lambda _: f"t={now()}"),
    "an empty signature": headed(lambda _: f"t={now()},v1="),
    "the test scheme only": headed(lambda body: f"t={now()},v0={v1_of(body)}"),
    "a signature in capitals": headed(lambda body: f"t={now()},v1={v1_of(body).upper()}"),
    "half a signature": headed(lambda body: f"t={now()},v1={v1_of(body)[:32]}"),
    "a signature that is not ASCII": headed(lambda _: f"t={now()},v1=\u00e9\u00e9"),
    "semicolons": headed(lambda body: signature_of(body).replace(",", ";")),
    "a thousand signatures": headed(lambda _: f"t={now()}" + ",v1=0" * 1_000),
    "a bearer token": headed(lambda _: "Bearer nonsense"),
    "signed over something else": lambda body: signed(body, signature_of(b"{}")),
    "no UTF-8": lambda body: signed(body[:-1] + b"\xff", signature_of(body)),
    "nothing but NULs": lambda body: signed(b"\x00" * 100, signature_of(body)),
}


def count_kept(storefront: Storefront) -> int:
    return len(storefront.inbox())


@pytest.mark.parametrize("name", FORGED)
def test_what_stripe_did_not_sign_lately_is_refused_and_leaves_nothing(storefront: Storefront, name: str) -> None:
    before = count_kept(storefront)
    body, headers = FORGED[name](b"" if name == "an empty body" else body_of())
    answer = storefront.post(body, headers)
    assert (answer.status, answer.code) == INVALID
    assert count_kept(storefront) == before
    assert storefront.api.queue.sent == []


NO_EVENTS: dict[str, bytes] = {
    "no JSON": b"{",
    "null": b"null",
    "a list": b"[]",
    "an empty object": b"{}",
    "an object of another API": b'{"object": "customer", "id": "cus_1"}',
    "a thin event": body_of(object="v2.core.event", data=None),
    **{f"no {name}": body_of(**{name: None}) for name in ("id", "type", "created", "livemode", "data")},
    "an id that is a number": body_of(id=1),
    "an id of 300 characters": body_of(id="e" * 300),
    "an empty id": body_of(id=""),
    "a NUL in the id": body_of(id="evt_\x00"),
    "a NUL in the type": body_of(type="a\x00"),
    "a NUL in our order": body_of(data={"object": {"object": "checkout.session", "client_reference_id": "\x00"}}),
    "a lone surrogate": body_of(id="evt").replace(b'"evt"', b'"\\ud800"'),
    "livemode as text": body_of(livemode="false"),
    "a time in words": body_of(created="tomorrow"),
    "a time beyond every calendar": body_of(created=10**15),
    "infinity": body_of().replace(b'"livemode": false', b'"livemode": Infinity'),
    "data as text": body_of(data="cs_1"),
    "100,000 levels": b'{"data":' * 20_000,
}


@pytest.mark.parametrize("name", NO_EVENTS)
def test_what_is_signed_and_no_event_is_refused(storefront: Storefront, name: str) -> None:
    before = count_kept(storefront)
    answer = storefront.post(NO_EVENTS[name])
    assert (answer.status, answer.code) == INVALID
    assert count_kept(storefront) == before


def test_a_body_larger_than_any_event_is_refused(storefront: Storefront) -> None:
    before = count_kept(storefront)
    answer = storefront.post(body_of(padding="x" * 300_000))
    assert (answer.status, answer.code) == TOO_LARGE
    assert count_kept(storefront) == before

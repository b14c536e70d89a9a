"""Our check of a webhook's signature and the SDK's, on the same headers."""

import time

import pytest
from stripe import SignatureVerificationError, WebhookSignature

from shared.errors import Malformed
from shared.payments.stripe_signature import MAX_AGE_SECONDS, check_signature

SECRET = "whsec_of_nobody"
BODY = '{"id":"evt_1","text":"ação 🎙"}'.encode()
NOW = int(time.time())


def v1(at: object, body: bytes = BODY, secret: str = SECRET) -> str:
    return WebhookSignature._compute_signature(f"{at}.{body.decode()}", secret)


GOOD = v1(NOW)
HEADERS = {
    "signed": f"t={NOW},v1={GOOD}",
    "signed twice, once well": f"t={NOW},v1={v1(NOW, secret='other')},v1={GOOD}",
    "another scheme beside": f"t={NOW},v0=abc,v1={GOOD}",
    "signature first": f"v1={GOOD},t={NOW}",
    "another scheme only": f"t={NOW},v0={GOOD}",
    "in capitals": f"t={NOW},v1={GOOD.upper()}",
    "a blank before": f"t={NOW}, v1={GOOD}",
    "cut off": f"t={NOW},v1={GOOD[:-1]}",
    "not ASCII": f"t={NOW},v1=é{GOOD[1:]}",
    "an item without a value": f"t={NOW},v1={GOOD},x",
    "no time": f"v1={GOOD}",
    "no number": f"t=today,v1={v1('today')}",
    "another time": f"t={NOW - 1},v1={GOOD}",
    "two times, the second signed": f"t={NOW - 1},t={NOW},v1={GOOD}",
    "as old as may be": f"t={NOW - MAX_AGE_SECONDS + 30},v1={v1(NOW - MAX_AGE_SECONDS + 30)}",
    "older": f"t={NOW - MAX_AGE_SECONDS - 1},v1={v1(NOW - MAX_AGE_SECONDS - 1)}",
    "a comma": ",",
    "nothing": "",
}


def _sdk_takes(header: str) -> bool:
    try:
        return WebhookSignature.verify_header(BODY, header, SECRET, MAX_AGE_SECONDS)
    except (SignatureVerificationError, TypeError):  # TypeError: a signature that is not ASCII
        return False


def _we_take(header: str, *, now: float) -> bool:
    try:
        check_signature(BODY, header, [SECRET], now=now)
    except Malformed:
        return False
    return True


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS.keys())
def test_the_sdk_and_we_judge_alike(header: str) -> None:
    assert _we_take(header, now=time.time()) is _sdk_takes(header)


def test_some_are_taken_and_some_are_not() -> None:
    assert {_sdk_takes(header) for header in HEADERS.values()} == {True, False}


@pytest.mark.parametrize("stamp", ["+{}", " {}", "{}=1", "{}.0", "\uff10{}"])
def test_a_time_that_is_no_plain_number_is_refused(stamp: str) -> None:
    assert not _we_take(f"t={stamp.format(NOW)},v1={GOOD}", now=NOW)


@pytest.mark.parametrize("secret", ["", " ", "\t"])
def test_an_empty_secret_signs_nothing(secret: str) -> None:
    with pytest.raises(Malformed):
        check_signature(BODY, f"t={NOW},v1={v1(NOW, secret=secret)}", [secret], now=NOW)

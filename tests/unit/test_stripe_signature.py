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


def headers(now: int) -> dict[str, str]:
    """Made when they are checked: a suite may take longer than a signature is good for."""
    good = v1(now)
    return {
        "signed": f"t={now},v1={good}",
        "signed twice, once well": f"t={now},v1={v1(now, secret='other')},v1={good}",
        "another scheme beside": f"t={now},v0=abc,v1={good}",
        "signature first": f"v1={good},t={now}",
        "another scheme only": f"t={now},v0={good}",
        "in capitals": f"t={now},v1={good.upper()}",
        "a blank before": f"t={now}, v1={good}",
        "cut off": f"t={now},v1={good[:-1]}",
        "not ASCII": f"t={now},v1=é{good[1:]}",
        "an item without a value": f"t={now},v1={good},x",
        "no time": f"v1={good}",
        "no number": f"t=today,v1={v1('today')}",
        "another time": f"t={now - 1},v1={good}",
        "two times, the second signed": f"t={now - 1},t={now},v1={good}",
        "as old as may be": f"t={now - MAX_AGE_SECONDS + 30},v1={v1(now - MAX_AGE_SECONDS + 30)}",
        "older": f"t={now - MAX_AGE_SECONDS - 1},v1={v1(now - MAX_AGE_SECONDS - 1)}",
        "a comma": ",",
        "nothing": "",
    }


NAMES = tuple(headers(NOW))


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


@pytest.mark.parametrize("name", NAMES)
def test_the_sdk_and_we_judge_alike(name: str) -> None:
    header = headers(int(time.time()))[name]
    assert _we_take(header, now=time.time()) is _sdk_takes(header)


def test_some_are_taken_and_some_are_not() -> None:
    made = headers(int(time.time()))
    assert {_sdk_takes(header) for header in made.values()} == {True, False}


@pytest.mark.parametrize("stamp", ["+{}", " {}", "{}=1", "{}.0", "\uff10{}"])
def test_a_time_that_is_no_plain_number_is_refused(stamp: str) -> None:
    assert not _we_take(f"t={stamp.format(NOW)},v1={v1(NOW)}", now=NOW)


@pytest.mark.parametrize("secret", ["", " ", "\t"])
def test_an_empty_secret_signs_nothing(secret: str) -> None:
    with pytest.raises(Malformed):
        check_signature(BODY, f"t={NOW},v1={v1(NOW, secret=secret)}", [secret], now=NOW)

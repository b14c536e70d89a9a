"""Signing out and leaving for good, with tokens that are really signed and the SDKs of Stripe and Firebase."""

import time
from typing import Any

import httpx

from tests.e2e.phone import Phone
from tests.e2e.served import Served


def sign_in(served: Served, phone: Phone) -> tuple[str, str]:
    """An ID token, and a refresh token of the same sign-in."""
    signed_in = phone.http.get(f"{served.url}/dev/sign-in", params={"uid": phone.uid}).json()
    return signed_in["id_token"], signed_in["refresh_token"]


def with_token(served: Served, phone: Phone, token: str, method: str, path: str) -> httpx.Response:
    return phone.http.request(method, served.url + path, headers={"authorization": f"Bearer {token}"})


def refresh(served: Served, phone: Phone, refresh_token: str) -> int:
    return phone.http.post(f"{served.url}/dev/refresh", data={"refresh_token": refresh_token}).status_code


def code(answer: httpx.Response) -> tuple[int, Any]:
    return answer.status_code, answer.json().get("code")


def test_after_a_logout_old_tokens_are_refused_and_none_is_made_of_them(served: Served, phone: Phone) -> None:
    token, kept = sign_in(served, phone)
    assert with_token(served, phone, token, "GET", "/api/me").status_code == 200
    assert refresh(served, phone, kept) == 200
    wait_for_the_next_second()  # Firebase counts whole ones: a sign-in of this very second would still count there
    assert with_token(served, phone, token, "POST", "/api/auth/logout").status_code == 204
    assert code(with_token(served, phone, token, "GET", "/api/me")) == (401, "token_revoked")
    assert refresh(served, phone, kept) == 400
    wait_for_the_next_second()
    again, _ = sign_in(served, phone)
    assert with_token(served, phone, again, "GET", "/api/me").status_code == 200


def test_whoever_leaves_takes_everything_along_and_is_told_so(served: Served, phone: Phone) -> None:
    session_id = phone.open_session()
    phone.call("POST", f"/api/sessions/{session_id}/blocks", {"block_type": "marker", "text_content": "Buy milk."})
    phone.upload(session_id, b"123456789", media_type="audio", content_type="audio/wav")
    phone.call("POST", "/api/payments/checkout", {"package_id": "starter"})
    token, kept = sign_in(served, phone)
    answer = with_token(served, phone, token, "DELETE", "/api/me")
    certificate = answer.json()
    assert (answer.status_code, certificate["pending"]) == (200, [])
    assert (certificate["objects"], certificate["stripe_customer"], certificate["firebase_user"]) == (
        1,
        "deleted",
        "deleted",
    )
    assert certificate["rows"]["sessions"] == 1
    assert code(with_token(served, phone, token, "GET", "/api/sessions")) == (403, "account_disabled")
    assert with_token(served, phone, token, "DELETE", "/api/me").json() == certificate
    assert refresh(served, phone, kept) == 400


def wait_for_the_next_second() -> None:
    time.sleep(1.05 - time.time() % 1)

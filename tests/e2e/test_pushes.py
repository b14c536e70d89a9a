"""A push on its whole way: a phone that is registered over HTTP shows it, and one that is muted does not."""

import time
from typing import Any
from uuid import uuid4

from tests.e2e.phone import Phone
from tests.e2e.served import Served

PATIENCE_SECONDS = 60


def processed(phone: Phone) -> str:
    session_id = phone.open_session()
    phone.call("POST", f"/api/sessions/{session_id}/blocks", {"block_type": "marker", "text_content": "Buy milk."})
    phone.finalize(session_id)
    assert phone.until(session_id)["status"] == "processed"
    return session_id


def shown(served: Served, phone: Phone, token: str, *, at_least: int) -> list[dict[str, Any]]:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        pushes = phone.http.get(f"{served.url}/dev/push").json()["pushes"]
        mine = [push for push in pushes if push["token"] == token]
        if len(mine) >= at_least or time.monotonic() > deadline:
            return mine
        time.sleep(0.05)


def test_a_registered_phone_shows_that_its_session_is_processed(served: Served, phone: Phone) -> None:
    token, device = f"phone-{uuid4()}", f"/api/me/devices/{uuid4()}"
    phone.call("PUT", device, {"fcm_token": token, "platform": "android"})
    phone.call("PUT", f"/api/me/devices/{uuid4()}", {"fcm_token": f"gone-{uuid4()}", "platform": "ios"})
    session_id = processed(phone)
    [push] = shown(served, phone, token, at_least=1)
    assert push["data"].items() >= {"kind": "processed", "session_id": session_id}.items()
    assert (push["title"], push["times"]) == ("Your note is ready", 1)
    assert "milk" not in str(push)
    phone.call("PATCH", "/api/me", {"notifications": {"processed": False}})
    processed(phone)  # 3 credits: the second one brings them down to 1
    kinds = [push["data"]["kind"] for push in shown(served, phone, token, at_least=2)]
    assert kinds == ["credits_low", "processed"]


def test_the_page_of_phones_is_for_people(served: Served, phone: Phone) -> None:
    page = phone.http.get(f"{served.url}/dev/push", headers={"accept": "text/html"})
    assert "What the phones show" in page.text

"""What a stop, a start and a signal do to the local stack."""

from pathlib import Path

import httpx
import pytest

from tests.e2e.phone import Phone
from tests.e2e.served import THROUGH_MAKE, serve, start_and_stop, wait_until_gone


def test_data_survives_a_restart_and_no_process_does(tmp_path: Path, picture: bytes, http: httpx.Client) -> None:
    first = serve(tmp_path, command=THROUGH_MAKE)
    phone = Phone(url=first.url, http=http)
    session_id = phone.open_session("image")
    media_id = phone.upload(session_id, picture, media_type="image", content_type="image/png")
    assert phone.call("POST", "/api/uploads/commit", {"media_id": media_id})["status"] == "uploaded"
    first.stop()  # make answers SIGTERM by passing it on, and with a status of its own
    assert wait_until_gone(str(tmp_path)) == []

    second = serve(tmp_path)
    again = Phone(url=second.url, http=http, uid=phone.uid)
    try:
        assert again.credits() == 3
        again.finalize(session_id)
        session = again.until(session_id)
        assert session["status"] == "processed"
        assert again.search("what to buy at the weekend")[0]["media_id"] == media_id
    finally:
        assert second.stop() == 0
    assert wait_until_gone(str(tmp_path)) == []


@pytest.mark.parametrize("after_seconds", [1.5, 3.0])
def test_a_signal_during_the_start_leaves_no_process_either(tmp_path: Path, after_seconds: float) -> None:
    start_and_stop(tmp_path, after_seconds)
    assert wait_until_gone(str(tmp_path)) == []


def test_a_second_stack_on_the_same_data_is_refused_and_leaves_the_first_alone(
    tmp_path: Path, http: httpx.Client
) -> None:
    first = serve(tmp_path)
    try:
        with pytest.raises(RuntimeError, match="did not start"):
            serve(tmp_path, {"RESET": "1"})
        assert http.get(f"{first.url}/api/health").status_code == 200
    finally:
        assert first.stop() == 0

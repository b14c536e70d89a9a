"""Providers with keys in the environment, and what becomes of a session when one of them is down."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.phone import Phone
from tests.e2e.served import Served, serve
from tests.fakes.openai_like import OpenAiLike
from tests.fixtures.crowds import wait_until


@pytest.fixture(scope="module")
def vendors() -> Iterator[OpenAiLike]:
    """Groq, OpenAI and DeepSeek, as far as a socket can tell."""
    with OpenAiLike() as server:
        yield server


@pytest.fixture(scope="module")
def served_with_keys(tmp_path_factory: pytest.TempPathFactory, vendors: OpenAiLike) -> Iterator[Served]:
    """A stack that buys everything from `vendors`."""
    keys = {f"{name}_API_KEY": f"key-of-{name.lower()}" for name in ("GROQ", "OPENAI", "DEEPSEEK")}
    addresses = {
        "GROQ_BASE_URL": vendors.url,
        "OPENAI_BASE_URL": f"{vendors.url}/v1",
        "DEEPSEEK_BASE_URL": vendors.url,
    }
    stack = serve(tmp_path_factory.mktemp("keys"), {**keys, **addresses})
    yield stack
    assert stack.stop() == 0


def now_and_then(phone: Phone, session_id: str) -> dict[str, Any]:
    """The summary's step, looked at as often as a phone may."""
    time.sleep(0.1)
    return step_of(phone, session_id, "summarise")


def step_of(phone: Phone, session_id: str, kind: str) -> dict[str, Any]:
    steps = phone.call("GET", f"/api/sessions/{session_id}")["steps"]
    return next((step for step in steps if step["kind"] == kind), {"reason": None})


def test_with_keys_the_same_command_asks_the_real_providers(
    served_with_keys: Served, vendors: OpenAiLike, http: httpx.Client, voice_note: bytes, picture: bytes
) -> None:
    phone = Phone(url=served_with_keys.url, http=http)
    session_id = phone.open_session()
    phone.upload(session_id, voice_note, media_type="audio", content_type="audio/ogg")
    phone.upload(session_id, picture, media_type="image", content_type="image/png")
    phone.finalize(session_id)
    session = phone.until(session_id)
    assert session["status"] == "processed", session["failure_reason"]
    assert {step["kind"]: step["provider"] for step in session["steps"]} == {
        "transcribe": "groq",
        "describe_image": "openai",
        "embed": "openai",
        "summarise": "deepseek",
    }
    assert phone.search("anything", threshold=0)[0]["provider"] == "openai"
    assert vendors.keys_seen == {"Bearer key-of-groq", "Bearer key-of-openai", "Bearer key-of-deepseek"}


def test_a_session_whose_providers_are_away_waits_visibly_and_is_processed_when_they_are_back(
    served_with_keys: Served, vendors: OpenAiLike, http: httpx.Client
) -> None:
    phone = Phone(url=served_with_keys.url, http=http)
    session_id = phone.open_session()
    phone.call("POST", f"/api/sessions/{session_id}/blocks", {"block_type": "marker", "text_content": "Buy bread"})
    with vendors.down("chat/completions"):
        phone.finalize(session_id)
        wait_until(lambda: now_and_then(phone, session_id)["reason"] == "provider_paused")
        assert phone.call("GET", f"/api/sessions/{session_id}")["status"] == "processing"
        assert step_of(phone, session_id, "summarise")["attempts"] < 5
    session = phone.until(session_id)
    assert session["status"] == "processed"
    assert phone.credits() == 2


def test_a_provider_that_comes_back_in_time_costs_one_credit_once(
    served_with_keys: Served, vendors: OpenAiLike, http: httpx.Client
) -> None:
    phone = Phone(url=served_with_keys.url, http=http)
    session_id = phone.open_session()
    phone.call("POST", f"/api/sessions/{session_id}/blocks", {"block_type": "marker", "text_content": "Buy bread"})
    with vendors.down("embeddings", answers=2):
        phone.finalize(session_id)
        session = phone.until(session_id)
    assert session["status"] == "processed"
    assert {step["kind"]: step["attempts"] for step in session["steps"]}["embed"] == 3
    assert phone.credits() == 2


def test_search_says_so_when_its_provider_is_down(
    served_with_keys: Served, vendors: OpenAiLike, http: httpx.Client
) -> None:
    phone = Phone(url=served_with_keys.url, http=http)
    session_id = phone.open_session()
    phone.call("POST", f"/api/sessions/{session_id}/blocks", {"block_type": "marker", "text_content": "Buy bread"})
    phone.finalize(session_id)
    assert phone.until(session_id)["status"] == "processed"
    with vendors.down("embeddings"):
        answer = phone.answer("POST", "/api/search/semantic", {"query": "anything"})
    assert answer.status_code == 503
    assert answer.json()["code"] == "provider_unavailable"


def test_a_taken_port_is_said_in_a_sentence(tmp_path: Path, served_with_keys: Served) -> None:
    port = served_with_keys.url.rpartition(":")[2]
    with pytest.raises(RuntimeError, match="did not start"):
        serve(tmp_path, {"PORT": port})

"""The main job: a spoken note, a picture and a marker go in, and come back by meaning."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from dev.demo.console import (
    announce,
    show_answer,
    show_hits,
    show_latency,
    show_pipeline,
    show_providers,
    show_step,
)
from dev.demo.phone import Phone, Refused, sign_in
from dev.stack import Stack

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
VOICE_NOTE = (SAMPLES / "voice_note.ogg").read_bytes()
PICTURE = (SAMPLES / "picture.png").read_bytes()
MARKER = "The spare key of the bicycle lock is in the blue drawer of the desk."
_DEADLINE_SECONDS = 120
_POLL_SECONDS = 0.05
_FINAL = {"processed", "failed"}
_READING = {"transcribe", "describe_image"}


@dataclass(frozen=True, kw_only=True)
class Question:
    """A search, and what its best hit must be: a kind of block, a word in it, and by when a recording says it."""

    text: str
    block_type: str
    word: str
    said_before_ms: int | None = None


QUESTIONS = (
    Question(text="my tooth aches", block_type="voice", word="mouth", said_before_ms=10_500),
    Question(text="what to buy at the weekend", block_type="image", word="milk"),
    Question(text="where did I put the key", block_type="marker", word="drawer"),
)


ASKED = "When is my appointment with the dentist?"
NOT_NOTED = "Which wine did Ana bring to the wedding?"


async def play_main_job(stack: Stack, *, uid: str, begun: float) -> bool:
    """Play it as the user `uid`; True when every step was right. `begun`: when the command did, by perf_counter."""
    started_seconds = time.perf_counter() - begun
    show_providers(stack.providers)
    async with httpx.AsyncClient(timeout=30) as http:
        phone = await sign_in(http, stack.url, uid)
        try:
            if stack.has_local_phones:
                await phone.register(uid)
            session_id = await _capture(phone)
            total, session = await _process(phone, session_id)
            is_right = _check_session(session)
            if stack.has_local_phones:
                is_right &= await _hear(phone, uid, session_id)
            for question in QUESTIONS:
                is_right &= await _search(phone, session, question)
            is_right &= await _ask(phone)
        except Refused as refusal:
            show_step(str(refusal), is_right=False)
            return False
    show_latency(
        total_seconds=total,
        own_seconds=total - provider_seconds(session["steps"]),
        start_seconds=started_seconds,
        whole_seconds=time.perf_counter() - begun,
    )
    announce("Every step was right." if is_right else "Something was WRONG; the log has more: " + str(stack.log_path))
    return is_right


def provider_seconds(steps: Sequence[dict[str, Any]]) -> float:
    """Time that passed in providers: reading runs side by side, then making does, so the longest of each counts."""
    reading = [step["provider_ms"] or 0 for step in steps if step["kind"] in _READING]
    making = [step["provider_ms"] or 0 for step in steps if step["kind"] not in _READING]
    return (max(reading, default=0) + max(making, default=0)) / 1_000


async def _capture(phone: Phone) -> str:
    before = (await phone.call("GET", "/api/me"))["credits"]
    show_step(f"signed in: {before} credits", is_right=before > 0)
    session = await phone.call("POST", "/api/sessions", {"session_type": "mixed", "language": "en"})
    session_id: str = session["id"]
    show_step(f"session opened: {session_id}", is_right=session["status"] == "open")
    voice = await phone.upload(session_id, VOICE_NOTE, media_type="audio", content_type="audio/ogg")
    picture = await phone.upload(session_id, PICTURE, media_type="image", content_type="image/png")
    show_step("a spoken note and a picture uploaded straight to the bucket", is_right=True)
    blocks = [
        {"block_type": "voice", "media_id": voice},
        {"block_type": "image", "media_id": picture},
        {"block_type": "marker", "text_content": MARKER},
    ]
    added = await phone.call("POST", f"/api/sessions/{session_id}/blocks", blocks)
    show_step("three blocks captured", is_right=len(added["blocks"]) == len(blocks))
    return session_id


async def _process(phone: Phone, session_id: str) -> tuple[float, dict[str, Any]]:
    """Finalize, and watch the steps until the session is final. Returns seconds, and the session."""
    before = (await phone.call("GET", "/api/me/credits"))["credits"]
    begun = time.perf_counter()
    finalized = await phone.call("POST", f"/api/sessions/{session_id}/finalize")
    show_step(f"finalized: {finalized['message']}", is_right=finalized["status"] == "pending_processing")
    session = await _final(phone, session_id)
    total = time.perf_counter() - begun
    after = (await phone.call("GET", "/api/me/credits"))["credits"]
    show_step(f"one credit taken: {before} -> {after}", is_right=after == before - 1)
    return total, session


async def _final(phone: Phone, session_id: str) -> dict[str, Any]:
    deadline = time.monotonic() + _DEADLINE_SECONDS
    shown: set[str] = set()
    while time.monotonic() < deadline:
        session = await phone.call("GET", f"/api/sessions/{session_id}")
        for step in session["steps"]:
            if step["state"] == "completed" and step["kind"] not in shown:
                shown.add(step["kind"])
                show_step(f"{step['kind']} by {step['provider']} ({step['model']})", is_right=True)
        if session["status"] in _FINAL:
            return session
        await asyncio.sleep(_POLL_SECONDS)
    raise Refused(f"the session was not processed within {_DEADLINE_SECONDS} s")


def _check_session(session: dict[str, Any]) -> bool:
    is_right = session["status"] == "processed" and bool(session["summary"])
    show_step(f"{session['status']}: {session['title']}", is_right=is_right)
    show_pipeline(session["steps"])
    announce(f"Summary: {session['summary']}\n")
    return is_right


async def _hear(phone: Phone, fcm_token: str, session_id: str) -> bool:
    """Wait for the push that says the session is processed; nothing else waited for it."""
    deadline = time.monotonic() + _DEADLINE_SECONDS
    pushes: list[dict[str, Any]] = []
    while not pushes and time.monotonic() < deadline:
        pushes = await phone.pushes(fcm_token)
        await asyncio.sleep(_POLL_SECONDS)
    is_right = [push["data"].get("session_id") for push in pushes] == [session_id]
    show_step(f"the phone shows: {pushes[0]['title'] if pushes else 'nothing'}", is_right=is_right)
    return is_right


async def _search(phone: Phone, session: dict[str, Any], question: Question) -> bool:
    found = await phone.call("POST", "/api/search/semantic", {"query": question.text, "limit": 3})
    show_hits(question.text, found["results"])
    is_right = bool(found["results"]) and _is_answer(found["results"][0], session, question)
    show_step(f"the best hit is the {question.block_type} block", is_right=is_right)
    return is_right


async def _ask(phone: Phone) -> bool:
    """One question that the notes answer, with the place that proves it, and one that they do not."""
    known, unknown = [await phone.call("POST", "/api/ask", {"question": text}) for text in (ASKED, NOT_NOTED)]
    show_answer(ASKED, known)
    show_answer(NOT_NOTED, unknown)
    is_right = any("dentist" in place["quote"] and place["start_ms"] is not None for place in known["citations"])
    is_right &= not unknown["answered"]
    show_step("answered with a quote and its second in the recording, or not at all", is_right=is_right)
    return is_right


def _is_answer(hit: dict[str, Any], session: dict[str, Any], question: Question) -> bool:
    kinds = {block["id"]: block["block_type"] for block in session["blocks"]}
    is_in_time = question.said_before_ms is None or (
        hit["start_ms"] is not None and hit["start_ms"] <= question.said_before_ms
    )
    return kinds[hit["block_id"]] == question.block_type and question.word in hit["text"].lower() and is_in_time

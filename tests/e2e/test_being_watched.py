"""What an operator can see of the running stack: one request's whole way, and its state as tables."""

import json
import os
import subprocess
import sys
from typing import Any
from uuid import uuid4

from tests.e2e.phone import Phone
from tests.e2e.served import ROOT, Served

THROUGH_MAKE = ("make", "--silent", f"VENV={sys.prefix}", "status")
NOTE = "The umbrella hangs behind the kitchen door."


def lines_of(served: Served) -> list[dict[str, Any]]:
    """Every line a function logged, with the function's name."""
    found: list[dict[str, Any]] = []
    for line in (served.data_dir / "stack.log").read_text().splitlines():
        name, _, told = line.partition(" | ")
        if told.startswith("{"):
            found.append({"function": name, **json.loads(told)})
    return found


def test_one_id_leads_from_the_phones_request_through_every_function(
    served: Served, phone: Phone, voice_note: bytes
) -> None:
    request_id = f"phone-{uuid4()}"
    session_id = phone.open_session()
    phone.call("POST", f"/api/sessions/{session_id}/blocks", {"block_type": "marker", "text_content": NOTE})
    phone.call("POST", f"/api/sessions/{session_id}/finalize", headers={"x-request-id": f"{request_id}-marker"})
    assert phone.until(session_id)["status"] == "processed"
    heard = phone.open_session()
    phone.upload(heard, voice_note, media_type="audio", content_type="audio/ogg")
    answer = phone.answer("POST", f"/api/sessions/{heard}/finalize", headers={"x-request-id": request_id})
    assert answer.headers["x-request-id"] == request_id
    assert phone.until(heard)["status"] == "processed"
    logged = [line for line in lines_of(served) if "message" in line]
    for wanted, functions in (
        (request_id, {"sessions", "transcribe", "embed", "summarise"}),
        (f"{request_id}-marker", {"sessions", "embed", "summarise"}),
    ):
        assert functions <= {line["function"] for line in logged if line.get("correlation_id") == wanted}
    everything = (served.data_dir / "stack.log").read_text()
    assert all(secret not in everything for secret in ("umbrella", "kitchen door", "X-Amz-Signature", f"{phone.uid}@"))


def test_make_status_shows_the_stack_and_ends_well(served: Served) -> None:
    port = served.url.rpartition(":")[2]
    asked = {name: value for name, value in os.environ.items() if name not in {"URL", "TOKEN", "WATCH"}}
    run = subprocess.run(
        [*THROUGH_MAKE, f"PORT={port}"],
        cwd=ROOT,
        env={**asked, "COLUMNS": "160"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert all(word in run.stdout for word in ("transcribe", "outbox: unsent", "All is well."))

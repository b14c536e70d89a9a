"""Everything out of one account and into another, over HTTP alone."""

import hashlib
import io
import json
import time
from typing import Any
from zipfile import ZipFile

import httpx

from tests.e2e.phone import Phone
from tests.e2e.served import Served


def until(phone: Phone, path: str, states: set[str], seconds: float = 120) -> dict[str, Any]:
    """What is told of an export or import once it is in one of these states."""
    deadline = time.monotonic() + seconds
    told = phone.call("GET", path)
    while told["state"] not in states:
        assert time.monotonic() < deadline, f"still {told} after {seconds} s"
        time.sleep(0.1)
        told = phone.call("GET", path)
    return told


def test_what_is_exported_by_one_user_is_found_by_another_who_imports_it(
    phone: Phone, served: Served, http: httpx.Client, picture: bytes
) -> None:
    session_id = phone.open_session()
    phone.upload(session_id, picture, media_type="image", content_type="image/png")
    phone.call(
        "POST",
        f"/api/sessions/{session_id}/blocks",
        {"block_type": "marker", "text_content": "The spare key is in the blue drawer."},
    )
    phone.finalize(session_id)
    assert phone.until(session_id)["status"] == "processed"
    assert phone.answer("GET", "/api/me/export").status_code == 202
    export = until(phone, "/api/me/export", {"ready", "failed"})
    content = http.get(export["download_url"]).content
    assert hashlib.sha256(content).hexdigest() == export["sha256"]
    with ZipFile(io.BytesIO(content)) as archive:
        assert [archive.read(name) for name in archive.namelist() if name.startswith("media/")] == [picture]
        for file in json.loads(archive.read("manifest.json"))["files"]:
            assert hashlib.sha256(archive.read(file["path"])).hexdigest() == file["sha256"]
    other = Phone(url=served.url, http=http)
    declared = {"size_bytes": export["size_bytes"], "sha256": export["sha256"]}
    upload = other.call("POST", "/api/me/import", declared)
    assert http.put(upload["upload_url"], content=content, headers=upload["headers"]).is_success
    path = f"/api/me/import/{upload['import_id']}"
    other.call("POST", f"{path}/start")
    brought = until(other, path, {"completed", "failed"})
    assert (brought["state"], brought["reason"]) == ("completed", None)
    deadline = time.monotonic() + 60
    while not (hits := other.search("where did I put the key")):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert (hits[0]["session_id"], hits[0]["text"]) == (session_id, "The spare key is in the blue drawer.")
    assert (other.credits(), phone.credits()) == (3, 2)
    [media] = other.read(session_id)["media"]
    assert (media["status"], media["size_bytes"]) == ("uploaded", len(picture))
    assert {step["state"] for step in other.read(session_id)["steps"]} <= {"completed", "skipped", "ready", "running"}

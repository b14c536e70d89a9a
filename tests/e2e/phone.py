"""A phone for the end-to-end tests: HTTP and nothing else."""

import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

FINAL = {"processed", "failed", "no_credits", "raw_only"}


@dataclass(frozen=True, kw_only=True)
class Phone:
    """One signed-in user."""

    url: str
    http: httpx.Client
    uid: str = field(default_factory=lambda: f"user-{uuid4()}")

    def answer(self, method: str, path: str, body: Any = None, **options: Any) -> httpx.Response:
        """Whatever the API answers, with a fresh token."""
        token = self.http.get(f"{self.url}/dev/token", params={"uid": self.uid}).text
        headers = {"authorization": f"Bearer {token}", **options.pop("headers", {})}
        return self.http.request(method, self.url + path, json=body, headers=headers, **options)

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """The JSON of an answer that must be a success."""
        answer = self.answer(method, path, body, **options)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def open_session(self, session_type: str = "mixed") -> str:
        """A new session's id."""
        return self.call("POST", "/api/sessions", {"session_type": session_type, "language": "en"})["id"]

    def presign(self, session_id: str, content: bytes, *, media_type: str, content_type: str) -> dict[str, Any]:
        """Permission to upload `content`."""
        declared = {"type": media_type, "content_type": content_type, "size_bytes": len(content)}
        return self.call("POST", "/api/uploads/presign", {"session_id": session_id, **declared})

    def upload(self, session_id: str, content: bytes, *, media_type: str, content_type: str) -> str:
        """Presign and PUT; the media id."""
        upload = self.presign(session_id, content, media_type=media_type, content_type=content_type)
        answer = self.http.put(upload["upload_url"], content=content, headers=upload["headers"])
        assert answer.is_success, answer.text
        return upload["media_id"]

    def finalize(self, session_id: str) -> dict[str, Any]:
        """What finalizing answers."""
        return self.call("POST", f"/api/sessions/{session_id}/finalize")

    def until(self, session_id: str, states: set[str] = FINAL, seconds: float = 120) -> dict[str, Any]:
        """The session once it is in one of `states`."""
        deadline = time.monotonic() + seconds
        session = self.call("GET", f"/api/sessions/{session_id}")
        while session["status"] not in states:
            assert time.monotonic() < deadline, f"still {session['status']} after {seconds} s: {session['steps']}"
            time.sleep(0.1)
            session = self.call("GET", f"/api/sessions/{session_id}")
        return session

    def search(self, query: str, **options: Any) -> list[dict[str, Any]]:
        """Hits of a semantic search."""
        return self.call("POST", "/api/search/semantic", {"query": query, **options})["results"]

    def credits(self) -> int:
        """The balance."""
        return self.call("GET", "/api/me/credits")["credits"]

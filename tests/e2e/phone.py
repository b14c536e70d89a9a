"""A phone for the end-to-end tests: HTTP and nothing else; the main job through the client that others would use."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID, uuid4

import httpx
from second_brain_client import AuthenticatedClient
from second_brain_client.api.profile import profile_credits
from second_brain_client.api.search import search_by_meaning
from second_brain_client.api.sessions import sessions_create, sessions_finalize, sessions_read
from second_brain_client.api.uploads import uploads_presign
from second_brain_client.models import (
    CreateSession,
    CreditsOut,
    FinalizeSession,
    MediaType,
    MovedOut,
    PresignUpload,
    SearchBody,
    SearchOut,
    SessionOut,
    SessionType,
    UploadOut,
    WholeSessionOut,
)

FINAL = {"processed", "failed", "no_credits", "raw_only"}

ShapeT = TypeVar("ShapeT")


@dataclass(frozen=True, kw_only=True)
class Phone:
    """One signed-in user."""

    url: str
    http: httpx.Client
    uid: str = field(default_factory=lambda: f"user-{uuid4()}")

    def token(self, **claims: str) -> str:
        """A fresh one, which says this, too."""
        return self.http.get(f"{self.url}/dev/token", params={"uid": self.uid, **claims}).text

    @cached_property
    def client(self) -> AuthenticatedClient:
        """The typed client, generated from the document of the API, with a token of this user's."""
        headers = {"authorization": f"Bearer {self.token()}"}
        # On the connections of the one client for all: nobody has to close it.
        http = httpx.Client(base_url=self.url, headers=headers, timeout=60, transport=self.http._transport)
        return AuthenticatedClient(base_url=self.url, token="", raise_on_unexpected_status=True).set_httpx_client(http)

    def ask(self, shape: type[ShapeT], operation: Callable[..., Any], *ids: UUID, **given: Any) -> ShapeT:
        """What an operation answers, which must be of that shape."""
        answer = operation(*ids, client=self.client, **given)
        assert isinstance(answer, shape), answer
        return answer

    def answer(self, method: str, path: str, body: Any = None, **options: Any) -> httpx.Response:
        """Whatever the API answers, with a fresh token."""
        headers = {"authorization": f"Bearer {self.token()}", **options.pop("headers", {})}
        return self.http.request(method, self.url + path, json=body, headers=headers, **options)

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """The JSON of an answer that must be a success."""
        answer = self.answer(method, path, body, **options)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def open_session(self, session_type: str = "mixed") -> str:
        """A new session's id."""
        wanted = CreateSession(session_type=SessionType(session_type), language="en")
        return str(self.ask(SessionOut, sessions_create.sync, body=wanted).id)

    def presign(self, session_id: str, content: bytes, *, media_type: str, content_type: str) -> dict[str, Any]:
        """Permission to upload `content`."""
        wanted = PresignUpload(
            session_id=UUID(session_id),
            type_=MediaType(media_type),
            content_type=content_type,
            size_bytes=len(content),
        )
        return self.ask(UploadOut, uploads_presign.sync, body=wanted).to_dict()

    def upload(self, session_id: str, content: bytes, *, media_type: str, content_type: str) -> str:
        """Presign and PUT; the media id."""
        upload = self.presign(session_id, content, media_type=media_type, content_type=content_type)
        answer = self.http.put(upload["upload_url"], content=content, headers=upload["headers"])
        assert answer.is_success, answer.text
        return upload["media_id"]

    def finalize(self, session_id: str) -> dict[str, Any]:
        """What finalizing answers."""
        return self.ask(MovedOut, sessions_finalize.sync, UUID(session_id), body=FinalizeSession()).to_dict()

    def read(self, session_id: str) -> dict[str, Any]:
        """The session with all that belongs to it."""
        return self.ask(WholeSessionOut, sessions_read.sync, UUID(session_id)).to_dict()

    def until(self, session_id: str, states: set[str] = FINAL, seconds: float = 120) -> dict[str, Any]:
        """The session once it is in one of `states`."""
        deadline = time.monotonic() + seconds
        session = self.read(session_id)
        while session["status"] not in states:
            assert time.monotonic() < deadline, f"still {session['status']} after {seconds} s: {session['steps']}"
            time.sleep(0.1)
            session = self.read(session_id)
        return session

    def search(self, query: str, **options: Any) -> list[dict[str, Any]]:
        """Hits of a semantic search."""
        found = self.ask(SearchOut, search_by_meaning.sync, body=SearchBody(query=query, **options))
        return [hit.to_dict() for hit in found.results]

    def credits(self) -> int:
        """The balance."""
        return self.ask(CreditsOut, profile_credits.sync).credits_

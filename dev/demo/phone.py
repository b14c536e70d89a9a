"""A phone, as far as the API can tell: it speaks HTTP and nothing else."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx


class Refused(RuntimeError):
    """The API did not answer as the main job needs it to."""


@dataclass(frozen=True, kw_only=True)
class Phone:
    """One signed-in user's client."""

    http: httpx.AsyncClient
    url: str
    token: str

    async def call(self, method: str, path: str, body: Any = None) -> Any:  # noqa: ANN401 - JSON
        """The JSON answer of a call that succeeds. Raises Refused with what was answered instead."""
        headers = {"authorization": f"Bearer {self.token}"}
        answer = await self.http.request(method, self.url + path, json=body, headers=headers)
        if not answer.is_success:
            raise Refused(f"{method} {path} answered {answer.status_code}: {answer.text}")
        return answer.json() if answer.content else None

    async def register(self, fcm_token: str) -> None:
        """Let pushes reach this phone."""
        await self.call("PUT", f"/api/me/devices/{uuid4()}", {"fcm_token": fcm_token, "platform": "ios"})

    async def pushes(self, fcm_token: str) -> list[dict[str, Any]]:
        """What the local FCM says this phone shows, newest first."""
        shown = await self.call("GET", "/dev/push")
        return [push for push in shown["pushes"] if push["token"] == fcm_token]

    async def upload(self, session_id: str, content: bytes, *, media_type: str, content_type: str) -> str:
        """Presign, then PUT the file straight to the bucket. Returns the media id."""
        upload = await self.call(
            "POST",
            "/api/uploads/presign",
            {"session_id": session_id, "type": media_type, "content_type": content_type, "size_bytes": len(content)},
        )
        answer = await self.http.put(upload["upload_url"], content=content, headers=upload["headers"])
        if not answer.is_success:
            raise Refused(f"the bucket answered {answer.status_code} to the upload: {answer.text}")
        return upload["media_id"]


async def sign_in(http: httpx.AsyncClient, url: str, uid: str) -> Phone:
    """A phone with a fresh ID token of the local issuer."""
    answer = await http.get(f"{url}/dev/token", params={"uid": uid})
    answer.raise_for_status()
    return Phone(http=http, url=url, token=answer.text.strip())

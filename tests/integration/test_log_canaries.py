"""What people write and what opens doors is in no log, no error and no dead letter, whatever goes wrong, at DEBUG."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import psycopg
import pytest

from dev.accounts_vendor import settings_of
from dev.key_file import new_key
from dev.localhost import serving
from dev.payment_settings import Account, ReturnPages, payment_settings
from dev.postgres import Postgres
from dev.providers import provider_settings
from dev.vendors.fcm_account import ServiceAccount
from dev.vendors.identity_app import create_app
from dev.vendors.identity_local import LocalPeople
from functions.catalogue import FUNCTIONS
from shared.ids import SessionId
from shared.media.model import MediaType
from shared.telemetry import WITHHELD
from tests.fakes.small_server import small_server
from tests.fixtures.canaries import JWT, Parrot, everything_written
from tests.fixtures.deployed import Deployed, deployed
from tests.fixtures.local_stripe import served_in_thread
from tests.fixtures.phone import Answer, Phone
from tests.fixtures.pictures import picture
from tests.fixtures.recordings import recording

API = {function.name for function in FUNCTIONS if function.routes}


@dataclass(frozen=True, kw_only=True)
class Watched:
    """The deployed functions with keys that sing, and what they were asked to keep to themselves."""

    world: Deployed
    parrot: Parrot
    written: io.StringIO
    signatures: list[str] = field(default_factory=list[str])
    problems: list[str] = field(default_factory=list[str])

    def phone(self) -> "CanaryPhone":
        handlers = {name: self.world.function(name).handler for name in API}
        headers = {"authorization": f"Bearer {JWT}"}
        return CanaryPhone(
            handlers=handlers, uid="canary-uid", headers=headers, problems=self.problems, signatures=self.signatures
        )

    def found_in(self, text: str) -> list[str]:
        """Every canary in a text, with a little of what is around it."""
        words = "|".join(map(re.escape, ["canary", JWT, "X-Amz-Signature", "@example.org", *self.signatures]))
        return re.findall(f".{{0,120}}(?:{words}).{{0,60}}", text, flags=re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class CanaryPhone(Phone):
    """A phone that keeps what it is told when something is refused."""

    problems: list[str]
    signatures: list[str]

    def call(self, method: str, path: str, body: Any = None, **others: Any) -> Answer:
        answer = super().call(method, path, body, **others)
        self.signatures.extend(re.findall(r"X-Amz-Signature=(\w+)", answer.body))
        if answer.status >= 400:
            self.problems.append(answer.body)
        return answer


@pytest.fixture
def watched(postgres: Postgres, database_name: str, owner: psycopg.Connection) -> Iterator[Watched]:
    parrot = Parrot()
    people, signer = LocalPeople(), ServiceAccount(project="canaries", key=new_key())
    account = Account(base_url="", api_key="sk_test_canaryofakey", webhook_secret="whsec_canaryofasecret")
    with (
        everything_written() as written,
        small_server(parrot.answer) as url,
        deployed(postgres, database_name, owner, providers_url=url) as world,
        served_in_thread(serving(create_app(people, signer))) as identity,
    ):
        providers = provider_settings({}, local_url=url)
        keys = {name: f"sk-canary-{name}" for name in providers if name.endswith("API_KEY") and providers[name]}
        pages = ReturnPages(success_url="https://example.com", cancel_url="https://example.com")
        payments = payment_settings({}, replace(account, base_url=url), pages)
        accounts = settings_of(signer, identity)
        addresses = replace(world.addresses, providers={**providers, **keys}, payments=payments, accounts=accounts)
        yield Watched(world=replace(world, addresses=addresses), parrot=parrot, written=written)
    parrot.close()


def captured_life(watched: Watched) -> None:
    """A user writes, says, photographs, uploads, searches, asks and buys; everything goes through the functions."""
    phone, world = watched.phone(), watched.world
    session_id = phone.session(title="canary-title")
    phone.block(session_id, text_content="canary-text Remember the milk.", metadata={"place": "canary-place"})
    phone.ok("PUT", f"/api/me/devices/{uuid4()}", {"fcm_token": "canary-fcm-token"})
    user_id = world.backend.user("canary-uid")
    for content, kind in ((recording("wav", seconds=0.1), MediaType.AUDIO), (picture(), MediaType.IMAGE)):
        media = phone.ok("POST", "/api/uploads/presign", presign(session_id, content, kind))
        world.bucket.put(media["object_key"], content)
        phone.ok("POST", "/api/uploads/commit", {"media_id": media["media_id"]})
    phone.ok("POST", f"/api/sessions/{session_id}/finalize")
    world.work()
    assert world.backend.status(user_id, SessionId(UUID(session_id))) == "processed"
    for path, body in ASKED:
        phone.call("POST", path, body)
    phone.call("GET", "/api/sessions", query={"q": "canary-query"})
    phone.ok("GET", "/api/sync/changes")
    phone.ok("POST", "/api/me/export")
    world.work()
    assert "X-Amz-Signature" in str(phone.ok("GET", "/api/me/export"))
    assert phone.refused("GET", "/api/admin/users") == (403, "admin_only")
    world.sweep()


def presign(session_id: str, content: bytes, kind: MediaType) -> dict[str, Any]:
    content_type = {MediaType.AUDIO: "audio/wav", MediaType.IMAGE: "image/png"}[kind]
    return {"session_id": session_id, "type": kind, "content_type": content_type, "size_bytes": len(content)}


ASKED: list[tuple[str, dict[str, Any]]] = [
    ("/api/search", {"query": "canary-query"}),
    ("/api/ask", {"question": "canary-question: where is the milk?"}),
    ("/api/payments/checkout", {"package_id": "starter"}),
]
"""What waits for a provider while a person does."""


def failing_life(watched: Watched, owner: psycopg.Connection) -> None:
    """The same again while everything that can be asked answers with an error, and with all that it was sent."""
    phone, world = watched.phone(), watched.world
    for status in (400, 401, 429, 500):
        watched.parrot.status = status
        owner.execute("DELETE FROM circuit_breakers")
        session_id = phone.session(title="canary-title")
        phone.block(session_id, text_content="canary-text")
        media = phone.ok("POST", "/api/uploads/presign", presign(session_id, recording("wav"), MediaType.AUDIO))
        world.bucket.put(media["object_key"], recording("wav"))
        phone.ok("POST", "/api/uploads/commit", {"media_id": media["media_id"]})
        phone.ok("POST", f"/api/sessions/{session_id}/finalize")
        world.work()
        for path, body in ASKED:
            phone.call("POST", path, body)
    watched.parrot.status = 200


def test_a_life_and_its_failures_leave_no_word_of_it_behind(watched: Watched, owner: psycopg.Connection) -> None:
    captured_life(watched)
    failing_life(watched, owner)
    kept = owner.execute("SELECT body::text, correlation_id, queue FROM outbox").fetchall()
    for method, path in (("DELETE", "/api/me"), ("POST", "/api/auth/logout")):
        watched.phone().call(method, path)
    watched.world.work()
    text = watched.written.getvalue()
    assert watched.found_in(text) == []
    assert watched.found_in("\n".join(watched.problems)) == []
    assert watched.found_in("\n".join(body for _, body in watched.world.queues.sent)) == []
    assert watched.found_in(str(kept)) == []
    assert len(kept) > 10
    assert text.count('"answered"') > 30
    spoke = {name.partition(".")[0] for name in re.findall(rf"<([\w.]+)> {WITHHELD}", text)}
    assert spoke >= {"groq", "httpx", "openai", "psycopg", "stripe", "urllib3"}


def test_dead_letters_of_a_life_that_always_fails_hold_ids_only(watched: Watched) -> None:
    phone, world = watched.phone(), watched.world
    watched.parrot.status = 500
    world.asleep.add("dead-letters")
    phone.block(session_id := phone.session(title="canary-title"), text_content="canary-text")
    phone.ok("POST", f"/api/sessions/{session_id}/finalize")
    with patch.object(world.function("embed").module, "embedders", None):  # a defect, at every try
        for _ in range(8):
            world.work()
            world.pass_time(timedelta(hours=1))
    dead = [message for name, queue in world.queues.queues.items() if name.endswith("-dlq") for message in queue]
    assert dead
    assert watched.found_in(str([(message.body, message.as_sqs_tells()) for message in dead])) == []
    assert watched.found_in(watched.written.getvalue()) == []


def test_what_the_database_says_of_a_row_stays_with_it(watched: Watched, owner: psycopg.Connection) -> None:
    """Postgres repeats the whole row in an error's DETAIL."""
    phone = watched.phone()
    phone.session()
    owner.execute("ALTER TABLE sessions ADD COLUMN missing text")
    owner.execute("ALTER TABLE sessions ADD CONSTRAINT whole CHECK (missing IS NOT NULL) NOT VALID")
    assert phone.refused("POST", "/api/sessions", {"session_type": "mixed", "title": "canary-title"})[0] == 422
    owner.execute("ALTER TABLE sessions DROP CONSTRAINT whole")
    owner.execute("UPDATE sessions SET missing = ''")
    owner.execute("ALTER TABLE sessions ALTER COLUMN missing SET NOT NULL")
    assert phone.refused("POST", "/api/sessions", {"session_type": "mixed", "title": "canary-title"})[0] == 500
    text = watched.written.getvalue()
    assert watched.found_in(text + str(watched.problems)) == []
    told = re.findall(r'"exception_name":"NotNullViolation","exception":"([^"]+)"', text)
    assert len(told) == 1
    assert "sqlstate=23502 schema_name=public table_name=sessions column_name=missing" in told[0]
    assert "shared/sessions/repository.py:" in told[0]


def test_a_database_url_that_cannot_be_read_is_not_read_out(watched: Watched) -> None:
    addresses = replace(watched.world.addresses, database_url=lambda _: "postgresql://canary:canary@[::1/canary")
    profile = watched.world.built("profile", addresses)
    phone = Phone(handlers={"profile": profile.handler}, uid="canary-uid")
    assert phone.call("GET", "/api/me").status >= 500
    assert watched.found_in(watched.written.getvalue()) == []


def test_a_push_that_is_refused_with_all_that_was_sent(watched: Watched, owner: psycopg.Connection) -> None:
    world, user_id = watched.world, watched.world.user("canary-of-a-phone")
    watched.parrot.status = 400
    push = {**world.addresses.push, "FCM_BASE_URL": world.addresses.providers["CHAT_BASE_URL"]}
    function = world.built("push", replace(world.addresses, push=push))
    session_id = world.backend.session(user_id)
    world.backend.marker(user_id, session_id)
    world.finalize(user_id, session_id)
    world.asleep.add("push")
    watched.parrot.status = 200
    world.work()
    watched.parrot.status = 400
    messages = world.queues.receive("push", 10)
    assert messages
    function(world.queues.event("push", messages))
    function.close()
    assert owner.execute("SELECT count(*) FROM push_deliveries").fetchone() == (1,)
    assert watched.found_in(watched.written.getvalue()) == []

"""What Stripe did not sign, exactly so and lately, never gets as far as the inbox."""

import json
import time
from typing import Any

import psycopg
import pytest
from stripe import WebhookSignature

from functions.api.stripe_webhook.routes import Routes
from shared.edge.http import http_handler
from shared.payments.notice import PINNED_API_VERSION
from tests.fixtures.captured import Backend
from tests.fixtures.phone import event_of

OLD, NEW = "whsec_old", "whsec_new"
BODY = json.dumps(
    {
        "id": "evt_1",
        "object": "event",
        "type": "checkout.session.completed",
        "api_version": PINNED_API_VERSION,
        "livemode": False,
        "created": 1_790_000_000,
        "data": {"object": {"object": "checkout.session", "id": "cs_1"}},
    }
)


def signed(body: str = BODY, secret: str = NEW, *, seconds_ago: int = 0) -> str:
    return WebhookSignature.generate_signature_header(body, secret, int(time.time()) - seconds_ago)


def deliver(backend: Backend, signature: str | None, body: str = BODY) -> tuple[int, str | None]:
    """Status and, of a problem, its code."""
    routes = Routes(db=backend.db, queue=backend.queue, secrets=(OLD, NEW), livemode=False)
    headers = {} if signature is None else {"stripe-signature": signature}
    event = event_of("POST", "/api/webhooks/stripe", claims=None, body=body.encode(), headers=headers)
    answer: Any = http_handler(routes.endpoints(), backend.db)(event, None)
    return answer["statusCode"], json.loads(answer["body"]).get("code")


def kept(owner: psycopg.Connection) -> int:
    row: Any = owner.execute("SELECT count(*) FROM inbox").fetchone()
    return row[0]


@pytest.mark.parametrize("secret", [OLD, NEW])
def test_what_one_of_two_secrets_signed_is_kept(backend: Backend, owner: psycopg.Connection, secret: str) -> None:
    assert deliver(backend, signed(secret=secret, seconds_ago=290)) == (200, None)
    assert kept(owner) == 1


REFUSED = {
    "signed by another": lambda: (signed(secret="whsec_other"), BODY),
    "signed for another body": lambda: (signed(), BODY.replace("cs_1", "cs_2")),
    "not signed": lambda: (None, BODY),
    "not a signature": lambda: ("t=1,v1=", BODY),
    "empty": lambda: (signed(""), ""),
    "too old": lambda: (signed(seconds_ago=310), BODY),
    "of the future": lambda: (signed(seconds_ago=-70), BODY),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_signed_so_is_refused(backend: Backend, owner: psycopg.Connection, case: str) -> None:
    signature, body = REFUSED[case]()
    assert deliver(backend, signature, body) == (400, "webhook_invalid")
    assert kept(owner) == 0

"""Every file under events/ is accepted by its function: from its bundle, by the real runtime client, as SAM would do.

The process has its settings, its bundle and the client, and no other package in reach.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg
import pytest
from stripe import WebhookSignature

from dev.accounts_vendor import settings_of as accounts_settings
from dev.key_file import new_key
from dev.localhost import serving
from dev.postgres import Postgres
from dev.push_vendor import settings_of_nobody as push_settings
from dev.vault_keys import settings_of_nobody as vault_settings
from dev.vendors.fcm_account import ServiceAccount
from dev.vendors.identity_app import create_app as identity_app
from dev.vendors.identity_local import LocalPeople
from functions.catalogue import FUNCTIONS, Function
from functions.catalogue.queues import WATCHED_QUEUES
from functions.catalogue.settings import BUCKET_KEYS
from shared.edge.json_body import body_bytes
from shared.payments.notice import PINNED_API_VERSION
from tests.fakes.aws_endpoint import BUCKET, DEAD_LETTERS, aws_endpoint
from tests.fixtures.bundled import bundled
from tests.fixtures.event_answers import ANSWERED, REFUSED, UNREADABLE
from tests.fixtures.local_stripe import running_local_stripe, served_in_thread

REPOSITORY = Path(__file__).resolve().parents[2]
EVENTS = REPOSITORY / "events"
BY_NAME = {function.name: function for function in FUNCTIONS}

pytestmark = pytest.mark.timeout(900)
"""The first test may have to build the bundles, and feeds all functions; each has a deadline of its own."""

WEBHOOK_SECRET = "whsec_of_the_event_files"
STALE = "api/stripe-webhook/stale_signature.json"

# A user, an administrator and an event, whom files name: all must be there before.
NAMED = """
    INSERT INTO users (id, firebase_uid)
    VALUES ('0195f2a0-0000-7000-8000-00000000a11c', 'named-by-event-files'),
           ('0195f2a0-0000-7000-8000-00000000ad01', 'Zr8uQ1mKcXw4hLtYv6NbE0aPs9d3');
    INSERT INTO administrators (user_id, appointed_by, reason, created_at)
    VALUES ('0195f2a0-0000-7000-8000-00000000ad01', 'the tests', 'event files name them', '2026-03-01T10:00:00Z');
    INSERT INTO inbox (source, event_id, id, queue, type, about, state, reason, correlation_id, occurred_at)
    VALUES ('stripe', 'evt_EventFileReplayed', '0195f2c6-0000-7000-8000-00000000e4e1', 'apply-payment',
            'checkout.session.completed', '{"checkout_session": "cs_test_a1EventFile"}', 'ignored',
            'other_api_version', 'stripe-1', now());
"""


def files_of(function: Function) -> list[Path]:
    """Its event files: creating the session comes first, deleting it last."""
    files = (EVENTS / function.handler.split(".")[1] / function.name).glob("*.json")
    return sorted(files, key=lambda file: (file.stem != "create", file.stem == "delete", file))


def cases() -> list[tuple[str, str]]:
    return [(function.name, str(file.relative_to(EVENTS))) for function in FUNCTIONS for file in files_of(function)]


def read(file: str) -> Any:
    return json.loads((EVENTS / file).read_text())


def to_feed(file: str) -> Any:
    """The event as it would come in now: a webhook's signature is good for five minutes only."""
    event = read(file)
    if "stripe-signature" in event.get("headers", {}) and file != STALE:
        payload = body_bytes(event["body"], is_base64=event["isBase64Encoded"]).decode()
        event["headers"]["stripe-signature"] = WebhookSignature.generate_signature_header(payload, WEBHOOK_SECRET)
    return event


def _providers(address: str) -> dict[str, str]:
    """Every capability, of one provider."""
    return {
        f"{capability}_{part}": value
        for capability in ("SPEECH", "VISION", "EMBEDDING", "CHAT")
        for part, value in {
            "PROVIDER": "openai",
            "BASE_URL": f"{address}/v1",
            "MODEL": "some-model",
            "API_KEY": "invented",
            "FALLBACK_PROVIDER": "",
            "FALLBACK_BASE_URL": "",
            "FALLBACK_MODEL": "",
            "FALLBACK_API_KEY": "",
            "PREVIOUS_PROVIDER": "",
            "PREVIOUS_BASE_URL": "",
            "PREVIOUS_MODEL": "",
            "PREVIOUS_API_KEY": "",
        }.items()
    }


@pytest.fixture(scope="module")
def environment(postgres: Postgres) -> Iterator[dict[str, str]]:
    """Every setting of the catalogue: a database of its own, a local Stripe, and one small server for all else."""
    postgres.create_database("fed", template="template_of_tests")
    with psycopg.connect(postgres.url("fed"), autocommit=True) as owner:
        owner.execute(NAMED)
    account = ServiceAccount(project="fed", key=new_key())
    with (
        aws_endpoint() as address,
        running_local_stripe() as stripe,
        served_in_thread(serving(identity_app(LocalPeople(), account))) as identity,
    ):
        yield {
            "DATABASE_URL": postgres.url("fed", role="second_brain_app"),
            "QUEUE_URL_PREFIX": f"{address}/123456789012/",
            "QUEUE_ENDPOINT_URL": address,
            "WATCHED_QUEUES": ",".join(WATCHED_QUEUES),
            "BURIED_QUEUES": ",".join(WATCHED_QUEUES),
            "RATE_LIMITS": "off",
            "ANONYMOUS_SIGN_IN": "refused",
            "KNOWN_PROVIDERS": "fcm,openai,stripe",
            "BUCKET": BUCKET,
            "BUCKET_ENDPOINT_URL": address,
            "BUCKET_REGION": "",
            **dict.fromkeys(BUCKET_KEYS, ""),
            "RETRY_BASE_SECONDS": "1",
            "ASK_DAILY_TOKENS": "200000",
            "REEMBED_TOKENS_A_DAY": "1000",
            "STRIPE_API_KEY": stripe.api_key,
            "STRIPE_MODE": "test",
            "STRIPE_BASE_URL": stripe.address,
            "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "STRIPE_WEBHOOK_SECRET_PREVIOUS": "",
            **push_settings(),
            **vault_settings(),
            **accounts_settings(account, identity),
            "CREDIT_PACKAGES": "",
            "CHECKOUT_SUCCESS_URL": "https://app.example.org/credits/bought",
            "CHECKOUT_CANCEL_URL": "https://app.example.org/credits",
            "LOGIN_SECRET_IDS": "",
            **_providers(address),
        }
    postgres.drop_database("fed")


@pytest.fixture(scope="module")
def answers(
    environment: Mapping[str, str], postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What each function answered to each of its files, fed to it in one process of its own."""
    found: dict[str, Any] = {}
    urls = {
        "app": environment["DATABASE_URL"],
        "system": postgres.url("fed", role="second_brain_system"),
        "owner": postgres.url("fed"),
        "none": "",
    }
    bundles = bundled(tmp_path_factory.mktemp("client"))
    for function in FUNCTIONS:
        files = [str(file.relative_to(EVENTS)) for file in files_of(function)]
        given = {name: environment[name] for name in (*function.settings, *function.secrets)}
        if "DATABASE_URL" in given:
            given["DATABASE_URL"] = urls[function.database]
        for file, result in zip(files, bundles.feed(function, [to_feed(file) for file in files], given), strict=True):
            assert result.error is None, f"{file}: {result.error}"
            found[file] = result.payload
    return found


def test_every_function_has_an_event_and_every_event_a_function() -> None:
    files = {file for _, file in cases()}
    assert [function.name for function in FUNCTIONS if not files_of(function)] == []
    assert {str(file.relative_to(EVENTS)) for file in EVENTS.rglob("*.*")} == files


def test_every_route_has_an_event() -> None:
    routes = {f"{route.method} {route.path}" for function in FUNCTIONS for route in function.routes}
    fed_routes = {read(file)["routeKey"] for name, file in cases() if BY_NAME[name].routes}
    assert fed_routes == routes


def test_every_queue_has_an_event() -> None:
    sources = {
        record["eventSourceARN"].rpartition(":")[2]
        for name, file in cases()
        if BY_NAME[name].queues
        for record in read(file)["Records"]
    }
    triggers = {trigger.queue for function in FUNCTIONS for trigger in function.queues}
    assert sources == triggers


@pytest.mark.parametrize(("name", "file"), cases())
def test_an_event_is_accepted_by_its_function(answers: dict[str, Any], name: str, file: str) -> None:
    function, answer = BY_NAME[name], answers[file]
    if function.routes:
        assert_http(answer, REFUSED.get(file))
    elif function.queues:
        expected = [read(file)["Records"][place]["messageId"] for place in UNREADABLE.get(file, [])]
        assert answer == {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in expected]}
    elif function.every_seconds:
        assert answer
        assert all(count >= 0 for count in answer.values())
    else:
        assert answer == ANSWERED[file]


def test_a_bundle_buries_a_dead_letter_of_each_kind(answers: dict[str, Any]) -> None:
    assert answers["workers/dead-letters/scheduled.json"] == {"bury_letters": len(DEAD_LETTERS)}


def assert_http(answer: Any, refused_with: int | None) -> None:
    """A success, or what the walk has not brought about yet: never a defect."""
    assert answer["statusCode"] in ({refused_with} if refused_with else {200, 201, 202, 204, 404, 409}), answer
    assert answer["isBase64Encoded"] is False
    assert {name.lower() for name in answer["headers"]} == set(answer["headers"])
    if answer["body"]:
        json.loads(answer["body"])


@pytest.mark.parametrize(
    ("file", "status"),
    [
        ("api/health/health.json", 200),
        ("api/profile/read.json", 200),
        ("api/profile/remove_device.json", 204),
        ("api/account/delete.json", 200),
        ("api/account/log_out.json", 204),
        ("api/sessions/create.json", 201),
        ("api/sessions/add_blocks.json", 201),
        ("api/sessions/finalize.json", 200),
        ("api/sessions/read.json", 200),
        ("api/sessions/delete_block.json", 204),
        ("api/sessions/delete.json", 204),
        ("api/uploads/presign.json", 404),
        ("api/sync/changes.json", 200),
        ("api/sync/reconcile.json", 200),
        ("api/search/query_string.json", 200),
        ("api/search/body.json", 200),
        ("api/ask/question.json", 200),
        ("api/search/hybrid.json", 200),
        ("api/payments/packages.json", 200),
        ("api/payments/history.json", 200),
        ("api/checkout/start.json", 201),
        ("api/stripe-webhook/checkout_completed.json", 200),
        ("api/stripe-webhook/dispute_created_base64.json", 200),
        ("api/stripe-webhook/other_mode.json", 200),
        ("api/admin/webhooks.json", 200),
        ("api/admin/replay.json", 200),
        ("api/admin/adjust_credits.json", 201),
        ("api/admin/users.json", 200),
        ("api/admin/user.json", 200),
        ("api/admin/disable_user.json", 200),
        ("api/admin/enable_user.json", 200),
        ("api/admin/switch_provider_off.json", 200),
        ("api/admin/switch_provider_on.json", 200),
        ("api/admin/redrive.json", 200),
        ("api/admin/dead_letters.json", 200),
    ],
)
def test_the_events_of_the_main_job_do_what_they_say(answers: dict[str, Any], file: str, status: int) -> None:
    assert answers[file]["statusCode"] == status, answers[file]


def test_webhooks_speak_our_version_of_stripes_api() -> None:
    events = [read(file) for name, file in cases() if name == "stripe-webhook"]
    payloads = [json.loads(body_bytes(event["body"], is_base64=event["isBase64Encoded"])) for event in events]
    assert {payload["api_version"] for payload in payloads} == {PINNED_API_VERSION}


def test_a_signature_is_refused_for_its_age_alone() -> None:
    stale = read(STALE)
    assert WebhookSignature.verify_header(stale["body"], stale["headers"]["stripe-signature"], WEBHOOK_SECRET)


def test_an_event_that_is_replayed_is_applied_once_more(answers: dict[str, Any], postgres: Postgres) -> None:
    assert json.loads(answers["api/admin/replay.json"]["body"])["state"] == "received"
    assert answers["workers/apply-payment/event.json"] == {"batchItemFailures": []}
    with psycopg.connect(postgres.url("fed")) as owner:
        told = owner.execute(
            "SELECT state, reason, attempts FROM inbox WHERE event_id = 'evt_EventFileReplayed'"
        ).fetchone()
    assert told == ("ignored", "not_ours", 1)

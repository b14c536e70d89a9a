"""The catalogue and the code say the same: what exists, what wakes it, what it reads, how long it may take."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import pytest

from dev import accounts_vendor, vault_keys
from dev.push_vendor import settings_of_nobody
from functions.catalogue import FUNCTIONS, OBJECT_CREATED_QUEUE, QUEUES, Function
from shared.ai.budget import WORKER_SECONDS
from shared.edge.schedule import Again
from shared.jobs.keep_lease import LONGEST
from shared.jobs.model import HEARTBEAT, LEASE, MAX_ATTEMPTS, StepKind
from shared.leaving.model import DELETE_QUEUE
from shared.notifications.model import PUSH_QUEUE
from shared.payments.model import APPLY_QUEUE
from shared.sessions.announce_discard import DISCARD_QUEUE
from tests.architecture.source import ROOT

OPEN_PATHS = {"/api/health", "/api/health/live", "/api/openapi.json", "/api/payments/packages", "/api/webhooks/stripe"}
SCHEDULED = {"sweep": 60, "dead-letters": 60, "reembed": 300, "reconcile-payments": 900}
OF_STRIPE = {"stripe"}
NOT_IN_BUNDLE = {family: ["httpx", "requests"] for family in ("accounts", "checkout", "payments", "stripe")}
"""Stripe's SDK loads these wherever they are installed, as they are here; these groups do not carry them."""
HEAVY = OF_STRIPE | {
    "requests",
    "aws_lambda_powertools.event_handler",
    "boto3",
    "openai",
    "groq",
    "firebase_admin",
    "av",
    "PIL",
    "httpx",
    "httpx2",
    "numpy",
}
GATEWAY_LIMIT_SECONDS = 30
PUSH_SETTINGS = settings_of_nobody()
ACCOUNTS_SETTINGS = accounts_vendor.settings_of_nobody()
VAULT_SETTINGS = vault_keys.settings_of_nobody()

BY_NAME = {function.name: function for function in FUNCTIONS}
API_NAMES = [function.name for function in FUNCTIONS if function.routes]
ASKING_NAMES = {function.name for function in FUNCTIONS if "FIREBASE_AUTH_CREDENTIALS" in function.secrets}
"""They ask Firebase about accounts: what deletes one, and what checks a sign-in before a payment or an export."""
PAYING_NAMES = {function.name for function in FUNCTIONS if "STRIPE_API_KEY" in function.secrets}
"""They ask Stripe. What Stripe tells is checked without its SDK."""
QUEUE_BY_NAME = {queue.name: queue for queue in QUEUES}
TRIGGERS = [(function, trigger) for function in FUNCTIONS for trigger in function.queues]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a function turned out to be when it was imported."""

    settings: set[str]
    routes: set[tuple[str, str, str]]
    loaded: set[str]
    reached: list[str]


Found = dict[str, Facts | AssertionError]


def _dummy(name: str) -> str:
    known = {
        "CREDIT_PACKAGES": "",
        "STRIPE_MODE": "test",
        "RATE_LIMITS": "",
        "ANONYMOUS_SIGN_IN": "",
        **PUSH_SETTINGS,
        **ACCOUNTS_SETTINGS,
        **VAULT_SETTINGS,
    }
    if name in known:
        return known[name]
    if name.endswith(("FALLBACK_PROVIDER", "PREVIOUS_MODEL")):
        return "2"  # a second choice has a name of its own, and so has the model before
    return "http://127.0.0.1:9/" if "URL" in name else "1"


def _facts(function: Function) -> Facts:
    given = {name: _dummy(name) for name in (*function.settings, *function.secrets)}
    aws = {"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
    asked = [function.handler.rpartition(".")[0], *NOT_IN_BUNDLE.get(function.family, [])]
    printed = subprocess.run(
        [sys.executable, "-m", "tests.architecture.inspect_function", *asked],
        cwd=ROOT,
        env={"PATH": os.environ.get("PATH", os.defpath), **aws, **given},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert printed.returncode == 0, f"{function.name} does not start with the catalogue's settings:\n{printed.stderr}"
    told: dict[str, Any] = json.loads(printed.stdout.splitlines()[-1])
    routes = {(method, path, auth) for method, path, auth in told["routes"]}
    return Facts(settings=set(told["settings"]), routes=routes, loaded=set(told["loaded"]), reached=told["reached"])


@pytest.fixture(scope="module")
def facts() -> Found:
    """Every function, imported in a process of its own."""

    def of(function: Function) -> Facts | AssertionError:
        try:
            return _facts(function)
        except AssertionError as error:
            return error

    with ThreadPoolExecutor(max_workers=2) as pool:
        return dict(zip(BY_NAME, pool.map(of, FUNCTIONS), strict=True))


def _known(facts: Found, name: str) -> Facts:
    found = facts[name]
    if isinstance(found, AssertionError):
        raise found
    return found


def test_every_function_folder_is_in_the_catalogue_and_vice_versa() -> None:
    folders = {f"functions.{path.parent.parent.name}.{path.parent.name}" for path in ROOT.glob("functions/*/*/*.py")}
    catalogued = {function.handler.removesuffix(".handler.handler") for function in FUNCTIONS}
    assert folders == catalogued


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_a_handler_is_where_the_catalogue_says(function: Function) -> None:
    module, _, name = function.handler.rpartition(".")
    assert name == "handler"
    assert module.split(".")[2] == function.name.replace("-", "_")
    assert find_spec(module) is not None


@pytest.mark.parametrize("name", BY_NAME)
def test_a_function_reads_exactly_what_the_catalogue_gives_it(facts: Found, name: str) -> None:
    function = BY_NAME[name]
    assert _known(facts, name).settings == {*function.settings, *function.secrets}


@pytest.mark.parametrize("name", BY_NAME)
def test_a_function_answers_exactly_the_routes_of_the_catalogue(facts: Found, name: str) -> None:
    catalogued = {(route.method, route.path, route.auth) for route in BY_NAME[name].routes}
    assert _known(facts, name).routes == catalogued


@pytest.mark.parametrize("name", BY_NAME)
def test_init_reaches_nobody_so_that_a_snapshot_holds_no_connection(facts: Found, name: str) -> None:
    assert _known(facts, name).reached == []


@pytest.mark.parametrize("name", API_NAMES)
def test_an_api_function_loads_no_heavy_package_but_what_asks_stripe_loads_its_sdk(facts: Found, name: str) -> None:
    allowed = OF_STRIPE if name in PAYING_NAMES else set[str]()
    assert _known(facts, name).loaded & HEAVY <= allowed


def test_the_functions_that_load_stripe_are_those_that_ask_it(facts: Found) -> None:
    assert {name for name in BY_NAME if "stripe" in _known(facts, name).loaded} == PAYING_NAMES


def test_firebases_sdk_is_loaded_by_what_pushes(facts: Found) -> None:
    assert {name for name in BY_NAME if "firebase_admin" in _known(facts, name).loaded} == {"push"}
    assert {"account", "checkout", "delete-account", "takeout"} == ASKING_NAMES


def test_the_functions_that_load_cryptography_are_those_of_the_vault_which_may_use_its_master_key(facts: Found) -> None:
    of_the_vault = {function.name for function in FUNCTIONS if function.master_key}
    loaded = {name: _known(facts, name).loaded for name in BY_NAME}
    loading = {name for name in BY_NAME if "cryptography" in loaded[name]}
    assert (
        loading - ASKING_NAMES - {"push"} == of_the_vault
    )  # Google wants those signed who ask about accounts, or push


def test_every_function_with_routes_lies_among_the_api_functions_and_no_other() -> None:
    with_routes = {function.name for function in FUNCTIONS if function.handler.startswith("functions.api.")}
    assert set(API_NAMES) == with_routes


def test_only_known_routes_are_open() -> None:
    opened = {route.path for function in FUNCTIONS for route in function.routes if route.auth == "open"}
    assert opened == OPEN_PATHS


def test_a_route_is_for_administrators_exactly_when_its_path_says_so() -> None:
    routes = [route for function in FUNCTIONS for route in function.routes]
    for_admins = {route.path for route in routes if route.auth == "admin"}
    assert for_admins
    assert for_admins == {route.path for route in routes if route.path.startswith("/api/admin/")}


def test_a_route_belongs_to_one_function() -> None:
    routes = [(route.method, route.path) for function in FUNCTIONS for route in function.routes]
    assert len(routes) == len(set(routes))


def test_names_are_given_once() -> None:
    assert len(BY_NAME) == len(FUNCTIONS)
    assert len({queue.name for queue in QUEUES}) == len(QUEUES)


def test_every_queue_one_sends_to_or_is_woken_by_exists() -> None:
    sent = {name for function in FUNCTIONS for name in function.sends_to}
    woken = {trigger.queue for _, trigger in TRIGGERS}
    assert sent <= {queue.name for queue in QUEUES}
    assert woken <= set(QUEUE_BY_NAME)


def test_an_operator_sees_every_queue() -> None:
    watching = [function for function in FUNCTIONS if "WATCHED_QUEUES" in function.settings]
    assert [function.name for function in watching] == ["admin"]
    assert all(set(function.watches) == {queue.name for queue in QUEUES} for function in watching)
    assert [function.name for function in FUNCTIONS if function.watches] == ["health", "admin"]


def test_every_queue_wakes_one_function() -> None:
    assert sorted(trigger.queue for _, trigger in TRIGGERS) == sorted(queue.name for queue in QUEUES)


def test_a_message_stays_hidden_for_six_times_the_workers_timeout() -> None:
    too_short = [
        f"{trigger.queue} -> {function.name}"
        for function, trigger in TRIGGERS
        if QUEUE_BY_NAME[trigger.queue].visibility_timeout_seconds < 6 * function.timeout_seconds
    ]
    assert too_short == []


def test_an_api_function_ends_before_the_gateway_gives_up() -> None:
    assert all(BY_NAME[name].timeout_seconds < GATEWAY_LIMIT_SECONDS for name in API_NAMES)


def test_what_a_clock_wakes_ends_before_it_is_woken_again_and_is_never_there_twice() -> None:
    scheduled = [function for function in FUNCTIONS if function.every_seconds is not None]
    assert {function.name: function.every_seconds for function in scheduled} == SCHEDULED
    assert all(function.timeout_seconds < (function.every_seconds or 0) for function in scheduled)
    assert all(function.reserved_concurrency == 1 for function in scheduled)


@pytest.mark.parametrize("kind", StepKind)
def test_provider_worker_and_visibility_end_in_this_order(kind: StepKind) -> None:
    queue = QUEUE_BY_NAME[kind.queue]
    worker = next(function for function, trigger in TRIGGERS if trigger.queue == queue.name)
    assert WORKER_SECONDS < worker.timeout_seconds < queue.visibility_timeout_seconds


def test_a_lease_outlives_missed_heartbeats_and_no_worker_outlives_its_heartbeats() -> None:
    assert 3 * HEARTBEAT < LEASE
    workers = {trigger.queue: function for function, trigger in TRIGGERS}
    longest = max(workers[kind.queue].timeout_seconds for kind in StepKind)
    assert longest <= LONGEST.total_seconds()


def test_what_a_killed_worker_held_is_free_and_seen_by_the_sweep_within_a_minute() -> None:
    """The lease runs out, and the sweep comes by, at most as often as it is woken or looks again by itself."""
    again = Again(chores={}, is_needed=lambda: True)
    longest_pause = max(again.pause_seconds, SCHEDULED["sweep"] - 2 * again.pause_seconds)
    assert 2 * again.pause_seconds <= again.within_seconds
    assert LEASE.total_seconds() + longest_pause < 60


@pytest.mark.parametrize("kind", StepKind)
def test_a_step_has_as_many_tries_as_its_message(kind: StepKind) -> None:
    assert QUEUE_BY_NAME[kind.queue].max_receive_count == MAX_ATTEMPTS


def test_the_queues_the_code_names_exist() -> None:
    assert {DISCARD_QUEUE, OBJECT_CREATED_QUEUE, APPLY_QUEUE, PUSH_QUEUE, DELETE_QUEUE} <= set(QUEUE_BY_NAME)


def test_whoever_sends_a_session_on_its_way_may_tell_its_user() -> None:
    step_queues = {kind.queue for kind in StepKind}
    senders = [function for function in FUNCTIONS if step_queues & set(function.sends_to)]
    assert [function.name for function in senders if PUSH_QUEUE not in function.sends_to] == []


def test_whoever_keeps_events_may_send_to_the_worker_that_applies_them() -> None:
    senders = {function.name for function in FUNCTIONS if APPLY_QUEUE in function.sends_to}
    assert senders == {"stripe-webhook", "admin", "sweep"}

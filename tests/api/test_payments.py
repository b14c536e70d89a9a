"""What is for sale, and what was bought."""

import os
import subprocess
import sys
from typing import Any

import psycopg
import pytest

from dev import accounts_vendor
from functions.api.payments.routes import Routes
from shared.edge.http import http_handler
from shared.payments.packages import read_packages
from tests.api.conftest import NewPhone
from tests.fixtures.captured import Backend
from tests.fixtures.phone import Phone
from tests.fixtures.storefront import Storefront

PACKAGES = "/api/payments/packages"
HISTORY = "/api/payments/history"
CHECKOUT = "/api/payments/checkout"

STARTER = {"id": "starter", "credits": 20, "amount_cents": 499, "currency": "usd"}


def pages(phone: Phone, limit: int) -> list[list[dict[str, Any]]]:
    found: list[list[dict[str, Any]]] = []
    query: dict[str, Any] = {"limit": limit}
    for _ in range(20):
        page = phone.ok("GET", HISTORY, query=query)
        found.append(page["payments"])
        if page["next_cursor"] is None:
            return found
        query["cursor"] = page["next_cursor"]
    raise AssertionError("the history has no end")


def test_the_price_list_needs_no_token(alice: Phone, everything: psycopg.Connection) -> None:
    anybody = Phone(handlers=alice.handlers, uid=None)
    users = everything.execute("SELECT count(*) FROM users").fetchone()
    packages = anybody.ok("GET", PACKAGES)["packages"]
    assert packages[0] == STARTER
    assert [package["id"] for package in packages] == ["starter", "regular", "large"]
    assert everything.execute("SELECT count(*) FROM users").fetchone() == users


def test_the_price_list_is_a_setting(api: Backend) -> None:
    text = '[{"id":"tiny","credits":1,"amount_cents":50,"currency":"eur"}]'
    routes = Routes(db=api.db, packages=read_packages(text))
    phone = Phone(handlers={"payments": http_handler(routes.endpoints(), api.db)}, uid=None)
    tiny = {"id": "tiny", "credits": 1, "amount_cents": 50, "currency": "eur"}
    assert phone.ok("GET", PACKAGES) == {"packages": [tiny]}


@pytest.mark.parametrize("function", ["payments", "checkout"])
def test_a_price_list_that_makes_no_sense_stops_the_function_at_its_start(function: str) -> None:
    variables = {
        **os.environ,
        "DATABASE_URL": "postgresql://nobody@/nothing",
        "CREDIT_PACKAGES": '[{"id":"free","credits":20,"amount_cents":0,"currency":"usd"}]',
        "STRIPE_API_KEY": "key",
        "STRIPE_MODE": "test",
        "CHECKOUT_SUCCESS_URL": "https://app.example.org/paid",
        "CHECKOUT_CANCEL_URL": "https://app.example.org/left",
        **accounts_vendor.settings_of_nobody(),
    }
    command = [sys.executable, "-c", f"import functions.api.{function}.handler"]
    started = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=60, check=False)
    assert started.returncode != 0
    assert "CREDIT_PACKAGES must be a JSON list" in started.stderr


def test_nobody_has_bought_anything_at_first(alice: Phone) -> None:
    assert alice.ok("GET", HISTORY) == {"payments": [], "next_cursor": None}


def test_an_order_is_in_the_history_before_and_after_it_is_paid(alice: Phone, storefront: Storefront) -> None:
    ordered = storefront.paid(alice)
    (pending,) = alice.ok("GET", HISTORY)["payments"]
    assert pending.pop("created_at").endswith("Z")
    assert pending == {
        "id": ordered.id,
        "package_id": "starter",
        "credits": 20,
        "amount_cents": 499,
        "currency": "usd",
        "status": "pending",
        "reason": None,
        "refunded_cents": 0,
        "disputed_cents": 0,
        "credits_taken_back": 0,
        "completed_at": None,
    }
    storefront.tell_of(ordered)
    (completed,) = alice.ok("GET", HISTORY)["payments"]
    assert completed.pop("completed_at").endswith("Z")
    assert completed["status"] == "completed"
    assert alice.ok("GET", "/api/me/credits") == {"credits": 23}


def test_a_refund_and_a_failure_are_told_in_the_history(alice: Phone, storefront: Storefront) -> None:
    ordered, expired = storefront.order(alice), storefront.order(alice)
    intent = storefront.local.pay(ordered.session_id)
    storefront.local.expire(expired.session_id)
    storefront.local.refund(intent.id, amount=250)
    storefront.tell_of(ordered)
    storefront.tell_of(expired, "checkout.session.expired")
    failed, completed = alice.ok("GET", HISTORY)["payments"]
    assert (failed["status"], failed["reason"]) == ("failed", "expired")
    assert (completed["refunded_cents"], completed["credits_taken_back"]) == (250, 10)
    assert alice.ok("GET", "/api/me/credits") == {"credits": 13}


@pytest.mark.parametrize("limit", [1, 2, 5, 6])
def test_pages_hold_every_payment_once_newest_first(alice: Phone, storefront: Storefront, limit: int) -> None:
    ids = [storefront.order(alice).id for _ in range(5)]
    found = pages(alice, limit)
    assert [payment["id"] for page in found for payment in page] == ids[::-1]
    assert [len(page) for page in found] == [limit] * (5 // limit) + ([5 % limit] if 5 % limit else [])


def test_nobody_sees_what_another_bought(phone_of: NewPhone, storefront: Storefront) -> None:
    buyer, other = phone_of("buyer"), phone_of("other")
    ordered = storefront.paid(buyer)
    storefront.order(buyer)
    storefront.tell_of(ordered)
    cursor = buyer.ok("GET", HISTORY, query={"limit": 1})["next_cursor"]
    assert cursor is not None
    for query in ({}, {"cursor": cursor}):
        assert other.ok("GET", HISTORY, query=query)["payments"] == []
    assert other.ok("GET", "/api/me/credits") == {"credits": 3}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"limit": 0}, "value_invalid"),
        ({"limit": 101}, "value_invalid"),
        ({"limit": "all"}, "value_invalid"),
        ({"user_id": "00000000-0000-0000-0000-000000000000"}, "value_invalid"),
        ({"cursor": "x"}, "cursor_invalid"),
        ({"cursor": "a\x00b"}, "value_invalid"),
        ({"cursor": "y" * 201}, "value_invalid"),
    ],
)
def test_a_wrong_question_is_refused(alice: Phone, query: dict[str, Any], code: str) -> None:
    assert alice.refused("GET", HISTORY, query=query) == (422, code)


@pytest.mark.parametrize(("method", "path"), [("GET", HISTORY), ("POST", CHECKOUT)])
def test_without_a_token_nothing_is_bought_or_shown(alice: Phone, method: str, path: str) -> None:
    anybody = Phone(handlers=alice.handlers, uid=None)
    assert anybody.refused(method, path) == (401, "unauthenticated")

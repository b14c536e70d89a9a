"""A customer who was deleted at Stripe: the next order makes them anew, once."""

from typing import Any

import psycopg

from tests.fixtures.local_stripe import client_of
from tests.fixtures.phone import Phone
from tests.fixtures.storefront import Storefront

CHECKOUT = "/api/payments/checkout"
STARTER = {"package_id": "starter"}


def customer_of(everything: psycopg.Connection, phone: Phone) -> str:
    row: Any = everything.execute(
        "SELECT stripe_customer_id FROM users WHERE firebase_uid = %s", [phone.uid]
    ).fetchone()
    return row[0]


def test_who_was_deleted_at_stripe_can_buy_again(
    storefront: Storefront, alice: Phone, everything: psycopg.Connection
) -> None:
    alice.ok("POST", CHECKOUT, STARTER)
    first = customer_of(everything, alice)
    client_of(storefront.local).v1.customers.delete(first)
    opened = [alice.ok("POST", CHECKOUT, STARTER) for _ in range(2)]
    second = customer_of(everything, alice)
    assert second != first
    orders = everything.execute(
        "SELECT id::text FROM payments WHERE stripe_customer_id = %s ORDER BY created_at", [second]
    ).fetchall()
    assert orders == [(one["payment_id"],) for one in opened]

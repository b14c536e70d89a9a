"""A bank decides a dispute weeks after it began: reconciling looks for its end, should its event be lost."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from dev.postgres import Postgres
from shared.db.connection import Database
from shared.payments.reconcile_payments import Reconciled, reconcile_payments
from tests.fixtures.payment_lives import Happening, Purchase, dispute_half, lose, pay, win
from tests.fixtures.payments import TRIAL, PaymentBackend, payment_backend

WEEKS = 21 * 24 * 3_600


@pytest.fixture
def shop(postgres: Postgres, database_name: str) -> Iterator[PaymentBackend]:
    with payment_backend(postgres.url(database_name, role="second_brain_app")) as backend:
        yield backend


@pytest.mark.parametrize(("decided", "kept", "found"), [(win, 100, 1), (lose, 50, 0)])
def test_how_a_dispute_ended_is_found_weeks_after_it_began(
    shop: PaymentBackend, system_db: Database, decided: Happening, kept: int, found: int
) -> None:
    purchase = Purchase(backend=shop, order=shop.order())
    for happening in (pay, dispute_half):
        happening(purchase)
    reconcile_payments(system_db, shop.provider)
    assert purchase.outcome().standing == TRIAL + 50
    disputes = shop.local.book.tables.disputes
    for name, dispute in disputes.items():
        disputes[name] = replace(dispute, created=dispute.created - WEEKS)
    decided(purchase)
    ended = reconcile_payments(system_db, shop.provider)
    assert ended == Reconciled(differing=found, repaired=found, unmatched=0)
    assert purchase.outcome().standing == TRIAL + kept

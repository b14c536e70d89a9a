"""Credits by hand: with a reason, on record, and once for each id."""

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.fixtures.deeds import count_deeds, deeds_about, id_of
from tests.fixtures.phone import Phone
from tests.fixtures.storefront import RolePhone

NOBODYS = str(UUID(int=5))


def adjustment(amount: Any, **others: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "credits": amount, "reason": "a gift", **others}


def test_credits_are_given_and_taken_with_a_reason_on_record(
    administrator: RolePhone, alice: Phone, everything: psycopg.Connection
) -> None:
    user_id = id_of(everything, alice)
    path = f"/api/admin/users/{user_id}/credits"
    for amount, stands in ((10, 13), (-13, 0), (100_000, 100_000)):
        wanted = adjustment(amount, reason="  sorry for the outage ")
        answer = administrator.call("POST", path, wanted, headers={"x-request-id": f"gift-{amount}"})
        assert answer.status == 201
        assert answer.json() == {"id": wanted["id"], "user_id": user_id, "credits": stands, "debt": 0}
        assert alice.ok("GET", "/api/me/credits") == {"credits": stands}
        (deed,) = deeds_about(everything, wanted["id"])
        assert deed[:3] == (administrator.uid, "adjust_credits", f"adjustment {wanted['id']}")
        assert str(deed[3]) == user_id
        assert deed[4:] == ("sorry for the outage", {"credits": amount}, f"gift-{amount}")
    entries = alice.ok("GET", "/api/me/credits/ledger")["entries"]
    assert [entry["reason"] for entry in entries] == ["adjustment", "adjustment", "adjustment", "trial"]


def test_the_same_adjustment_again_is_answered_alike_and_done_once(
    administrator: RolePhone, alice: Phone, everything: psycopg.Connection
) -> None:
    path, wanted = f"/api/admin/users/{id_of(everything, alice)}/credits", adjustment(7)
    first, second = (administrator.call("POST", path, wanted) for _ in range(2))
    assert (first.status, second.status) == (201, 200)
    assert first.json() == second.json()
    assert administrator.refused("POST", path, {**wanted, "credits": 8}) == (409, "adjustment_differs")
    assert administrator.refused("POST", path, {**wanted, "credits": -7}) == (409, "adjustment_differs")
    assert alice.ok("GET", "/api/me/credits") == {"credits": 10}
    assert len(deeds_about(everything, wanted["id"])) == 1


def test_an_id_that_adjusted_somebody_else_is_refused(
    administrator: RolePhone, alice: Phone, bob: Phone, everything: psycopg.Connection
) -> None:
    wanted = adjustment(7)
    administrator.ok("POST", f"/api/admin/users/{id_of(everything, alice)}/credits", wanted)
    path = f"/api/admin/users/{id_of(everything, bob)}/credits"
    assert administrator.refused("POST", path, wanted) == (409, "adjustment_differs")
    assert bob.ok("GET", "/api/me/credits") == {"credits": 3}
    assert len(deeds_about(everything, wanted["id"])) == 1


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"credits": 0}, (422, "value_invalid")),
        ({"credits": -4}, (409, "balance_too_small")),
        ({"credits": 100_001}, (422, "value_invalid")),
        ({"credits": -100_001}, (422, "value_invalid")),
        ({"credits": 2**63}, (422, "value_invalid")),
        ({"credits": 1.5}, (422, "value_invalid")),
        ({"credits": "1"}, (422, "value_invalid")),
        ({"credits": True}, (422, "value_invalid")),
        ({"credits": None}, (422, "value_invalid")),
        ({"reason": ""}, (422, "value_invalid")),
        ({"reason": "ab"}, (422, "value_invalid")),
        ({"reason": "x" * 501}, (422, "value_invalid")),
        ({"reason": "a\x00b"}, (422, "value_invalid")),
        ({"id": "1"}, (422, "value_invalid")),
        ({"actor_id": NOBODYS}, (422, "value_invalid")),
        ({"id": None}, (422, "value_invalid")),
        ({"reason": None}, (422, "value_invalid")),
    ],
    ids=str,
)
def test_an_adjustment_that_is_refused_changes_nothing_and_is_not_on_record(
    administrator: RolePhone,
    alice: Phone,
    everything: psycopg.Connection,
    changed: dict[str, Any],
    expected: tuple[int, str],
) -> None:
    path, before = f"/api/admin/users/{id_of(everything, alice)}/credits", count_deeds(everything)
    assert administrator.refused("POST", path, {**adjustment(1), **changed}) == expected
    assert alice.ok("GET", "/api/me/credits") == {"credits": 3}
    assert len(alice.ok("GET", "/api/me/credits/ledger")["entries"]) == 1
    assert count_deeds(everything) == before


@pytest.mark.parametrize("user_id", [NOBODYS, "somebody"])
def test_nobody_that_is_unknown_is_given_credits(
    administrator: RolePhone, everything: psycopg.Connection, user_id: str
) -> None:
    before = count_deeds(everything)
    path = f"/api/admin/users/{user_id}/credits"
    assert administrator.refused("POST", path, adjustment(5)) == (404, "not_found")
    assert count_deeds(everything) == before

"""What is for sale is a setting that is never guessed at."""

import json
from typing import Any

import pytest

from shared.config.environment import SettingsError
from shared.payments.model import Package
from shared.payments.packages import DEFAULT_PACKAGES, read_packages

ONE: dict[str, Any] = {"id": "tiny", "credits": 1, "amount_cents": 99, "currency": "eur"}


def test_without_a_setting_the_price_list_is_our_own() -> None:
    assert read_packages("") is DEFAULT_PACKAGES
    assert [package.id for package in DEFAULT_PACKAGES] == ["starter", "regular", "large"]


def test_larger_packages_are_cheaper_by_the_credit() -> None:
    prices = [package.amount_cents / package.credits for package in DEFAULT_PACKAGES]
    assert prices == sorted(prices, reverse=True)
    assert len(set(prices)) == len(prices)


def test_a_setting_replaces_the_list_and_keeps_its_order() -> None:
    text = json.dumps([{**ONE, "id": "b"}, ONE])
    assert read_packages(text) == [
        Package(id="b", credits=1, amount_cents=99, currency="eur"),
        Package(id="tiny", credits=1, amount_cents=99, currency="eur"),
    ]


REFUSED: dict[str, Any] = {
    "no JSON": "tiny",
    "no list": json.dumps(ONE),
    "a number": "7",
    "null": "null",
    "text in a list": '["tiny"]',
    "nothing for sale": "[]",
    "the same id twice": json.dumps([ONE, {**ONE, "credits": 2}]),
    **{f"no {name}": json.dumps([{key: ONE[key] for key in ONE if key != name}]) for name in ONE},
    **{
        f"{name} {value!r}": json.dumps([{**ONE, name: value}])
        for name in ("credits", "amount_cents")
        for value in (0, -1, 1.5, 2.0, "1", True, None, [1])
    },
    **{
        f"currency {value!r}": json.dumps([{**ONE, "currency": value}])
        for value in ("EUR", "eu", "euro", "e1r", "eu\u00e9", "eur\n", "", None, 978)
    },
    "an empty id": json.dumps([{**ONE, "id": ""}]),
    "an unknown field": json.dumps([{**ONE, "discount": 5}]),
    "one good, one bad": json.dumps([ONE, {**ONE, "id": "x", "credits": 0}]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_setting_that_says_something_else_stops_the_function_at_its_start(name: str) -> None:
    with pytest.raises(SettingsError, match="CREDIT_PACKAGES"):
        read_packages(REFUSED[name])

"""What is for sale: a setting, with a price list of our own to begin with."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from shared.config.environment import SettingsError
from shared.payments.model import Package

DEFAULT_PACKAGES = (
    Package(id="starter", credits=20, amount_cents=499, currency="usd"),
    Package(id="regular", credits=100, amount_cents=1_999, currency="usd"),
    Package(id="large", credits=500, amount_cents=7_999, currency="usd"),
)

_CURRENCY = re.compile(r"[a-z]{3}")
"""ISO 4217, written as the payment provider does."""


def read_packages(text: str) -> Sequence[Package]:
    """The packages of a JSON list such as `[{"id":"starter","credits":20,"amount_cents":499,"currency":"usd"}]`.

    Empty text means DEFAULT_PACKAGES. Raises SettingsError: what is sold must not be guessed at.
    """
    if not text:
        return DEFAULT_PACKAGES
    try:
        packages = [_package(entry) for entry in json.loads(text)]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise SettingsError(
            'CREDIT_PACKAGES must be a JSON list of {"id", "credits", "amount_cents", "currency"}, whole numbers above'
            " zero, a currency of three letters."
        ) from error
    if not packages or len({package.id for package in packages}) != len(packages):
        raise SettingsError("CREDIT_PACKAGES must name at least one package, and none twice.")
    return packages


def _package(entry: Mapping[str, Any]) -> Package:
    package = Package(**entry)
    numbers = (package.credits, package.amount_cents)
    if any(type(number) is not int or number <= 0 for number in numbers):
        raise ValueError(package.id)
    if not package.id or not _CURRENCY.fullmatch(package.currency):
        raise ValueError(package.id)
    return package

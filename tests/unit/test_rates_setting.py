"""RATE_LIMITS as an operator writes it."""

import pytest

from shared.config.settings_error import SettingsError
from shared.edge.rules import EdgeSettings, Rules
from shared.limits.model import DEFAULT_RATES, Rate, read_rates


def test_what_is_not_named_keeps_its_default() -> None:
    rates = read_rates("ask=5+6/min, search=30+60/min")
    assert rates["ask"] == Rate(capacity=5, per_minute=6)
    assert rates["search"].per_second == 1
    assert rates["read"] == DEFAULT_RATES["read"]
    assert read_rates("") == DEFAULT_RATES


def test_off_limits_nothing() -> None:
    assert read_rates("off") == {}


@pytest.mark.parametrize("text", ["ask", "ask=5", "ask=0+6/min", "ask=5+0/min", "talk=5+6/min", "ask=5+6/s"])
def test_what_is_no_rate_stops_the_function(text: str) -> None:
    with pytest.raises(SettingsError, match="RATE_LIMITS"):
        read_rates(text)


def test_anonymous_sign_in_is_one_word_or_the_other() -> None:
    assert not Rules.of(EdgeSettings()).takes_anonymous
    assert Rules.of(EdgeSettings(anonymous_sign_in="allowed")).takes_anonymous
    with pytest.raises(SettingsError, match="ANONYMOUS_SIGN_IN"):
        Rules.of(EdgeSettings(anonymous_sign_in="yes"))

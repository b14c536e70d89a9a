"""Which mode money is taken in: said plainly, and the same everywhere, or the function does not start."""

import pytest

from shared.config.environment import SettingsError, load
from shared.payments.settings import StripeModeSettings, StripeSettings


@pytest.mark.parametrize(("mode", "is_live"), [("live", True), ("test", False)])
def test_the_mode_tells_whether_money_is_real(mode: str, is_live: bool) -> None:  # noqa: FBT001 - a row of the table
    assert load(StripeModeSettings, {"STRIPE_MODE": mode}).is_live is is_live


@pytest.mark.parametrize("mode", ["Live", "LIVE", "production", "1"])
def test_any_other_word_is_refused_rather_than_taken_for_a_test(mode: str) -> None:
    with pytest.raises(SettingsError, match="live or test"):
        load(StripeModeSettings, {"STRIPE_MODE": mode})


@pytest.mark.parametrize("key", ["sk_live_x", "rk_live_x", "sk_test_x", "rk_test_x", "sk_of_an_older_kind"])
@pytest.mark.parametrize("mode", ["live", "test"])
def test_a_key_of_the_other_mode_is_refused(mode: str, key: str) -> None:
    given = {"STRIPE_MODE": mode, "STRIPE_API_KEY": key}
    if {"live": "_test_", "test": "_live_"}[mode] in key:
        with pytest.raises(SettingsError, match="is a key of"):
            load(StripeSettings, given)
    else:
        assert load(StripeSettings, given).stripe_api_key == key

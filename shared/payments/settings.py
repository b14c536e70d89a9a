"""Settings of functions that take payments."""

from shared.config.environment import Settings, SettingsError

_MODES = ("live", "test")


class StripeModeSettings(Settings):
    """Whether money is real: `live` or `test`. Events and payments of the other mode are not ours."""

    stripe_mode: str

    def __post_init__(self) -> None:
        """Refuse a word that is neither: taken for the other mode, every payment would be ignored."""
        if self.stripe_mode not in _MODES:
            raise SettingsError("STRIPE_MODE must be live or test.")

    @property
    def is_live(self) -> bool:
        """Whether money is real."""
        return self.stripe_mode == "live"


class StripeSettings(StripeModeSettings):
    """Our account at Stripe."""

    stripe_api_key: str
    stripe_base_url: str = "https://api.stripe.com"

    def __post_init__(self) -> None:
        """Refuse a key of the other mode: Stripe writes the mode into its keys (`sk_live_...`, `rk_test_...`)."""
        super().__post_init__()
        other = "test" if self.is_live else "live"
        if f"_{other}_" in self.stripe_api_key:
            raise SettingsError(f"STRIPE_MODE is {self.stripe_mode}, and STRIPE_API_KEY is a key of {other} mode.")

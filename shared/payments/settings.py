"""Settings of functions that take payments."""

from shared.config.environment import Settings

LIVE = "live"


class StripeSettings(Settings):
    """Our account at Stripe. `stripe_mode` is `live` or `test`: events and payments of the other are not ours."""

    stripe_api_key: str
    stripe_mode: str
    stripe_base_url: str = "https://api.stripe.com"

    @property
    def is_live(self) -> bool:
        """Whether money is real."""
        return self.stripe_mode == LIVE

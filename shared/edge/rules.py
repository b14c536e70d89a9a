"""What an operator decides about callers: how often they may come, and whether they may stay unknown."""

from collections.abc import Mapping
from dataclasses import field

from shared.config.environment import Settings, SettingsError
from shared.limits.model import Rate, RouteClass, read_rates
from shared.values import frozen

ALLOWED, REFUSED = "allowed", "refused"


class EdgeSettings(Settings):
    """What every function with signed-in callers reads of its environment."""

    rate_limits: str = ""
    """Such as `ask=5+6/min`; what it does not name is as in shared/limits/model.py. `off` limits nothing."""
    anonymous_sign_in: str = REFUSED
    """Whether tokens of Firebase's anonymous sign-in are taken: each new one brings trial credits."""


@frozen
class Rules:
    """The rules of one function's edge. Without any, nobody is too often there."""

    rates: Mapping[RouteClass, Rate] = field(default_factory=dict["RouteClass", Rate])
    takes_anonymous: bool = False

    @classmethod
    def of(cls, settings: EdgeSettings) -> "Rules":
        """As the settings say. Raises SettingsError."""
        if settings.anonymous_sign_in not in {ALLOWED, REFUSED}:
            raise SettingsError(f"ANONYMOUS_SIGN_IN must be `{ALLOWED}` or `{REFUSED}`.")
        return cls(rates=read_rates(settings.rate_limits), takes_anonymous=settings.anonymous_sign_in == ALLOWED)

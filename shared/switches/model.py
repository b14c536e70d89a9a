"""A provider's switch as a value."""

from datetime import datetime

from shared.ids import UserId
from shared.values import frozen

STRIPE, FCM = "stripe", "fcm"
"""Who takes the money, and who pushes; the other providers are those that settings name for a capability."""

LOOK_AGAIN_SECONDS = 60
"""Whoever finds a provider switched off is told to come back after so long: nobody knows when it will be on again."""


@frozen
class Switch:
    """How an administrator left a provider, and why. A provider without one is on."""

    provider: str
    is_off: bool
    reason: str
    changed_by: UserId
    changed_at: datetime

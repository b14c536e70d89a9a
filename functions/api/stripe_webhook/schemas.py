"""What Stripe is answered; it reads the status only."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ReceivedOut:
    """The event is kept."""

    received: bool

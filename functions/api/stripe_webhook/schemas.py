"""What Stripe is answered; it reads the status only."""

from shared.values import frozen


@frozen
class ReceivedOut:
    """The event is kept."""

    received: bool

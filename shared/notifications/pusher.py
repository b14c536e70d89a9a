"""What we need of a vendor that reaches phones."""

from collections.abc import Sequence
from typing import Protocol

from shared.notifications.model import Push, PushAnswer


class Pusher(Protocol):
    """Sends one push to phones."""

    def push(self, push: Push, tokens: Sequence[str]) -> list[PushAnswer]:
        """An answer for each token, in order. A vendor that is down is an answer (LATER), and raises nothing."""
        ...

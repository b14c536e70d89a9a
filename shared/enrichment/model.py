"""What the steps of enrichment share as values."""

from collections.abc import Callable, Sequence
from dataclasses import field
from datetime import timedelta

from shared.ai.capabilities import Usage
from shared.db.connection import Transaction
from shared.errors import Busy, Invalid, VendorDown
from shared.jobs.model import Leaving, StepState
from shared.outbox.model import Announcement
from shared.values import frozen


class MediaRejected(Invalid):
    """A media file is not what it claims to be, or holds nothing: it is left out and its session goes on.

    `code` is stable, and shown by the app: empty, missing, not_audio, not_a_picture, unreadable, too_long,
    picture_too_large, no_speech, nothing_seen, provider_refused.
    """

    code = "media_rejected"

    def __init__(self, detail: str, *, code: str | None = None, usage: Usage | None = None) -> None:
        super().__init__(detail, code=code)
        self.usage = usage
        """What it took to find out, where a provider was asked."""


class DecodingTooSlow(MediaRejected):
    """A recording was not decoded in the time there was: for want of a processor, or because it is made to be slow."""

    code = "unreadable"


Write = Callable[[Transaction], Sequence[Announcement] | None]
"""Keeps what was made, and says what it announced."""


def _nothing(_: Transaction) -> None:
    return


@frozen
class Outcome:
    """How one try of a step ended. `write` keeps what was made, in the transaction in which the step is left.

    `due_in` and `counts` as in `Leaving`; `try_again_after` has the message itself come back.
    """

    state: StepState
    reason: str | None = None
    usage: Usage | None = None
    write: Write = field(default=_nothing)
    due_in: timedelta | None = None
    counts: bool = True
    try_again_after: VendorDown | Busy | None = None

    def leaving(self) -> Leaving:
        """What is written of it into the step."""
        return Leaving(
            state=self.state,
            reason=self.reason,
            due_in=self.due_in,
            counts=self.counts,
            provider=self.usage.provider if self.usage else None,
            model=self.usage.model if self.usage else None,
            provider_ms=self.usage.provider_ms if self.usage else None,
        )

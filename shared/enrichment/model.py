"""What the steps of enrichment share as values."""

from collections.abc import Callable
from dataclasses import dataclass, field

from shared.ai.capabilities import Usage
from shared.db.connection import Transaction
from shared.errors import Invalid, VendorDown
from shared.jobs.model import StepState


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


def _nothing(_: Transaction) -> None:
    return


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How one try of a step ended. `write` keeps what was made, in the transaction in which the step is left."""

    state: StepState
    reason: str | None = None
    usage: Usage | None = None
    write: Callable[[Transaction], None] = field(default=_nothing)
    try_again_after: VendorDown | None = None

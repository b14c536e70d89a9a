"""Where ids come from: UUIDv7, so that rows made together lie together (RFC 9562, section 5.7)."""

from typing import NewType
from uuid import UUID

from uuid_utils import reseed_rng
from uuid_utils.compat import uuid7

UserId = NewType("UserId", UUID)
SessionId = NewType("SessionId", UUID)
BlockId = NewType("BlockId", UUID)
MediaId = NewType("MediaId", UUID)
JobId = NewType("JobId", UUID)
StepId = NewType("StepId", UUID)
ChunkId = NewType("ChunkId", UUID)


def new_id() -> UUID:
    """A fresh id, later than every id this process made before."""
    return uuid7()


def draw_afresh() -> None:
    """Forget what was drawn: a copy of this process would make the same ids, but for their millisecond."""
    reseed_rng()

"""The parts a long recording is cut into, as values."""

from collections.abc import Iterator, Sequence

from shared.ai.capabilities import Segment
from shared.ids import MediaId, SessionId, UserId
from shared.values import frozen


@frozen
class Stretch:
    """A piece of a recording, in milliseconds from its start."""

    start_ms: int
    end_ms: int

    @property
    def length_ms(self) -> int:
        """How long it lasts."""
        return self.end_ms - self.start_ms


@frozen
class RecordingPart:
    """A part of a long recording, in a file of its own.

    The file holds the stretches one after the other: the long silences between them are left out. `segments` are by
    the clock of the whole recording; None until the part is transcribed, by `provider`.
    """

    user_id: UserId
    media_id: MediaId
    session_id: SessionId
    index: int
    stretches: tuple[Stretch, ...]
    object_key: str
    segments: tuple[Segment, ...] | None = None
    provider: str | None = None

    @property
    def start_ms(self) -> int:
        """Where it begins in the recording."""
        return self.stretches[0].start_ms

    @property
    def end_ms(self) -> int:
        """Where it ends in the recording."""
        return self.stretches[-1].end_ms

    @property
    def is_transcribed(self) -> bool:
        """Whether it was listened to, whatever was heard."""
        return self.segments is not None


def start_in_recording(stretches: Sequence[Stretch], at_ms: int) -> int:
    """When something begins in the recording that begins at `at_ms` in the part's file."""
    *earlier, last = _with_offsets(stretches)
    for offset_ms, stretch in earlier:
        if at_ms < offset_ms + stretch.length_ms:
            return stretch.start_ms + at_ms - offset_ms
    return min(last[1].end_ms, last[1].start_ms + at_ms - last[0])


def end_in_recording(stretches: Sequence[Stretch], at_ms: int) -> int:
    """The same of an end: one exactly where a silence was left out lies before it, not behind it."""
    return min(stretches[-1].end_ms, start_in_recording(stretches, max(0, at_ms - 1)) + min(1, at_ms))


def _with_offsets(stretches: Sequence[Stretch]) -> Iterator[tuple[int, Stretch]]:
    offset_ms = 0
    for stretch in stretches:
        yield offset_ms, stretch
        offset_ms += stretch.length_ms

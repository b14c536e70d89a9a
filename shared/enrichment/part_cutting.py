"""Cuts a recording into its planned parts, each a FLAC file of 16 kHz mono, in one go through the recording."""

from collections.abc import Iterator, Sequence
from dataclasses import field
from io import BytesIO
from typing import IO, Any

import av
from av.audio.frame import AudioFrame

from shared.enrichment.audio_decode import RATE, SAMPLES_PER_MS, Sound, decode_sound
from shared.enrichment.audio_file import Container
from shared.enrichment.part_plan import PlannedPart
from shared.media.recording_part import Stretch
from shared.values import frozen

EXTENSION = "flac"
CONTENT_TYPE = "audio/flac"

_SAMPLE_BYTES = 2


@frozen
class CutPart:
    """A part and its file."""

    index: int
    plan: PlannedPart
    data: bytes = field(repr=False)


def cut_parts(file: IO[bytes], container: Container, plan: Sequence[PlannedPart], *, until: float) -> Iterator[CutPart]:
    """The parts in order, never holding more than two. Raises MediaRejected: unreadable, too_long."""
    waiting = list(enumerate(plan))
    writers: list[_Writer] = []
    for sound in decode_sound(file, container, piece_samples=RATE, is_measured=False, until=until):
        while waiting and waiting[0][1].start_ms * SAMPLES_PER_MS < sound.end:
            writers.append(_Writer(*waiting.pop(0)))
        for writer in writers:
            writer.hear(sound)
        while writers and writers[0].ends <= sound.end:
            yield writers.pop(0).finished()
    yield from (writer.finished() for writer in writers)


class _Writer:
    """One part, while it is being written."""

    def __init__(self, index: int, plan: PlannedPart) -> None:
        self.ends = plan.end_ms * SAMPLES_PER_MS
        self._index, self._plan = index, plan
        self._written = 0
        self._buffer = BytesIO()
        self._file: Any = av.open(self._buffer, "w", format=EXTENSION)
        self._stream: Any = self._file.add_stream(EXTENSION, rate=RATE, layout="mono", format="s16")

    def hear(self, sound: Sound) -> None:
        """Take what of a piece belongs into this part."""
        offset = 0
        for stretch in self._plan.stretches:
            self._take(sound, stretch, offset)
            offset += stretch.length_ms * SAMPLES_PER_MS

    def finished(self) -> CutPart:
        """The file."""
        for packet in self._stream.encode(None):
            self._file.mux(packet)
        self._file.close()
        return CutPart(index=self._index, plan=self._plan, data=self._buffer.getvalue())

    def _take(self, sound: Sound, stretch: Stretch, offset: int) -> None:
        """`offset` is where the stretch begins in this part; a gap of the recording becomes silence of its length."""
        starts, ends = stretch.start_ms * SAMPLES_PER_MS, stretch.end_ms * SAMPLES_PER_MS
        first, last = max(starts, sound.position), min(ends, sound.end)
        if first >= last:
            return
        self._fall_silent(offset + first - starts - self._written)
        samples = bytes(sound.frame.planes[0])
        self._write(samples[(first - sound.position) * _SAMPLE_BYTES : (last - sound.position) * _SAMPLE_BYTES])

    def _fall_silent(self, samples: int) -> None:
        while samples > 0:
            some = min(samples, RATE)
            self._write(bytes(some * _SAMPLE_BYTES))
            samples -= some

    def _write(self, samples: bytes) -> None:
        frame = AudioFrame(format="s16", layout="mono", samples=len(samples) // _SAMPLE_BYTES)
        frame.planes[0].update(samples)
        frame.sample_rate = RATE
        frame.pts = self._written
        self._written += frame.samples
        for packet in self._stream.encode(frame):
            self._file.mux(packet)

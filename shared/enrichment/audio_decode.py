"""Decodes a recording, piece by piece, into 16 kHz mono: what speech models are made for.

Where a piece belongs is read from the recording's own clock, as a player does it: a phone that was put to sleep leaves
a gap of time without any sound, and every word after it would be told too early by merely counting what was decoded.
"""

from collections.abc import Iterator
from time import monotonic
from typing import IO

from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.filter import Graph

from shared.enrichment.audio_file import Container, audio_stream, open_audio
from shared.enrichment.audio_probe import MAX_DURATION_MS, too_long
from shared.enrichment.model import DecodingTooSlow, MediaRejected
from shared.values import frozen

RATE = 16_000
"""Samples in a second of what comes out."""

SAMPLES_PER_MS = RATE // 1_000

_GAP_SECONDS = 0.25  # less is rounding, or a phone's clock beside its microphone's
_LEVEL = "lavfi.astats.Overall.RMS_level"


@frozen
class Sound:
    """A piece of a recording: 16-bit samples, where the first one belongs, and how loud it is, if that was asked."""

    position: int
    frame: AudioFrame

    @property
    def end(self) -> int:
        """Where the sample after the last one belongs."""
        return self.position + self.frame.samples

    @property
    def level_dbfs(self) -> float:
        """Root mean square beside a full-scale square wave; -inf for digital silence."""
        return float(self.frame.metadata[_LEVEL])


def decode_sound(
    file: IO[bytes], container: Container, *, piece_samples: int, is_measured: bool, until: float
) -> Iterator[Sound]:
    """Every piece that can be decoded, in order, none overlapping; what is broken leaves a gap.

    Args:
        file: The recording, which `probe_audio` has passed.
        container: What it was recognised as.
        piece_samples: How long a piece is; those before a gap and at the end are shorter.
        is_measured: Whether `level_dbfs` is wanted.
        until: By `time.monotonic()`, when to give up.

    Raises:
        DecodingTooSlow: `until` has come.
        MediaRejected: unreadable, or too_long.
    """
    try:
        with open_audio(file, container) as opened:
            frames = _frames(opened, audio_stream(opened), until)
            yield from _on_the_clock(frames, piece_samples=piece_samples, is_measured=is_measured)
    except (FFmpegError, ValueError, MemoryError, OverflowError) as error:
        raise MediaRejected("The recording cannot be read.", code="unreadable") from error


def _frames(opened: InputContainer, stream: AudioStream, until: float) -> Iterator[AudioFrame]:
    """What can be decoded: one broken packet in three hours is no reason to lose what follows it."""
    packets = opened.demux(stream)
    while True:
        if monotonic() > until:
            raise DecodingTooSlow("The recording takes too long to be decoded.")
        try:
            packet = next(packets)
        except (StopIteration, FFmpegError):
            return
        try:
            frames = packet.decode()
        except FFmpegError:
            continue
        yield from frames


def _on_the_clock(frames: Iterator[AudioFrame], *, piece_samples: int, is_measured: bool) -> Iterator[Sound]:
    clock = _Clock()
    pieces: _Pieces | None = None
    position = 0
    for frame in frames:
        has_gap = clock.passes(frame)
        if pieces is None or has_gap or pieces.form != _form(frame):
            if pieces is not None:
                yield from pieces.rest()
                position = pieces.position
            position = max(position, clock.position)
            pieces = _Pieces(_form(frame), position, piece_samples=piece_samples, is_measured=is_measured)
        yield from pieces.of(frame)
        if pieces.position > MAX_DURATION_MS * SAMPLES_PER_MS:
            raise too_long()
        clock.advance(frame)
    if pieces is not None:
        yield from pieces.rest()


class _Clock:
    """Where a frame belongs, in seconds from the first one. A clock that is set back is taken to go on."""

    def __init__(self) -> None:
        self._origin: float | None = None
        self._expected = 0.0

    @property
    def position(self) -> int:
        """The same in samples."""
        return round(self._expected * RATE)

    def passes(self, frame: AudioFrame) -> bool:
        """Look at a frame's time; True when there is a gap before it."""
        time = frame.time
        if time is None:
            return False
        if self._origin is None:
            self._origin = time
        jump = time - self._origin - self._expected
        if jump < -_GAP_SECONDS:
            self._origin += jump
        if jump <= _GAP_SECONDS:
            return False
        self._expected += jump
        return True

    def advance(self, frame: AudioFrame) -> None:
        """What follows belongs after this frame."""
        self._expected += frame.samples / frame.sample_rate


def _form(frame: AudioFrame) -> tuple[int, str, str]:
    return frame.sample_rate, frame.format.name, frame.layout.name


class _Pieces:
    """FFmpeg's filters between frames as they are decoded and pieces as they are wanted."""

    def __init__(self, form: tuple[int, str, str], position: int, *, piece_samples: int, is_measured: bool) -> None:
        self.form = form
        self.position = position
        rate, sample_format, layout = form
        self._graph = Graph()
        nodes = [
            self._graph.add_abuffer(sample_rate=rate, format=sample_format, layout=layout),
            self._graph.add("aformat", f"sample_rates={RATE}:sample_fmts=s16:channel_layouts=mono"),
            self._graph.add("asetnsamples", f"n={piece_samples}:p=0"),
        ]
        if is_measured:
            nodes.append(
                self._graph.add("astats", "metadata=1:reset=1:measure_perchannel=none:measure_overall=RMS_level")
            )
        self._graph.link_nodes(*nodes, self._graph.add("abuffersink")).configure()

    def of(self, frame: AudioFrame) -> Iterator[Sound]:
        """The pieces that are whole after this frame."""
        frame.pts = None  # the filters count for themselves; where pieces belong is our own clock's business
        self._graph.push(frame)
        yield from self._pulled()

    def rest(self) -> Iterator[Sound]:
        """What is left of the last piece."""
        self._graph.push(None)
        yield from self._pulled()

    def _pulled(self) -> Iterator[Sound]:
        while True:
            try:
                frame = self._graph.pull()
            except (BlockingIOError, EOFError):
                return
            if not isinstance(frame, AudioFrame):
                raise TypeError("an audio filter gave a picture")
            yield Sound(position=self.position, frame=frame)
            self.position += frame.samples

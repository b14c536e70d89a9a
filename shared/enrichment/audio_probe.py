"""Looks into an audio file before a provider does: what it is, how long it lasts, and that it can be decoded."""

from collections.abc import Iterator
from itertools import islice
from typing import IO, Any

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError

from shared.enrichment.audio_file import Container, audio_stream, container_of, open_audio
from shared.enrichment.model import MediaRejected
from shared.values import frozen

MAX_DURATION_MS = 4 * 60 * 60 * 1_000
"""The longest recording we take."""

_MAX_PACKETS = 1_500_000  # four hours in packets of 10 ms
_DECODED_FRAMES = 500  # about ten seconds: enough to know that the rest is what it claims to be
_MIN_BYTES_PER_SECOND = 40  # the thriftiest speech codec needs ten times as much for speech
_PLAUSIBLE_FROM_MS = 60_000


@frozen
class AudioFacts:
    """What a recording really is."""

    container: Container
    duration_ms: int
    size_bytes: int

    @property
    def extension(self) -> str:
        """What providers know its kind by."""
        return self.container.extension


def probe_audio(file: IO[bytes]) -> AudioFacts:
    """What the recording is. Raises MediaRejected: empty, not_audio, unreadable, too_long."""
    container = container_of(file)
    size_bytes = file.seek(0, 2)
    duration_ms = _measure(file, container)
    _check_duration(duration_ms, size_bytes)
    return AudioFacts(container=container, duration_ms=duration_ms, size_bytes=size_bytes)


def _measure(file: IO[bytes], container: Container) -> int:
    try:
        with open_audio(file, container) as opened:
            stream = audio_stream(opened)
            _check_claim(opened)
            _check_decodable(opened, stream)
        return _duration_ms(file, container)
    except (FFmpegError, ValueError, MemoryError, OverflowError) as error:
        raise MediaRejected("The recording cannot be read.", code="unreadable") from error


def _check_claim(opened: InputContainer) -> None:
    """What the header says, before anything is counted."""
    if opened.duration is not None and opened.duration // 1_000 > MAX_DURATION_MS:
        raise too_long()


def _check_decodable(opened: InputContainer, stream: AudioStream) -> None:
    samples = sum(frame.samples for frame in islice(_frames(opened, stream), _DECODED_FRAMES))
    if samples == 0:
        raise MediaRejected("The recording holds no sound that can be decoded.", code="unreadable")


def _frames(opened: InputContainer, stream: AudioStream) -> Iterator[Any]:
    """Frames up to the first broken one: a recording cut short by a flat battery is still worth hearing."""
    frames = opened.decode(stream)
    while True:
        try:
            yield next(frames)
        except (StopIteration, FFmpegError):
            return


def _duration_ms(file: IO[bytes], container: Container) -> int:
    """From the packets, for headers lie or are missing (a browser's recorder writes none)."""
    with open_audio(file, container) as opened:
        stream = audio_stream(opened)
        end = 0
        for count, packet in enumerate(opened.demux(stream)):
            if packet.pts is not None:
                end = max(end, packet.pts + (packet.duration or 0))
            if count > _MAX_PACKETS:
                raise too_long()
        start = stream.start_time or 0
        return max(0, round((end - start) * (stream.time_base or 0) * 1_000))


def _check_duration(duration_ms: int, size_bytes: int) -> None:
    if duration_ms > MAX_DURATION_MS:
        raise too_long()
    if duration_ms > _PLAUSIBLE_FROM_MS and size_bytes * 1_000 // duration_ms < _MIN_BYTES_PER_SECOND:
        raise MediaRejected("The recording claims to be longer than it can be.", code="unreadable")


def too_long() -> MediaRejected:
    """What a recording over the limit is refused with."""
    return MediaRejected(f"A recording may last {MAX_DURATION_MS // 3_600_000} hours at most.", code="too_long")

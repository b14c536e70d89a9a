"""Recordings in, speech out: any container to 16 kHz mono PCM, and where in it somebody speaks."""

import importlib
import io
from collections.abc import Iterator
from dataclasses import dataclass

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.container import InputContainer
from av.error import FFmpegError

from dev.vendors.ai_errors import invalid

SAMPLE_RATE = 16_000
SAMPLE_BYTES = 2
BYTES_PER_SECOND = SAMPLE_RATE * SAMPLE_BYTES
LONGEST_RECORDING_SECONDS = 4 * 3_600  # 460 MB of PCM: what a small compressed file may blow up to
LONGEST_UTTERANCE_SECONDS = 20.0  # the decoder's time and memory grow with an utterance's length
CUT_WINDOW_SECONDS = 5.0  # how far back from that limit the quietest moment is looked for
FRAME_SECONDS = 0.03


@dataclass(frozen=True, kw_only=True)
class Utterance:
    """A stretch of speech: seconds from the recording's start, and its 16 kHz mono s16 PCM."""

    start: float
    pcm: bytes


def decode_recording(data: bytes) -> bytes:
    """Decodes the first audio stream of any container to 16 kHz mono s16 PCM.

    Raises:
        ApiError: 400 when no audio can be read from the bytes, or too much of it.
    """
    try:
        with av.open(io.BytesIO(data), mode="r") as container:
            return _joined(_decoded_parts(container))
    except (FFmpegError, ValueError, IndexError) as error:
        raise invalid("The audio file could not be decoded.", param="file", code="invalid_audio") from error


def _decoded_parts(container: InputContainer) -> Iterator[bytes]:
    resampler = AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
    for frame in container.decode(container.streams.audio[0]):
        for part in resampler.resample(frame):
            yield part.to_ndarray().tobytes()
    for part in resampler.resample(None):
        yield part.to_ndarray().tobytes()


def _joined(parts: Iterator[bytes]) -> bytes:
    pcm = bytearray()
    for part in parts:
        pcm += part
        if len(pcm) > LONGEST_RECORDING_SECONDS * BYTES_PER_SECOND:
            raise invalid("The recording is longer than 4 hours.", param="file", code="audio_too_long")
    return bytes(pcm)


def duration_seconds(pcm: bytes) -> float:
    """How long the PCM plays."""
    return len(pcm) / BYTES_PER_SECOND


def utterances_of(pcm: bytes) -> list[Utterance]:
    """The stretches of speech, found by pocketsphinx's voice activity detector, none longer than the cap."""
    segmenter = importlib.import_module("pocketsphinx").Segmenter(sample_rate=SAMPLE_RATE)
    stream = io.BytesIO(_ending_in_part_of_a_frame(pcm, segmenter.frame_bytes))
    spoken = [Utterance(start=s.start_time, pcm=s.pcm) for s in segmenter.segment(stream)]
    return [piece for utterance in spoken for piece in _within_cap(utterance)]


def _ending_in_part_of_a_frame(pcm: bytes, frame_bytes: int) -> bytes:
    """The PCM, one silent sample longer if need be.

    pocketsphinx's segmenter ends its stream at a frame cut short only: without one it forgets the last
    utterance of a recording that ends while somebody speaks.
    """
    return pcm if len(pcm) % frame_bytes else pcm + bytes(SAMPLE_BYTES)


def _within_cap(utterance: Utterance) -> Iterator[Utterance]:
    start, rest = utterance.start, utterance.pcm
    while duration_seconds(rest) > LONGEST_UTTERANCE_SECONDS:
        cut = _quietest_byte(rest)
        yield Utterance(start=start, pcm=rest[:cut])
        start, rest = start + duration_seconds(rest[:cut]), rest[cut:]
    yield Utterance(start=start, pcm=rest)


def _quietest_byte(pcm: bytes) -> int:
    """Where to cut: the start of the quietest frame in the window before the cap."""
    end = int(LONGEST_UTTERANCE_SECONDS * SAMPLE_RATE)
    frame = int(FRAME_SECONDS * SAMPLE_RATE)
    begin = end - int(CUT_WINDOW_SECONDS * SAMPLE_RATE) // frame * frame
    window = np.frombuffer(pcm, dtype="<i2")[begin:end].astype(np.float32)
    loudness = np.square(window[: len(window) // frame * frame]).reshape(-1, frame).sum(axis=1)
    return (begin + int(loudness.argmin()) * frame) * SAMPLE_BYTES

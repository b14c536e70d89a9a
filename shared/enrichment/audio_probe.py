"""Looks into an audio file before a provider does: what it is, how long it lasts, and that it can be decoded.

FFmpeg opens whatever a file asks it to open: playlists, other files, the network. Here the demuxer is chosen by the
file's first bytes out of a short list, without FFmpeg's own guessing; it is given the bytes and no way to open
anything else; only audio decoders are allowed; and everything is counted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import Any

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError

from shared.enrichment.model import MediaRejected

MAX_DURATION_MS = 4 * 60 * 60 * 1_000
"""The longest recording we take."""

_MAX_PACKETS = 1_500_000  # four hours in packets of 10 ms
_DECODED_FRAMES = 500  # about ten seconds: enough to know that the rest is what it claims to be
_MIN_BYTES_PER_SECOND = 40  # the thriftiest speech codec needs ten times as much for speech
_PLAUSIBLE_FROM_MS = 60_000

_DECODERS = (
    "aac", "aac_fixed", "aac_latm", "alac", "flac", "libopus", "mp2", "mp2float", "mp3", "mp3float", "opus", "vorbis",
    "libvorbis", "amrnb", "amrwb", "libopencore_amrnb", "libopencore_amrwb", "pcm_alaw", "pcm_f32be", "pcm_f32le",
    "pcm_f64le", "pcm_mulaw", "pcm_s16be", "pcm_s16le", "pcm_s24be", "pcm_s24le", "pcm_s32be", "pcm_s32le", "pcm_u8",
)  # fmt: skip

_OPTIONS = {
    "codec_whitelist": ",".join(_DECODERS),
    "probesize": "1000000",
    "analyzeduration": "5000000",
    "max_streams": "16",
}


@dataclass(frozen=True, kw_only=True)
class Container:
    """A kind of audio file: FFmpeg's name of its demuxer, and the extension providers know it by."""

    demuxer: str
    extension: str


@dataclass(frozen=True, kw_only=True)
class AudioFacts:
    """What a recording really is."""

    extension: str
    duration_ms: int


_MP4 = Container(demuxer="mov", extension="m4a")
_MP3 = Container(demuxer="mp3", extension="mp3")
_WAV = Container(demuxer="wav", extension="wav")
_OGG = Container(demuxer="ogg", extension="ogg")
_WEBM = Container(demuxer="matroska", extension="webm")
_FLAC = Container(demuxer="flac", extension="flac")
_AAC = Container(demuxer="aac", extension="aac")


def recognise(data: bytes) -> Container | None:
    """The container by its first bytes, or None for one we do not take."""
    by_magic: tuple[tuple[int, bytes, Container], ...] = (
        (4, b"ftyp", _MP4),
        (0, b"OggS", _OGG),
        (0, b"fLaC", _FLAC),
        (0, b"\x1a\x45\xdf\xa3", _WEBM),
        (0, b"ID3", _MP3),
    )
    for offset, magic, container in by_magic:
        if data[offset : offset + len(magic)] == magic:
            return container
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return _WAV
    return _by_sync_word(data)


def probe_audio(data: bytes) -> AudioFacts:
    """What the recording is. Raises MediaRejected: empty, not_audio, unreadable, too_long."""
    if not data:
        raise MediaRejected("The file is empty.", code="empty")
    container = recognise(data)
    if container is None:
        raise MediaRejected("This is no audio file of a kind we take.", code="not_audio")
    duration_ms = _measure(data, container)
    _check_duration(duration_ms, len(data))
    return AudioFacts(extension=container.extension, duration_ms=duration_ms)


def _by_sync_word(data: bytes) -> Container | None:
    """MPEG audio has no magic, only frames that begin with twelve set bits; layer 0 means AAC (ISO 13818-7, ADTS)."""
    if len(data) < 2 or data[0] != 0xFF or data[1] & 0xE0 != 0xE0:  # noqa: PLR2004 - eleven bits, see above
        return None
    return _AAC if data[1] & 0xF6 == 0xF0 else _MP3  # noqa: PLR2004 - bits of the header


def _measure(data: bytes, container: Container) -> int:
    try:
        with _open(data, container) as opened:
            stream = _audio_stream(opened)
            _check_claim(opened)
            _check_decodable(opened, stream)
            return _duration_ms(data, container)
    except (FFmpegError, ValueError, MemoryError, OverflowError) as error:
        raise MediaRejected("The recording cannot be read.", code="unreadable") from error


def _open(data: bytes, container: Container) -> InputContainer:
    return av.open(
        BytesIO(data),
        mode="r",
        format=container.demuxer,
        container_options=_OPTIONS,
        io_open=_refuse_to_open,
        metadata_errors="replace",
    )


def _refuse_to_open(url: str, flags: int, options: Mapping[str, Any]) -> object:
    """FFmpeg asks here for anything beyond the bytes it was given."""
    raise PermissionError(f"a recording refers to something else ({len(url)} characters, {flags}, {len(options)})")


def _audio_stream(opened: InputContainer) -> AudioStream:
    if not opened.streams.audio:
        raise MediaRejected("There is no sound in this file.", code="not_audio")
    return opened.streams.audio[0]


def _check_claim(opened: InputContainer) -> None:
    """What the header says, before anything is counted."""
    if opened.duration is not None and opened.duration // 1_000 > MAX_DURATION_MS:
        raise _too_long()


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


def _duration_ms(data: bytes, container: Container) -> int:
    """From the packets, for headers lie or are missing (a browser's recorder writes none)."""
    with _open(data, container) as opened:
        stream = _audio_stream(opened)
        end = 0
        for count, packet in enumerate(opened.demux(stream)):
            if packet.pts is not None:
                end = max(end, packet.pts + (packet.duration or 0))
            if count > _MAX_PACKETS:
                raise _too_long()
        start = stream.start_time or 0
        return max(0, round((end - start) * (stream.time_base or 0) * 1_000))


def _check_duration(duration_ms: int, size_bytes: int) -> None:
    if duration_ms > MAX_DURATION_MS:
        raise _too_long()
    if duration_ms > _PLAUSIBLE_FROM_MS and size_bytes * 1_000 // duration_ms < _MIN_BYTES_PER_SECOND:
        raise MediaRejected("The recording claims to be longer than it can be.", code="unreadable")


def _too_long() -> MediaRejected:
    return MediaRejected(f"A recording may last {MAX_DURATION_MS // 3_600_000} hours at most.", code="too_long")

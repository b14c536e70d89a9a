"""Opens a recording without trusting it.

FFmpeg opens whatever a file asks it to open: playlists, other files, the network. Here the demuxer is chosen by the
file's first bytes out of a short list, without FFmpeg's own guessing; it is given the file and no way to open anything
else; and only audio decoders are allowed.
"""

from collections.abc import Mapping
from typing import IO, Any

import av
from av.audio.stream import AudioStream
from av.container import InputContainer

from shared.enrichment.model import MediaRejected
from shared.values import frozen

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

_MAGIC_BYTES = 12


@frozen
class Container:
    """A kind of audio file: FFmpeg's name of its demuxer, and the extension providers know it by."""

    demuxer: str
    extension: str


_MP4 = Container(demuxer="mov", extension="m4a")
_MP3 = Container(demuxer="mp3", extension="mp3")
_WAV = Container(demuxer="wav", extension="wav")
_OGG = Container(demuxer="ogg", extension="ogg")
_WEBM = Container(demuxer="matroska", extension="webm")
_FLAC = Container(demuxer="flac", extension="flac")
_AAC = Container(demuxer="aac", extension="aac")

_BY_MAGIC: tuple[tuple[int, bytes, Container], ...] = (
    (4, b"ftyp", _MP4),
    (0, b"OggS", _OGG),
    (0, b"fLaC", _FLAC),
    (0, b"\x1a\x45\xdf\xa3", _WEBM),
    (0, b"ID3", _MP3),
)


def recognise(data: bytes) -> Container | None:
    """The container by its first bytes, or None for one we do not take."""
    for offset, magic, container in _BY_MAGIC:
        if data[offset : offset + len(magic)] == magic:
            return container
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return _WAV
    return _by_sync_word(data)


def container_of(file: IO[bytes]) -> Container:
    """The container of a file that can be read anywhere. Raises MediaRejected: empty, not_audio."""
    file.seek(0)
    first = file.read(_MAGIC_BYTES)
    if not first:
        raise MediaRejected("The file is empty.", code="empty")
    container = recognise(first)
    if container is None:
        raise MediaRejected("This is no audio file of a kind we take.", code="not_audio")
    return container


def open_audio(file: IO[bytes], container: Container) -> InputContainer:
    """The file from its start, for reading. Raises what FFmpeg and PyAV raise: see `UNREADABLE`."""
    file.seek(0)
    return av.open(
        file,
        mode="r",
        format=container.demuxer,
        container_options=_OPTIONS,
        io_open=_refuse_to_open,
        metadata_errors="replace",
    )


def audio_stream(opened: InputContainer) -> AudioStream:
    """The first stream of sound. Raises MediaRejected: not_audio."""
    if not opened.streams.audio:
        raise MediaRejected("There is no sound in this file.", code="not_audio")
    return opened.streams.audio[0]


def _by_sync_word(data: bytes) -> Container | None:
    """MPEG audio has no magic, only frames that begin with twelve set bits; layer 0 means AAC (ISO 13818-7, ADTS)."""
    if len(data) < 2 or data[0] != 0xFF or data[1] & 0xE0 != 0xE0:  # noqa: PLR2004 - eleven bits, see above
        return None
    return _AAC if data[1] & 0xF6 == 0xF0 else _MP3  # noqa: PLR2004 - bits of the header


def _refuse_to_open(url: str, flags: int, options: Mapping[str, Any]) -> object:
    """FFmpeg asks here for anything beyond the bytes it was given."""
    raise PermissionError(f"a recording refers to something else ({len(url)} characters, {flags}, {len(options)})")

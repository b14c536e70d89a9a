"""Puts AAC frames into an MP4 file, untouched: providers take .m4a, and refuse the bare .aac some phones record."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet

from shared.enrichment.model import MediaRejected


def aac_to_m4a(data: bytes) -> bytes:
    """The same sound in another wrapping; `data` has passed `probe_audio`. Raises MediaRejected: unreadable."""
    written = BytesIO()
    try:
        with av.open(BytesIO(data), mode="r", format="aac") as source, _m4a(written) as target:
            stream = source.streams.audio[0]
            copy = target.add_stream_from_template(stream)
            for packet in _packets(source, stream):
                packet.stream = copy
                target.mux(packet)
    except (FFmpegError, ValueError) as error:
        raise MediaRejected("The recording cannot be read.", code="unreadable") from error
    return written.getvalue()


def _packets(source: InputContainer, stream: AudioStream) -> "Iterator[Packet[AudioStream]]":
    """All but the last, which is empty and only says that the file has ended."""
    return (packet for packet in source.demux(stream) if packet.dts is not None)


def _m4a(written: BytesIO) -> Any:  # noqa: ANN401 - PyAV's writing half is typed in part only
    return av.open(written, mode="w", format="ipod")

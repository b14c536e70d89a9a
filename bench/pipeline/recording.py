"""One short recording, made here: three seconds of a tone, as Opus in Ogg."""

import io

import av
import numpy as np
from av.audio.frame import AudioFrame

CONTENT_TYPE = "audio/ogg"
_RATE = 16_000
_SECONDS = 3


def short_recording() -> bytes:
    """About ten kilobytes that the probe takes for what they are."""
    wave = np.sin(np.arange(_RATE * _SECONDS) * (2 * np.pi * 220 / _RATE))
    samples = (wave * 8_000).astype(np.int16).reshape(1, -1)
    kept = io.BytesIO()
    with av.open(kept, "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=_RATE)
        frame = AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = _RATE
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
    return kept.getvalue()

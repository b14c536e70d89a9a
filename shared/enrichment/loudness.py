"""Measures how loud a recording is, moment by moment."""

from array import array
from collections.abc import Sequence
from typing import IO

from shared.enrichment.audio_decode import SAMPLES_PER_MS, decode_sound
from shared.enrichment.audio_file import Container
from shared.enrichment.silence import MOMENT_MS, SILENT_DBFS

_MOMENT_SAMPLES = MOMENT_MS * SAMPLES_PER_MS


def measure_loudness(file: IO[bytes], container: Container, *, until: float) -> Sequence[float]:
    """The level of each moment of MOMENT_MS in dBFS; without any sound, SILENT_DBFS. It has decoded everything.

    Raises MediaRejected: unreadable, too_long.
    """
    levels = array("f")
    for sound in decode_sound(file, container, piece_samples=_MOMENT_SAMPLES, is_measured=True, until=until):
        first, last = sound.position // _MOMENT_SAMPLES, (sound.end - 1) // _MOMENT_SAMPLES
        levels.extend(SILENT_DBFS for _ in range(last + 1 - len(levels)))
        for moment in range(first, last + 1):  # after a gap a piece may lie across two moments
            levels[moment] = max(levels[moment], sound.level_dbfs)
    return levels

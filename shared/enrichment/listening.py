"""Which recordings a provider hears in one piece, and which in parts."""

from collections.abc import Sequence

from shared.enrichment.audio_probe import AudioFacts
from shared.enrichment.part_plan import MOST_BYTES
from shared.media.recording_part import Stretch

MOST_MS = 20 * 60_000
"""The longest recording a provider is sent in one piece: it answers well within a worker's time."""

_MOST_SILENCE_MS = 60_000  # so much is heard, and paid for, to save the way through two more queues


def fits_one_piece(facts: AudioFacts) -> bool:
    """Whether a provider takes it as it is."""
    return facts.duration_ms <= MOST_MS and facts.size_bytes <= MOST_BYTES


def is_worth_cutting(facts: AudioFacts, stretches: Sequence[Stretch]) -> bool:
    """Whether leaving its silence out saves more than it costs."""
    return facts.duration_ms - speech_ms(stretches) > _MOST_SILENCE_MS


def speech_ms(stretches: Sequence[Stretch]) -> int:
    """How long somebody may be speaking."""
    return sum(stretch.length_ms for stretch in stretches)

"""Tells from how loud a recording is, moment by moment, where somebody may be speaking.

Losing a word is worse than paying for silence, so every doubt counts as speech:

- what is fainter than -75 dBFS is silence: a phone's own noise is louder than that;
- in the rest, what is 35 dB below the loud moments is silence, but nothing above -55 dBFS ever is;
- a recording that is faint (below -45 dBFS) and steady (within 6 dB) throughout is the noise of a room: speech swells
  and fades by more than 20 dB in each second.
"""

from collections.abc import Iterator, Sequence

from shared.media.recording_part import Stretch

MOMENT_MS = 50
"""How finely loudness is measured."""

SILENT_DBFS = -75.0
"""As quiet as makes no difference; also what a moment without any sound is given."""

LONG_SILENCE_MS = 10_000
"""A silence of this length is left out of what a provider hears."""

MARGIN_MS = 500
"""So much of the silence around speech is kept, so that no soft first or last sound is lost."""

_NEVER_SILENT_DBFS = -55.0
_BELOW_LOUD_DB = 35.0
_FAINT_DBFS = -45.0
_STEADY_DB = 6.0
_LEAST_MOMENTS = 2  # 100 ms: shorter than any word, longer than a click
_WORD_MOMENTS = 20


def speaking_stretches(levels: Sequence[float]) -> list[Stretch]:
    """Where somebody may be speaking, in order, apart by LONG_SILENCE_MS or more; none in a silent recording.

    `levels` is the loudness of each moment in dBFS, as `measure_loudness` gives it.
    """
    silence = _silence_level(levels)
    if silence is None:
        return []
    audible = [at for at, level in enumerate(levels) if level > silence]
    whole_ms = len(levels) * MOMENT_MS
    return [
        Stretch(
            start_ms=max(0, group[0] * MOMENT_MS - MARGIN_MS),
            end_ms=min(whole_ms, (group[-1] + 1) * MOMENT_MS + MARGIN_MS),
        )
        for group in _groups(audible)
        if len(group) >= _LEAST_MOMENTS
    ]


def _silence_level(levels: Sequence[float]) -> float | None:
    """The level up to which a moment is silent, in dBFS; None when all of them are."""
    heard = sorted(level for level in levels if level > SILENT_DBFS)
    if len(heard) < _LEAST_MOMENTS or _is_steady_and_faint(heard):
        return None
    loud = heard[len(heard) * 95 // 100]
    return min(_NEVER_SILENT_DBFS, max(SILENT_DBFS, loud - _BELOW_LOUD_DB))


def _is_steady_and_faint(heard: Sequence[float]) -> bool:
    """`heard` is sorted. A recording of a second or less is never judged so: it may be one word."""
    if len(heard) <= _WORD_MOMENTS:
        return False
    loudest, faintest = heard[-_LEAST_MOMENTS], heard[len(heard) * 5 // 100]
    return loudest < _FAINT_DBFS and loudest - faintest < _STEADY_DB


def _groups(audible: Sequence[int]) -> Iterator[list[int]]:
    """The audible moments, parted where a long silence lies between two of them."""
    group: list[int] = []
    for at in audible:
        if group and (at - group[-1] - 1) * MOMENT_MS >= LONG_SILENCE_MS:
            yield group
            group = []
        group.append(at)
    if group:
        yield group

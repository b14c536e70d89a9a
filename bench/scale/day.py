"""When people end their sessions: few at night, most in the evening."""

import numpy as np

from bench.scale.queueing import Seconds

SEED = 20_261_122
DAY_SECONDS = 86_400
_HOUR_SECONDS = 3_600

# Shares of a day by the hour, assumed: one time zone, a morning, a long evening. Their mean is 1.
_HOURS = np.array(
    [
        0.3,
        0.2,
        0.1,
        0.1,
        0.1,
        0.2,
        0.5,
        0.9,
        1.1,
        1.1,
        1.1,
        1.1,
        1.3,
        1.2,
        1.1,
        1.1,
        1.2,
        1.5,
        1.8,
        2.2,
        2.2,
        1.8,
        1.2,
        0.6,
    ]
)
PEAK = float(_HOURS.max() / _HOURS.mean())
"""How many times the mean the busiest hour brings: one time zone is the worst case of it."""


def arrivals(sessions_a_day: int) -> Seconds:
    """Seconds after midnight at which sessions are finalized, ascending; the same for the same number."""
    drawn = np.random.default_rng([SEED, sessions_a_day])
    hours = drawn.choice(len(_HOURS), size=sessions_a_day, p=_HOURS / _HOURS.sum())
    return np.sort((hours + drawn.random(sessions_a_day)) * _HOUR_SECONDS)

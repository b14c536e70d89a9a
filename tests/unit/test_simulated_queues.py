"""The simulation of docs/scale.md: agrees with what can be worked out by hand."""

import numpy as np
import pytest

from bench.scale.day import DAY_SECONDS, PEAK
from bench.scale.erlang import mean_wait_seconds, waiting_probability
from bench.scale.pipeline import EVENING, simulate, workers_for
from bench.scale.queueing import serve

_ARRIVALS = 200_000


def test_one_server_waits_as_the_textbook_says() -> None:
    """M/M/1: the load is how likely one waits, and load / (1 - load) services how long."""
    assert waiting_probability(1, 0.8) == pytest.approx(0.8)
    assert mean_wait_seconds(1, 0.8, 1.0) == pytest.approx(0.8 / 0.2)


def test_two_servers_wait_as_the_textbook_says() -> None:
    """M/M/2 with load a: a^2 / (2 + a)."""
    assert waiting_probability(2, 1.5) == pytest.approx(1.5**2 / (2 + 1.5))


@pytest.mark.parametrize(("servers", "load"), [(1, 0.7), (2, 1.6), (8, 6.0)], ids=str)
def test_the_simulated_wait_is_erlangs(servers: int, load: float) -> None:
    drawn = np.random.default_rng([20_261_122, servers])
    arrivals = np.cumsum(drawn.exponential(1 / load, _ARRIVALS))
    served = serve(arrivals, drawn.exponential(1.0, _ARRIVALS), servers)
    assert served.waits.mean() == pytest.approx(mean_wait_seconds(servers, load, 1.0), rel=0.1)
    assert (served.waits > 0).mean() == pytest.approx(waiting_probability(servers, load), rel=0.05)
    assert served.busiest() <= servers


def test_more_load_than_servers_has_no_mean_wait() -> None:
    with pytest.raises(ValueError, match="grows for ever"):
        mean_wait_seconds(2, 3.0, 1.0)


def test_a_queue_that_nobody_can_keep_up_with_is_served_in_the_order_it_came() -> None:
    arrivals = np.arange(10, dtype=np.float64)
    served = serve(arrivals, np.full(10, 3.0), 1)
    assert served.begun.tolist() == [3.0 * n for n in range(10)]
    assert served.deepest() == 6  # ten have come by then, and four have begun


def test_whoever_comes_while_a_provider_is_away_waits_for_it_and_nobody_else_does() -> None:
    workers = workers_for(50_000, PEAK)
    calm, out = simulate(50_000, workers), simulate(50_000, workers, EVENING)
    assert calm.late_until(300) == 0
    assert EVENING.ends < out.late_until(300) < DAY_SECONDS
    morning = out.came < EVENING.begins - 3_600
    assert (out.processed[morning] == calm.processed[morning]).all()
    began = out.steps["transcribe"].begun
    assert not ((began > EVENING.begins + 60) & (began < EVENING.ends)).any()

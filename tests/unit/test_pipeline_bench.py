"""What the pipeline's benchmark counts as lost, as held, and as a quantile."""

from uuid import UUID, uuid4

from bench.pipeline.kills import Killed
from bench.pipeline.report import at


def _killed(*sessions: UUID) -> Killed:
    return Killed(side="ours", what="a worker", sessions=list(sessions), at=0.0)


def test_a_session_nothing_would_bring_back_is_lost() -> None:
    done, gone = uuid4(), uuid4()
    killed = _killed(done, gone)
    killed.processed = {done: 12.0}
    assert (killed.lost, killed.held, killed.longest_seconds) == (1, 0, 12.0)


def test_a_session_whose_message_is_kept_is_held_and_not_lost() -> None:
    one = uuid4()
    killed = _killed(one)
    killed.kept = {one}
    assert (killed.lost, killed.held) == (0, 1)


def test_a_session_that_took_more_than_a_minute_was_held() -> None:
    one, other = uuid4(), uuid4()
    killed = _killed(one, other)
    killed.processed = {one: 60.1, other: 59.9}
    assert (killed.lost, killed.held) == (0, 1)


def test_a_quantile_is_a_figure_that_was_measured() -> None:
    figures = [float(figure) for figure in range(100, 0, -1)]
    assert [at(figures, quantile) for quantile in (50, 95, 100)] == [50.0, 95.0, 100.0]
    assert at([7.0], 50) == 7.0

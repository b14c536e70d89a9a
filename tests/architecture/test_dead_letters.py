"""Whose dead letters are buried, and that a run through them ends well."""

import pytest

from functions.catalogue import FUNCTIONS, QUEUES
from shared.edge.dead_letters import HIDDEN_SECONDS, WITHIN_SECONDS
from shared.jobs.model import StepKind

BURYING = [(function, queue) for function in FUNCTIONS for queue in function.buries]
STATEMENT_TIMEOUT_SECONDS = 8
"""Of the role `second_brain_app` (0001_foundation)."""


@pytest.mark.parametrize("kind", StepKind)
def test_a_message_no_worker_could_handle_ends_its_step(kind: StepKind) -> None:
    assert kind.queue in {queue for _, queue in BURYING}


def test_the_dead_letters_of_a_queue_are_buried_by_one_function_which_is_told_of_which() -> None:
    told = {function.name for function in FUNCTIONS if "BURIED_QUEUES" in function.settings}
    assert {function.name for function, _ in BURYING} == told
    names = [queue for _, queue in BURYING]
    assert len(names) == len(set(names))
    assert set(names) <= {queue.name for queue in QUEUES}


def test_a_run_meets_no_dead_letter_twice_and_has_time_to_give_back_what_it_could_not_bury() -> None:
    """However long one statement of the last letter waits. Who is ended in spite of that gives back after a minute."""
    for function, _ in BURYING:
        assert WITHIN_SECONDS + STATEMENT_TIMEOUT_SECONDS < function.timeout_seconds < HIDDEN_SECONDS

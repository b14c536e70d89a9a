"""When a provider is left alone: by values alone."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.ai.circuit import (
    FAILURES_TO_OPEN,
    FIRST_WINDOW,
    KEY_WINDOW,
    LONGEST_ASKED_FOR,
    LONGEST_WINDOW,
    Circuit,
    after_failure,
    after_success,
    with_probe_out,
)
from shared.errors import VendorDown

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
RESET = VendorDown("reset")


def circuit(failures: int = 0, *, open_for: float | None = None) -> Circuit:
    until = None if open_for is None else NOON + timedelta(seconds=open_for)
    opened = None if open_for is None else NOON - timedelta(seconds=100)
    return Circuit(provider="a", capability="c", failures=failures, opened_at=opened, opened_until=until, at=NOON)


def window(after: Circuit) -> timedelta | None:
    return None if after.opened_until is None else after.opened_until - NOON


def test_four_failures_in_a_row_are_borne_and_the_fifth_opens() -> None:
    now = circuit()
    for _ in range(FAILURES_TO_OPEN - 1):
        now = after_failure(now, RESET, was_probe=False)
        assert now.is_closed
    now = after_failure(now, RESET, was_probe=False)
    assert (now.failures, now.opened_at, window(now)) == (5, NOON, FIRST_WINDOW)
    assert not now.is_half_open
    assert now.wait_seconds == FIRST_WINDOW.total_seconds()


def test_a_success_forgets_all_failures() -> None:
    for known in (circuit(4), circuit(9, open_for=50)):
        assert after_success(known).is_spotless
    assert not circuit(1).is_spotless


def test_each_failed_probe_doubles_the_window_up_to_a_bound() -> None:
    windows: list[timedelta | None] = []
    now = circuit(FAILURES_TO_OPEN, open_for=0)
    for _ in range(40):
        now = after_failure(now, RESET, was_probe=True)
        windows.append(window(now))
    assert windows[:4] == [FIRST_WINDOW * 2, FIRST_WINDOW * 4, LONGEST_WINDOW, LONGEST_WINDOW]
    assert set(windows[4:]) == {LONGEST_WINDOW}


def test_a_failed_probe_opens_again_however_few_failures_there_were() -> None:
    throttled_once = circuit(1, open_for=-1)
    assert window(after_failure(throttled_once, RESET, was_probe=True)) == FIRST_WINDOW


@pytest.mark.parametrize("before", [0, 3, 4])
def test_a_retry_after_is_waited_for_at_once(before: int) -> None:
    throttled = VendorDown("429", retry_after_seconds=300, failure="throttled")
    assert window(after_failure(circuit(before), throttled, was_probe=False)) == timedelta(seconds=300)


def test_a_short_retry_after_does_not_shorten_a_window_that_is_due() -> None:
    throttled = VendorDown("429", retry_after_seconds=1, failure="throttled")
    assert window(after_failure(circuit(4), throttled, was_probe=False)) == FIRST_WINDOW


def test_a_wrong_retry_after_silences_us_for_an_hour_at_most() -> None:
    throttled = VendorDown("429", retry_after_seconds=43_200, failure="throttled")
    assert window(after_failure(circuit(), throttled, was_probe=False)) == LONGEST_ASKED_FOR


def test_a_429_that_names_no_time_counts_like_any_failure() -> None:
    throttled = VendorDown("429", failure="throttled")
    assert after_failure(circuit(), throttled, was_probe=False) == circuit(1)


def test_a_refused_key_opens_at_once_for_as_long_as_a_person_needs() -> None:
    refused = VendorDown("401", failure="our_key")
    assert window(after_failure(circuit(), refused, was_probe=False)) == KEY_WINDOW


def test_a_late_failure_of_a_call_from_before_changes_nothing() -> None:
    known = circuit(5, open_for=10)
    assert after_failure(known, RESET, was_probe=False) == known


def test_a_late_failure_that_brings_a_longer_wait_is_heard() -> None:
    throttled = VendorDown("429", retry_after_seconds=60, failure="throttled")
    after = after_failure(circuit(5, open_for=10), throttled, was_probe=False)
    assert (window(after), after.failures) == (timedelta(seconds=60), 5)


def test_a_circuit_is_half_open_from_its_moment_on_and_while_a_probe_is_out_it_is_not() -> None:
    assert not circuit(5, open_for=0.001).is_half_open
    due = circuit(5, open_for=0)
    assert due.is_half_open
    out = with_probe_out(due, timedelta(seconds=125))
    assert not out.is_half_open
    assert out.wait_seconds == 125

"""Fixtures of the fault suite: where its rows are kept, and a log that tens of thousands of faults do not fill."""

import logging
from collections.abc import Iterator

import pytest

from shared.telemetry import log
from tests.fixtures.fault_table import FaultRow, Record, as_property


@pytest.fixture
def record_fault(request: pytest.FixtureRequest) -> Record:
    """Keeps a row for the table that is printed at the end of the run."""

    def record(row: FaultRow) -> None:
        request.node.user_properties.append(as_property(row))

    return record


@pytest.fixture(autouse=True)
def quiet_log() -> Iterator[None]:
    """What goes wrong here is meant to."""
    log.setLevel(logging.ERROR)
    yield
    log.setLevel(logging.INFO)

"""What the contract tests of the local AI server share: one running server."""

from collections.abc import Iterator

import pytest

from dev.aws_emulator import AwsEmulator, start_aws_emulator
from tests.fixtures.local_ai import LocalAi, running_local_ai


@pytest.fixture(scope="session")
def local_ai() -> Iterator[LocalAi]:
    """The local AI server of this run."""
    with running_local_ai() as server:
        yield server


@pytest.fixture(scope="session")
def aws_emulator() -> Iterator[AwsEmulator]:
    """moto in a process of its own; each test makes what it needs there."""
    emulator = start_aws_emulator()
    yield emulator
    emulator.stop()

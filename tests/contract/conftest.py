"""What the contract tests of the local AI server share: one running server."""

from collections.abc import Iterator

import pytest

from tests.fixtures.local_ai import LocalAi, running_local_ai


@pytest.fixture(scope="session")
def local_ai() -> Iterator[LocalAi]:
    """The local AI server of this run."""
    with running_local_ai() as server:
        yield server

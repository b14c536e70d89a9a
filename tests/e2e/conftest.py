"""One stack for all end-to-end tests that leave it as it was."""

from collections.abc import Iterator

import httpx
import pytest

from dev.demo.play import PICTURE, VOICE_NOTE
from tests.e2e.phone import Phone
from tests.e2e.served import Served, serve


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """`make serve` with local providers."""
    stack = serve(tmp_path_factory.mktemp("served"))
    yield stack
    assert stack.stop() == 0


@pytest.fixture(scope="session")
def http() -> Iterator[httpx.Client]:
    """One client for all: making one costs 50 ms."""
    with httpx.Client(timeout=60, trust_env=False) as client:
        yield client


@pytest.fixture
def phone(served: Served, http: httpx.Client) -> Phone:
    """A user of their own for each test."""
    return Phone(url=served.url, http=http)


@pytest.fixture(scope="session")
def voice_note() -> bytes:
    """A spoken note."""
    return VOICE_NOTE


@pytest.fixture(scope="session")
def picture() -> bytes:
    """A picture with text."""
    return PICTURE

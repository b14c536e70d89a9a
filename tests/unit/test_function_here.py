"""Functions built in this process by several threads at once have each the settings they were given."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from dev.function_environment import LocalAddresses
from dev.providers import provider_settings
from tests.fixtures.function_here import function_here


@pytest.fixture
def _hasty_threads() -> Iterator[None]:  # pyright: ignore[reportUnusedFunction] - used by its name
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def addresses(number: int) -> LocalAddresses:
    return LocalAddresses(
        database_url=lambda _role: f"postgresql://127.0.0.1:1/database-{number}",
        queue_url="http://127.0.0.1:1",
        object_url="http://127.0.0.1:1",
        providers=provider_settings({}, local_url="http://127.0.0.1:1"),
    )


@pytest.mark.usefixtures("_hasty_threads")
def test_threads_that_build_functions_at_once_do_not_take_the_environment_from_each_other() -> None:
    with ThreadPoolExecutor(4) as pool:
        built = list(pool.map(lambda number: function_here("register-upload", addresses(number)), range(40)))
    assert [function.module.settings.database_url for function in built] == [
        addresses(number).database_url("") for number in range(40)
    ]

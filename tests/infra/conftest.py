from collections.abc import Mapping

import pytest

from infra_cdk.checks.assembly import Assembly, read_assembly
from tests.fixtures.assemblies import assemblies


@pytest.fixture(scope="session")
def made() -> Mapping[str, Assembly]:
    """The stages of `STAGES`, synthesised."""
    return {name: read_assembly(folder) for name, folder in assemblies().items()}

from collections.abc import Iterator, Mapping

import pytest

from dev.aws_emulator import start_aws_emulator
from infra_cdk.checks.assembly import Assembly, read_assembly
from infra_cdk.deploying.aws_account import AwsAccount
from tests.fixtures.assemblies import assemblies


@pytest.fixture(scope="session")
def made() -> Mapping[str, Assembly]:
    """The stages of `STAGES`, synthesised."""
    return {name: read_assembly(folder) for name, folder in assemblies().items()}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    emulator = start_aws_emulator()
    yield emulator.endpoint_url
    emulator.stop()


@pytest.fixture
def account(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> AwsAccount:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    return AwsAccount(endpoint_url=endpoint, region="eu-central-1")

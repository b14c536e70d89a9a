"""What is left of a stage whose stacks go, or whose first deploy fails."""

import json
from collections.abc import Mapping

import pytest

from infra_cdk.checks.assembly import Assembly

PRODUCTION, OTHER = "everything", "elsewhere"
KEEPS = {
    "data": "AWS::KMS::Key",
    "messaging": "AWS::SQS::Queue",
    "storage": "AWS::S3::Bucket",
    "workers": "AWS::Logs::LogGroup",
}
"""What of each stack cannot be made again."""

Made = Mapping[str, Assembly]


def _policies(assembly: Assembly, stack: str) -> set[tuple[str, str]]:
    kept = [each for each in assembly.templates[stack]["Resources"].values() if each["Type"] == KEEPS[stack]]
    return {(each["DeletionPolicy"], each["UpdateReplacePolicy"]) for each in kept}


def _refuses_to_be_deleted(assembly: Assembly, stack: str) -> bool:
    manifest = json.loads((assembly.folder / "manifest.json").read_text())
    return manifest["artifacts"][stack]["properties"].get("terminationProtection", False)


@pytest.mark.parametrize("stack", KEEPS)
def test_in_production_it_outlives_its_stack_unless_its_first_deploy_failed(made: Made, stack: str) -> None:
    assert _policies(made[PRODUCTION], stack) == {("RetainExceptOnCreate", "Retain")}


@pytest.mark.parametrize(("stage", "stack"), [(OTHER, "data"), *(("plain", name) for name in KEEPS if name != "data")])
def test_elsewhere_it_goes_with_its_stack(made: Made, stage: str, stack: str) -> None:
    assert {deletion for deletion, _ in _policies(made[stage], stack)} == {"Delete"}


@pytest.mark.parametrize("stack", ["data", "messaging", "storage"])
def test_in_production_what_holds_data_or_messages_cannot_be_deleted_by_one_command(made: Made, stack: str) -> None:
    assert _refuses_to_be_deleted(made[PRODUCTION], stack)


def test_elsewhere_a_stage_can_be_removed(made: Made) -> None:
    assert [stack for stack in made["plain"].templates if _refuses_to_be_deleted(made["plain"], stack)] == []

"""What a reviewer is told of two assemblies."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra_cdk.template_changes import Change, as_markdown, changes_between, main

FUNCTION = {"Type": "AWS::Lambda::Function", "Properties": {"Code": {"S3Key": "old.zip"}, "MemorySize": 256}}
QUEUE = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "embed"}}
ROLE = {"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": {"Statement": []}}}


def _with(resource: dict[str, Any], **properties: object) -> dict[str, Any]:
    return resource | {"Properties": {**resource["Properties"], **properties}}


def test_equal_assemblies_differ_in_nothing_whatever_their_metadata_say() -> None:
    before = {"api": {"Sync": FUNCTION | {"Metadata": {"aws:asset:path": "asset.1"}}}}
    assert changes_between(before, {"api": {"Sync": FUNCTION}}) == []
    assert "No resource differs." in as_markdown("prod", [])


def test_another_bundle_is_counted_and_takes_no_row() -> None:
    changes = changes_between(
        {"api": {"Sync": FUNCTION}}, {"api": {"Sync": _with(FUNCTION, Code={"S3Key": "new.zip"})}}
    )
    told = as_markdown("prod", changes)
    assert "Other code: 1 functions." in told
    assert "Sync" not in told


def test_code_and_memory_together_are_a_row() -> None:
    after = _with(FUNCTION, Code={"S3Key": "new.zip"}, MemorySize=512)
    assert "| ~ | api | Sync | AWS::Lambda::Function | Code, MemorySize |  |" in as_markdown(
        "prod", changes_between({"api": {"Sync": FUNCTION}}, {"api": {"Sync": after}})
    )


@pytest.mark.parametrize(
    ("before", "after", "kind", "warning"),
    [
        ({"Q": QUEUE}, {}, "removed", "keeps data"),
        ({"Q": QUEUE}, {"Q": _with(QUEUE, QueueName="other")}, "changed", "replaced: keeps data"),
        ({}, {"Q": QUEUE}, "added", ""),
        ({}, {"R": ROLE}, "added", "rights"),
        ({"R": ROLE}, {"R": _with(ROLE, PolicyDocument={"Statement": [{}]})}, "changed", "rights"),
        ({"Q": QUEUE}, {"Q": QUEUE | {"DeletionPolicy": "Retain"}}, "changed", ""),
    ],
)
def test_what_a_reviewer_should_think_of_stands_beside_it(
    before: dict[str, Any], after: dict[str, Any], kind: str, warning: str
) -> None:
    (change,) = changes_between({"s": before}, {"s": after})
    assert (change.kind, change.warning) == (kind, warning)


def test_a_route_that_comes_says_that_somebody_may_call_it() -> None:
    route = Change(stack="api", name="R", type="AWS::ApiGatewayV2::Route", kind="added")
    assert route.warning == "who may call"


def test_two_folders_are_compared_by_the_names_of_their_templates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder, resources in (("before", {"Q": QUEUE}), ("after", {})):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "messaging.template.json").write_text(json.dumps({"Resources": resources}))
    assert main(["prod", str(tmp_path / "before"), str(tmp_path / "after")]) == 0
    assert "| - | messaging | Q | AWS::SQS::Queue | removed | keeps data |" in capsys.readouterr().out


def test_a_folder_without_templates_is_not_taken_for_an_empty_stage(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no template"):
        main(["prod", str(tmp_path), str(tmp_path)])

"""A cluster's certificate is vouched for by RDS itself: functions are given its authorities."""

from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from functions.catalogue.workers import WORKERS
from infra_cdk.app import context_of_project
from infra_cdk.database_access import DatabaseAccess
from infra_cdk.deployment import Deployment
from infra_cdk.environments import environment_of
from infra_cdk.rds_authorities_file import AUTHORITIES, authorities_folder, has_authorities
from infra_cdk.stacks.workers import WorkersStack
from shared.db.database_url import read_database_url

FAMILY = WORKERS[0].family
PAIR = [worker for worker in WORKERS if worker.family == FAMILY][:2]


def _functions(bundle: Path, *, is_proxied: bool) -> list[dict[str, Any]]:
    (bundle / "empty.py").touch()
    access = DatabaseAccess(
        host="h.example", resource_id="r", security_group_id="sg", subnet_ids=("s",), is_proxied=is_proxied
    )
    deployment = Deployment(environment=environment_of({"db": "aurora"}), bundles={FAMILY: bundle}, database=access)
    app = cdk.App(analytics_reporting=False, context=context_of_project())
    stack = WorkersStack(app, deployment, PAIR)
    resources = app.synth().get_stack_artifact(stack.artifact_id).template["Resources"].values()
    assert len([each for each in resources if each["Type"] == "AWS::Lambda::LayerVersion"]) == (not is_proxied)
    return [each["Properties"] for each in resources if each["Type"] == "AWS::Lambda::Function"]


@pytest.mark.parametrize("is_proxied", [False, True], ids=["a cluster", "a proxy"])
def test_functions_find_the_authorities_of_what_they_ask(tmp_path: Path, *, is_proxied: bool) -> None:
    for function in _functions(tmp_path, is_proxied=is_proxied):
        url = function["Environment"]["Variables"]["DATABASE_URL"]
        assert ("sslrootcert=/opt/rds.pem" in url, len(function.get("Layers", []))) == (
            (False, 0) if is_proxied else (True, 1)
        )
        assert read_database_url(url).is_signed_in_by_iam


def test_templates_are_made_without_the_file_and_a_deploy_knows_it_is_not_there(tmp_path: Path) -> None:
    assert not has_authorities(tmp_path)
    assert authorities_folder(tmp_path) == (tmp_path / AUTHORITIES).parent
    assert not has_authorities(tmp_path)
    (tmp_path / AUTHORITIES).write_text("-----BEGIN CERTIFICATE-----\n...\n-----END CERTIFICATE-----\n")
    authorities_folder(tmp_path)
    assert has_authorities(tmp_path)

"""The CDK app: the stacks of one stage, in the order in which they are deployed.

The command line starts it with `python -m infra_cdk app` (cdk.json); whoever only wants templates calls `make_app`.
"""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

import aws_cdk as cdk
import cdk_nag

from functions.catalogue.shapes import Family
from infra_cdk.checks.all_checks import findings
from infra_cdk.checks.templates import read_templates
from infra_cdk.constructs.family_code import BundleMissing
from infra_cdk.deployment import Deployment
from infra_cdk.environments import Environment, environment_of
from infra_cdk.names import PRODUCT
from infra_cdk.options import WrongOption
from infra_cdk.project import ROOT, context_of_project
from infra_cdk.stacks.api import ApiStack
from infra_cdk.stacks.data import DataStack, has_data
from infra_cdk.stacks.front import FrontStack
from infra_cdk.stacks.github import GithubStack
from infra_cdk.stacks.messaging import MessagingStack
from infra_cdk.stacks.observability import ObservabilityStack
from infra_cdk.stacks.operations import OperationsStack
from infra_cdk.stacks.schedules import SchedulesStack
from infra_cdk.stacks.storage import StorageStack
from infra_cdk.stacks.workers import WorkersStack

BUNDLES = ROOT / "build" / "bundles" / "lambda"


@dataclass(frozen=True, kw_only=True)
class Stacks:
    """Every stack of a stage that has it."""

    data: DataStack | None
    messaging: MessagingStack
    storage: StorageStack | None
    operations: OperationsStack
    workers: WorkersStack
    api: ApiStack
    schedules: SchedulesStack
    observability: ObservabilityStack
    front: FrontStack | None
    github: GithubStack | None


def make_app(
    environment: Environment, bundles: Mapping[str, Path], *, outdir: Path | None = None, is_checked: bool = True
) -> tuple[cdk.App, Stacks]:
    """An app with the stacks of a stage. With `is_checked`, its synthesis fails on whatever cdk-nag finds.

    Raises:
        BundleMissing: a family has no folder.
    """
    app = cdk.App(
        context=context_of_project(),
        outdir=str(outdir) if outdir else None,
        analytics_reporting=False,
    )
    stacks = add_stacks(app, environment, bundles)
    if is_checked:
        solutions = cdk_nag.AwsSolutionsChecks(app, write_suppressions_to_cloud_formation=True)
        cdk.Validations.of(app).add_plugins(solutions, cdk_nag.ServerlessChecks(app))
    for name, value in {"product": PRODUCT, "stage": environment.stage}.items():
        # The target group of a proxy takes tags in CDK's eyes, and none in CloudFormation's.
        cdk.Tags.of(app).add(name, value, exclude_resource_types=["AWS::RDS::DBProxyTargetGroup"])
    return app, stacks


def add_stacks(app: cdk.App, environment: Environment, bundles: Mapping[str, Path]) -> Stacks:
    """The stacks of a stage; each waits for those it needs."""
    data = DataStack(app, environment) if has_data(environment) else None
    deployment = Deployment(environment=environment, bundles=bundles)
    if data is not None:
        deployment = replace(deployment, keys=data.keys, database=data.database)
    messaging = MessagingStack(app, deployment)
    api = ApiStack(app, deployment)
    stacks = Stacks(
        data=data,
        messaging=messaging,
        storage=StorageStack(app, deployment) if environment.other_store is None else None,
        operations=OperationsStack(app, deployment),
        workers=WorkersStack(app, deployment),
        api=api,
        schedules=SchedulesStack(app, deployment),
        observability=ObservabilityStack(app, deployment, api.api.ref),
        front=FrontStack(app, environment) if environment.front.has_cloudfront else None,
        github=GithubStack(app, environment) if environment.github else None,
    )
    _order(stacks)
    return stacks


def _order(stacks: Stacks) -> None:
    """Names connect the stacks, so CloudFormation cannot know what must be there first."""
    if stacks.storage is not None:
        stacks.storage.add_stack_dependency(stacks.messaging, "S3 asks the queue whether it may tell it")
    for stack in (stacks.workers, stacks.api):
        stack.add_stack_dependency(stacks.operations, "the schema comes before the code that needs it")
        stack.add_stack_dependency(stacks.messaging, "queues wake functions, and are sent to by them")
    stacks.schedules.add_stack_dependency(stacks.workers, "what is woken must be there")
    if stacks.front is not None:
        stacks.front.add_stack_dependency(stacks.api, "CloudFront asks the API")


def built_bundles(folder: Path = BUNDLES) -> dict[str, Path]:
    """Where `make bundle` puts the code of each family."""
    return {family: folder / family for family in get_args(Family)}


def main() -> None:
    """Synthesise what the command line asks for."""
    said: dict[str, object] = {**context_of_project(), **_from_command_line()}
    try:
        environment = environment_of(said)
        app, _ = make_app(environment, built_bundles())
    except (WrongOption, BundleMissing) as error:
        sys.exit(f"\n{error}\n")
    wrong = findings(read_templates(Path(app.synth().directory)), environment)
    if wrong:
        sys.exit("\n".join(["", *wrong, ""]))


def _from_command_line() -> dict[str, object]:
    """CDK's command line hands its context over in a variable."""
    return json.loads(os.environ.get("CDK_CONTEXT_JSON", "{}"))


if __name__ == "__main__":
    main()

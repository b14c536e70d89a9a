"""What must be there before a stage can be deployed: all of it is looked at, so that all that is missing is said."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from functions.catalogue import FUNCTIONS
from functions.catalogue.shapes import Family
from infra_cdk.bundling.manifest import read_manifest
from infra_cdk.bundling.target import LAMBDA
from infra_cdk.deploying.aws_account import AccountRefuses, AwsAccount
from infra_cdk.deploying.keep_secrets import stored_values
from infra_cdk.deploying.needed_secrets import missing, wanted_of
from infra_cdk.environments import UNSET_PROJECT, AuroraDatabase, Environment
from infra_cdk.rds_authorities_file import AUTHORITIES, SOURCE, has_authorities

LAMBDA_PYTHON = LAMBDA.python_version
BUNDLES = Path("build", "bundles", "lambda")
_LEAST_UNRESERVED = 100
"""https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html; a new account may have 10 in all."""

_OLDEST_BOOTSTRAP = 6
"""What templates of CDK 2 ask for themselves (Rules.CheckBootstrapVersion)."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that was looked at. `says` is what was found, or what to do about it."""

    name: str
    is_well: bool
    says: str


def preflight(
    environment: Environment, account: AwsAccount, root: Path, finds_python: Callable[[], bool]
) -> list[Check]:
    """Every check, in the order in which a person would mend them. AWS is asked only when it knows us.

    `finds_python` says whether there is a Python that can compile the bundles.
    """
    checks = [*_here(environment, root, finds_python), _region(account), _credentials(account)]
    if checks[-1].is_well and checks[-2].is_well:
        checks.append(_asked("bootstrap", lambda: _bootstrap(account)))
        if environment.reserves_concurrency:
            checks.append(_room_to_reserve(environment, account))
        return [*checks, _asked("secrets", lambda: _secrets(environment, account))]
    return [*checks, Check(name="bootstrap, secrets", is_well=False, says="not looked at: AWS does not know who asks")]


def _here(environment: Environment, root: Path, finds_python: Callable[[], bool]) -> Iterator[Check]:
    yield _command_line(root)
    yield _python(root / BUNDLES, finds_python)
    is_set = environment.firebase_project != UNSET_PROJECT
    says = (
        environment.firebase_project
        if is_set
        else (
            f'nobody could sign in: put "firebase": "<project id>" into context.stages.{environment.stage} of cdk.json'
        )
    )
    yield Check(name="Firebase project", is_well=is_set, says=says)
    if isinstance(environment.database, AuroraDatabase) and not environment.database.has_proxy:
        yield _authorities(root)


def _authorities(root: Path) -> Check:
    is_well = has_authorities(root)
    says = (
        str(AUTHORITIES)
        if is_well
        else f"functions could not trust the cluster: curl --fail --create-dirs -o {AUTHORITIES} {SOURCE}"
    )
    return Check(name="RDS's authorities", is_well=is_well, says=says)


def _command_line(root: Path) -> Check:
    wanted = json.loads((root / "package.json").read_text(encoding="utf-8"))["devDependencies"]["aws-cdk"]
    try:
        there = json.loads((root / "node_modules/aws-cdk/package.json").read_text(encoding="utf-8"))["version"]
    except FileNotFoundError:
        there = "none"
    says = wanted if there == wanted else f"{there} is there, {wanted} is needed: npm ci"
    return Check(name="CDK's command line", is_well=there == wanted, says=says)


def _python(folder: Path, finds_python: Callable[[], bool]) -> Check:
    """What compiles the bundles; who has them compiled already needs none."""
    is_well = not slow_families(folder) or finds_python()
    says = (
        "the bundles have byte code, or will"
        if is_well
        else (
            f"without byte code of Python {LAMBDA_PYTHON} each cold start takes twice as long: install it "
            f"(.venv/bin/uv python install {LAMBDA_PYTHON}), or say where it is by BUNDLE_PYTHON=..."
        )
    )
    return Check(name=f"Python {LAMBDA_PYTHON}", is_well=is_well, says=says)


def slow_families(folder: Path) -> list[str]:
    """The families whose bundle is not built, or not compiled for Lambda's Python."""
    return sorted(each for each in get_args(Family) if not _compiled_by(folder / each).startswith(LAMBDA_PYTHON))


def _compiled_by(bundle: Path) -> str:
    """The Python that compiled a bundle; an empty text when none did."""
    try:
        return read_manifest(bundle).compiled_by or ""
    except FileNotFoundError:
        return ""


def _region(account: AwsAccount) -> Check:
    says = account.region or "nobody says where: set AWS_REGION, such as eu-central-1"
    return Check(name="region", is_well=account.region is not None, says=says)


def _credentials(account: AwsAccount) -> Check:
    if account.region is None:
        return Check(name="credentials", is_well=False, says="not looked at: no region")
    return _asked("credentials", lambda: Check(name="credentials", is_well=True, says=account.caller()))


def _bootstrap(account: AwsAccount) -> Check:
    version = account.bootstrap_version()
    is_well = version is not None and version >= _OLDEST_BOOTSTRAP
    says = (
        f"version {version}"
        if is_well
        else (f"once for each account and region: npx cdk bootstrap aws://<account>/{account.region}")
    )
    return Check(name="bootstrap", is_well=is_well, says=says)


def _room_to_reserve(environment: Environment, account: AwsAccount) -> Check:
    """Lambda refuses to reserve what would leave the account too little; who may not ask finds out by the deploy."""
    name, reserved = "room to reserve", sum(function.reserved_concurrency or 0 for function in FUNCTIONS)
    try:
        most = account.most_at_once()
    except AccountRefuses as error:
        return Check(name=name, is_well=True, says=f"not looked at: {error}")
    is_well = most - reserved >= _LEAST_UNRESERVED
    says = (
        f"{reserved} of {most} functions at once"
        if is_well
        else (
            f"the account may run {most} functions at once; {reserved} are to be reserved, and {_LEAST_UNRESERVED} "
            f'must stay: put "reserve": "no" into context.stages.{environment.stage} of cdk.json, or ask for more '
            "(Service Quotas, Lambda, Concurrent executions)"
        )
    )
    return Check(name=name, is_well=is_well, says=says)


def _secrets(environment: Environment, account: AwsAccount) -> Check:
    """Which variables are missing; for who may not read secrets, as a deploying role may not, which secrets are."""
    wanted = wanted_of(environment)
    try:
        lacking = [each.asked_as for each in missing(wanted, stored_values(account, wanted))]
        found = f"{len(wanted)} variables"
    except AccountRefuses:
        names = sorted({each.name for each in wanted})
        lacking = [name for name in names if account.changed_at(name) is None]
        found = f"{len(names)} are there; what is in them was not looked at"
    says = f"missing: {', '.join(lacking)}. make secrets STAGE={environment.stage}" if lacking else found
    return Check(name="secrets", is_well=not lacking, says=says)


def _asked(name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except AccountRefuses as error:
        return Check(name=name, is_well=False, says=str(error))

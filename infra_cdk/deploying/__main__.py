"""`make secrets`, `make deploy` and `make destroy`, each of one stage."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC
from pathlib import Path

from rich.console import Console
from rich.table import Table

from infra_cdk.bundling.interpreter import find_interpreter
from infra_cdk.bundling.target import LAMBDA
from infra_cdk.deploying.aws_account import AccountRefuses, AwsAccount
from infra_cdk.deploying.keep_secrets import changed_at, keep_secrets
from infra_cdk.deploying.needed_secrets import wanted_of
from infra_cdk.deploying.preflight import BUNDLES, Check, preflight, slow_families
from infra_cdk.deploying.removal import Refused, confirm_removal
from infra_cdk.environments import Environment, environment_of
from infra_cdk.node import node
from infra_cdk.options import WrongOption
from infra_cdk.project import ROOT, context_of_project

_ASSEMBLY = "build/cdk.out"


def main(arguments: list[str]) -> int:
    """Exit status: 0 when it is done, 1 when something is missing, 2 when it could not be."""
    what, *rest = arguments or [""]
    said = dict(word.split("=", 1) for word in rest if "=" in word)
    told = {name: said.pop(name, "") for name in ("file", "really", "python")}
    if what not in _COMMANDS:
        print(f"Say which: {', '.join(_COMMANDS)}.", file=sys.stderr)
        return 2
    try:
        return _COMMANDS[what](environment_of({**context_of_project(), **said}), told)
    except (WrongOption, Refused, AccountRefuses, ValueError) as error:
        print(error, file=sys.stderr)
        return 2


def _secrets(environment: Environment, told: Mapping[str, str]) -> int:
    return keep_secrets(environment, AwsAccount(), Path(told["file"]) if told["file"] else None)


def _check(environment: Environment, told: Mapping[str, str]) -> int:
    checks = preflight(
        environment, AwsAccount(), ROOT, lambda: find_interpreter(LAMBDA, told["python"] or None) is not None
    )
    _show(environment, checks)
    return int(not all(check.is_well for check in checks))


def _since(environment: Environment, _told: Mapping[str, str]) -> int:
    """The option by which templates tell one state of the secrets from another: functions read them once."""
    moment = changed_at(AwsAccount(), wanted_of(environment))
    print("" if moment is None else f"secrets_of={moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    return 0


def _deploy(environment: Environment, _told: Mapping[str, str]) -> int:
    """What was synthesised, then the revisions that may run when new code is there (docs/adr/0045).

    CloudFormation calls `migrate` where its code changed only, so it is called here as well: a password may have.
    """
    if slow := slow_families(ROOT / BUNDLES):
        print(
            f"Without byte code, and so not deployed: {', '.join(slow)}. Look at what make bundle says.",
            file=sys.stderr,
        )
        return 1
    approval = ["--require-approval", "never"] if os.environ.get("CI") else []
    if status := _cdk("deploy", "--all", *approval):
        return status
    account = AwsAccount()
    for phase in ("expand", "contract"):
        answer, has_failed = account.invoke(f"second-brain-{environment.stage}-migrate", {"phase": phase})
        print(f"migrate, phase {phase}: {answer.get('errorMessage', answer)}")
        if has_failed:
            return 1
    return 0


def _destroy(environment: Environment, told: Mapping[str, str]) -> int:
    confirm_removal(environment, really=told["really"], ask=input)
    if not environment.is_protected:
        _empty_buckets(environment, AwsAccount())
    if status := _cdk("destroy", "--all", "--force"):
        print(
            "Not all of it went: what CloudFormation says above. Where a bucket was not empty, S3 wrote its access log "
            "meanwhile: make destroy once more.",
            file=sys.stderr,
        )
        return status
    return 0


def _empty_buckets(environment: Environment, account: AwsAccount) -> None:
    """CloudFormation removes no bucket that holds anything."""
    for bucket in account.buckets_of(f"second-brain-{environment.stage}-storage"):
        print(f"{bucket}: {account.empty(bucket)} objects removed.")


def _cdk(*arguments: str) -> int:
    command = [node(), str(ROOT / "node_modules/aws-cdk/bin/cdk"), *arguments, "--app", _ASSEMBLY]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def _show(environment: Environment, checks: list[Check]) -> None:
    table = Table("", "what", "found", title=f"Before {environment.stage} is deployed")
    for check in checks:
        table.add_row("well" if check.is_well else "MISSING", check.name, check.says)
    Console(width=140).print(table)


_COMMANDS: dict[str, Callable[[Environment, Mapping[str, str]], int]] = {
    "secrets": _secrets,
    "check": _check,
    "since": _since,
    "deploy": _deploy,
    "destroy": _destroy,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`make synth`: synthesises a stage, and prints what there is and what is wrong with it."""

import sys
from collections import Counter

from rich.console import Console
from rich.table import Table

from infra_cdk.app import built_bundles
from infra_cdk.checks.all_checks import findings
from infra_cdk.checks.assembly import Assembly, Finding
from infra_cdk.checks.connection_budget import connection_budget
from infra_cdk.constructs.family_code import BundleMissing
from infra_cdk.environments import Environment, environment_of
from infra_cdk.options import WrongOption
from infra_cdk.project import ROOT, context_of_project
from infra_cdk.synthesise import synthesise

FOLDER = ROOT / "build" / "cdk.out"


def main(arguments: list[str]) -> int:
    """Exit status: 0 when nothing is wrong, 1 when something was found, 2 when nothing could be synthesised."""
    said = dict(argument.split("=", 1) for argument in arguments if "=" in argument)
    try:
        environment = environment_of({**context_of_project(), **said})
        assembly = synthesise(environment, built_bundles(), FOLDER)
    except (WrongOption, BundleMissing) as error:
        print(error, file=sys.stderr)
        return 2
    wrong = [f"{each.resource}: {each.rule}: {each.says}" for each in assembly.findings]
    wrong += findings(assembly.templates, environment)
    _show(assembly, environment, wrong)
    return int(bool(wrong))


def _show(assembly: Assembly, environment: Environment, wrong: list[str]) -> None:
    console = Console(width=120)
    console.print(_table(assembly, environment))
    budget = connection_budget(assembly.templates, environment)
    console.print(
        f"Connections: all workers busy at once hold {budget.held}, of {budget.most} that may be theirs "
        f"(60 % of {budget.max_connections})."
    )
    console.print(f"Templates: {FOLDER.relative_to(ROOT)}. Findings accepted with a reason: {len(assembly.accepted)}.")
    for line in wrong:
        console.print(f"[bold]wrong[/bold] {line}", soft_wrap=True)
    console.print("Nothing is wrong." if not wrong else f"{len(wrong)} findings.")


def _table(assembly: Assembly, environment: Environment) -> Table:
    table = Table("stack", "resources", "functions", "queues", "alarms", "accepted", "wrong", title=_title(environment))
    for stack, template in assembly.templates.items():
        kinds = Counter(resource["Type"] for resource in template["Resources"].values())
        counts = (kinds["AWS::Lambda::Function"], kinds["AWS::SQS::Queue"], kinds["AWS::CloudWatch::Alarm"])
        accepted, found = (_of_stack(each, stack) for each in (assembly.accepted, assembly.findings))
        table.add_row(stack, str(kinds.total()), *(str(count or "") for count in counts), str(accepted), str(found))
    return table


def _of_stack(found: tuple[Finding, ...], stack: str) -> int:
    return sum(each.resource.startswith(f"{stack}/") for each in found)


def _title(environment: Environment) -> str:
    database = type(environment.database).__name__.removesuffix("Database").lower()
    store = "S3" if environment.other_store is None else environment.other_store.endpoint_url
    return f"{environment.stage}: database {database}, objects in {store}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

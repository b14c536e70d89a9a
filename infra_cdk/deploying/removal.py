"""Before a stage is removed: what goes, what stays, and the name of the stage typed in by a person."""

from collections.abc import Callable

from infra_cdk.environments import AuroraDatabase, Environment


class Refused(RuntimeError):
    """The stage is not removed."""


def confirm_removal(environment: Environment, *, really: str, ask: Callable[[str], str]) -> None:
    """Return when a person wants it. A protected stage wants `REALLY=<stage>` as well. Raises Refused."""
    if environment.is_protected and really != environment.stage:
        raise Refused(
            f"{environment.stage} holds people's recordings. If they are to lose their service: "
            f"make destroy STAGE={environment.stage} REALLY={environment.stage}."
        )
    print("\n".join(what_goes_and_stays(environment)))
    if ask(f"Type {environment.stage} to remove it: ").strip() != environment.stage:
        raise Refused("Nothing was removed.")


def what_goes_and_stays(environment: Environment) -> list[str]:
    """Lines to read before one decides."""
    is_aurora = isinstance(environment.database, AuroraDatabase)
    data = "the bucket" if environment.other_store is None else ""
    cluster = "the Aurora cluster" if is_aurora else ""
    held = " and ".join(part for part in (data, cluster) if part)
    store = "Secrets Manager" if environment.has_secrets_manager else "Parameter Store"
    stage, queues = environment.stage, "stay" if environment.is_protected else "go, too"
    lines = [f"This removes every stack of {stage}: functions, the API, alarms; queues with what is in them {queues}."]
    if held:
        fate = "stays, and is yours to remove" if environment.is_protected else "goes, with everything in it"
        lines.append(f"What holds data ({held}) {fate}.")
    if environment.is_protected:
        lines.append(
            "Stacks data, messaging and storage refuse to go while they are protected; for each, aws cloudformation "
            f"update-termination-protection --no-enable-termination-protection --stack-name second-brain-{stage}-..."
        )
    if not is_aurora:
        lines.append("The external database stays as it is.")
    return [*lines, f"Secrets in {store} (second-brain/{environment.stage}/...) stay, and so does CDK's bootstrap."]

"""Which secrets a function is given at a stage: fewer than the catalogue names where something else does their work."""

from functions.catalogue import Function
from functions.catalogue.settings import secret_id
from infra_cdk.environments import AuroraDatabase, Environment
from infra_cdk.names import arn

_RANDOM_END = "-??????"
"""Secrets Manager puts a dash and six characters behind a name, and nobody can know which before it is there."""


def groups_of(function: Function, environment: Environment) -> tuple[str, ...]:
    """The groups of variables a function reads out of secrets at this stage."""
    return tuple(group for group in function.secret_groups if not _is_needless(group, environment))


def secret_ids(function: Function, environment: Environment) -> str:
    """What SECRET_IDS is; empty for a function that reads none."""
    in_manager = environment.has_secrets_manager
    return ",".join(
        secret_id(environment.stage, group, in_manager=in_manager) for group in groups_of(function, environment)
    )


def login_secret_ids(function: Function, environment: Environment) -> str:
    """What LOGIN_SECRET_IDS is; empty where roles need no password."""
    return ",".join(
        secret_id(environment.stage, group, in_manager=environment.has_secrets_manager)
        for group in _logins_of(function, environment)
    )


def secret_arns(function: Function, environment: Environment) -> list[str]:
    """What the function may read."""
    return [
        _arn(environment, group) for group in (*groups_of(function, environment), *_logins_of(function, environment))
    ]


def _logins_of(function: Function, environment: Environment) -> tuple[str, ...]:
    return tuple(group for group in function.sets_logins if not _is_needless(group, environment))


def _arn(environment: Environment, group: str) -> str:
    name = secret_id(environment.stage, group, in_manager=environment.has_secrets_manager)
    if environment.has_secrets_manager:
        return arn("secretsmanager", f"secret:{name}{_RANDOM_END}")
    return arn("ssm", f"parameter{name}")


def _is_needless(group: str, environment: Environment) -> bool:
    """A store of AWS asks for the role, KMS keeps the vault's key, and Aurora takes a token instead of a password."""
    return {
        "bucket": environment.other_store is None,
        "vault": environment.has_own_key,
    }.get(group, group.startswith("database-") and isinstance(environment.database, AuroraDatabase))

"""The secrets of a function as its configuration and its role name them."""

from functions.catalogue import Function
from infra_cdk.environments import Environment
from infra_cdk.names import arn
from infra_cdk.needed_groups import groups_of, logins_of, name_of

_RANDOM_END = "-??????"
"""Secrets Manager puts a dash and six characters behind a name, and nobody can know which before it is there."""


def secret_ids(function: Function, environment: Environment) -> str:
    """What SECRET_IDS is; empty for a function that reads none."""
    return ",".join(name_of(group, environment) for group in groups_of(function, environment))


def login_secret_ids(function: Function, environment: Environment) -> str:
    """What LOGIN_SECRET_IDS is; empty where roles need no password."""
    return ",".join(name_of(group, environment) for group in logins_of(function, environment))


def secret_arns(function: Function, environment: Environment) -> list[str]:
    """What the function may read."""
    groups = (*groups_of(function, environment), *logins_of(function, environment))
    return [_arn(environment, group) for group in groups]


def _arn(environment: Environment, group: str) -> str:
    name = name_of(group, environment)
    if environment.has_secrets_manager:
        return arn("secretsmanager", f"secret:{name}{_RANDOM_END}")
    return arn("ssm", f"parameter{name}")

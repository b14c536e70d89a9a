"""Which groups of secrets a function needs at a stage: fewer than the catalogue names where something else will do.

Imports nothing of CDK, so that what only asks this starts without Node.
"""

from functions.catalogue import Function
from functions.catalogue.settings import secret_id
from infra_cdk.environments import AuroraDatabase, Environment


def groups_of(function: Function, environment: Environment) -> tuple[str, ...]:
    """The groups of variables a function reads out of secrets at this stage."""
    return tuple(group for group in function.secret_groups if not _is_needless(group, environment))


def logins_of(function: Function, environment: Environment) -> tuple[str, ...]:
    """The groups whose role the function gives its password; none where tokens are taken."""
    return tuple(group for group in function.sets_logins if not _is_needless(group, environment))


def name_of(group: str, environment: Environment) -> str:
    """What the group's secret is called at this stage."""
    return secret_id(environment.stage, group, in_manager=environment.has_secrets_manager)


def _is_needless(group: str, environment: Environment) -> bool:
    """A store of AWS asks for the role, KMS keeps the vault's key, and Aurora takes a token instead of a password."""
    return {
        "bucket": environment.other_store is None,
        "vault": environment.has_own_key,
    }.get(group, group.startswith("database-") and isinstance(environment.database, AuroraDatabase))

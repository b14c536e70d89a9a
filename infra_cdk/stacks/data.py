"""What outlives every other stack: keys, and the database where it is one of this account."""

import aws_cdk as cdk
from constructs import Construct

from infra_cdk.constructs.aurora import Aurora
from infra_cdk.constructs.network import Network
from infra_cdk.constructs.own_keys import OwnKeys
from infra_cdk.deployment import Keys
from infra_cdk.environments import AuroraDatabase, Environment
from infra_cdk.names import resource_name


class DataStack(cdk.Stack):
    """`keys` and `database`, for the stacks after it; either may be nothing."""

    def __init__(self, scope: Construct, environment: Environment) -> None:
        super().__init__(
            scope,
            "data",
            stack_name=resource_name(environment.stage, "data"),
            termination_protection=environment.is_protected,
        )
        own = OwnKeys(self, environment) if environment.has_own_key else None
        self.keys = own.keys if own else Keys()
        self.database = None
        if isinstance(environment.database, AuroraDatabase):
            network = Network(self, environment, environment.database, log_key=own.at_rest if own else None)
            aurora = Aurora(self, environment, environment.database, network, key=own.at_rest if own else None)
            self.database = aurora.access


def has_data(environment: Environment) -> bool:
    """Whether there is anything to put into it."""
    return environment.has_own_key or isinstance(environment.database, AuroraDatabase)

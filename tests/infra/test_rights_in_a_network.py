"""What a function may do to the network it is in."""

from typing import Any

import pytest

from functions.catalogue import FUNCTIONS, Function
from infra_cdk.database_access import DatabaseAccess
from infra_cdk.deployment import Deployment
from infra_cdk.environments import environment_of
from infra_cdk.grants import statements

CLUSTER = DatabaseAccess(host="cluster", resource_id="cluster-1", security_group_id="sg-1", subnet_ids=("subnet-1",))
DEPLOYMENT = Deployment(environment=environment_of({"db": "aurora"}), bundles={}, database=CLUSTER)


def _of_interfaces(function: Function) -> list[dict[str, Any]]:
    return [one for one in statements(function, DEPLOYMENT) if "ec2:DeleteNetworkInterface" in one["Action"]]


@pytest.mark.parametrize(
    "function", [one for one in FUNCTIONS if one.database != "none"], ids=lambda function: function.name
)
def test_lambda_may_join_a_function_to_the_network_and_its_code_may_not(function: Function) -> None:
    allowed, denied = _of_interfaces(function)
    assert (allowed["Effect"], denied["Effect"], denied["Action"]) == ("Allow", "Deny", allowed["Action"])
    (source,) = denied["Condition"]["ArnEquals"].values()
    assert source.endswith(f":function:second-brain-dev-{function.name}")
    assert "Condition" not in allowed


def test_who_asks_no_database_has_no_right_in_the_network() -> None:
    assert [one.name for one in FUNCTIONS if one.database == "none" and _of_interfaces(one)] == []

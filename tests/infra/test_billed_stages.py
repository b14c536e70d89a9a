"""The bill reckons with what the stacks are given."""

import pytest

from bench.cost.stages import secret_groups
from functions.catalogue import FUNCTIONS
from infra_cdk.environments import environment_of
from infra_cdk.secret_groups import groups_of


@pytest.mark.parametrize("db", ["external", "aurora"])
@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_the_secrets_that_are_paid_for_are_those_the_functions_are_given(stage: str, db: str) -> None:
    environment = environment_of({"stage": stage, "db": db})
    assert secret_groups(environment) == {group for one in FUNCTIONS for group in groups_of(one, environment)}

"""Who may deploy from GitHub: one repository, in one environment, and what that may do."""

from functools import cache
from typing import Any

import aws_cdk as cdk
import pytest

from infra_cdk.environments import environment_of
from infra_cdk.options import WrongOption
from infra_cdk.stacks.github import GithubStack

REPOSITORY = "owner@123456/name@456789"
ISSUER = "token.actions.githubusercontent.com"


@cache
def _resources(provider: str = "new") -> dict[str, Any]:
    environment = environment_of({"stage": "prod", "github": REPOSITORY, "github_provider": provider})
    app = cdk.App(analytics_reporting=False)
    stack = GithubStack(app, environment)
    return app.synth().get_stack_artifact(stack.artifact_id).template["Resources"]


def _role(provider: str = "new") -> dict[str, Any]:
    (role,) = [each for each in _resources(provider).values() if each["Type"] == "AWS::IAM::Role"]
    return role["Properties"]


def test_a_token_must_name_the_repository_and_the_stages_environment_without_a_wildcard() -> None:
    (trust,) = _role()["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert trust["Condition"] == {
        "StringEquals": {
            f"{ISSUER}:aud": "sts.amazonaws.com",
            f"{ISSUER}:sub": f"repo:{REPOSITORY}:environment:prod",
        }
    }


def test_the_role_may_take_cdks_roles_and_see_what_a_deploy_looks_at_and_read_no_secret() -> None:
    (policy,) = _role()["Policies"]
    said = policy["PolicyDocument"]["Statement"]
    assert {each["Action"] for each in said if each["Effect"] == "Deny"} == {"kms:Decrypt"}
    actions = {each["Action"] for each in said if each["Effect"] == "Allow"}
    assert actions == {
        "sts:AssumeRole",
        "ssm:GetParameter",
        "secretsmanager:DescribeSecret",
        "cloudformation:DescribeStacks",
        "lambda:InvokeFunction",
    }
    assert "second-brain/dev" not in str(policy)
    assert "second-brain/prod/providers" in str(policy)


def test_an_account_that_knows_github_gets_no_second_provider() -> None:
    kinds = [each["Type"] for each in _resources("existing").values()]
    assert kinds == ["AWS::IAM::Role"]
    assert "AWS::IAM::OIDCProvider" in {each["Type"] for each in _resources("new").values()}


@pytest.mark.parametrize(
    "name", ["name", "owner/*", "owner/name:ref:refs/heads/x", "owner@1/name", "owner/name@1", "*/name"]
)
def test_what_names_no_single_repository_is_refused(name: str) -> None:
    with pytest.raises(WrongOption, match="owner@123456/name@456789"):
        environment_of({"stage": "prod", "github": name})

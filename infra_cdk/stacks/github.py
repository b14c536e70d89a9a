"""The role by which GitHub deploys a stage: for one repository, in the environment of the stage's name, and no other.

docs/how-to/deploy-by-github.md says what it may do, and why.
"""

import aws_cdk as cdk
from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from constructs import Construct

from functions.catalogue import FUNCTIONS
from functions.catalogue.settings import secret_id
from infra_cdk.environments import Environment
from infra_cdk.nag_exceptions import SOLUTIONS, accept, told
from infra_cdk.names import arn, function_arn, resource_name
from infra_cdk.principals import token_bearer

_ISSUER = "token.actions.githubusercontent.com"
_BOOTSTRAP = "cdk-hnb659fds"
"""What `cdk bootstrap` calls its roles by, unless told otherwise."""


class GithubStack(cdk.Stack):
    """`role`, and the provider it trusts unless the account knows that already: there can be one of its address."""

    def __init__(self, scope: Construct, environment: Environment) -> None:
        super().__init__(scope, "github", stack_name=resource_name(environment.stage, "github"))
        self._environment = environment
        if environment.knows_github:
            provider = f"arn:{Aws.PARTITION}:iam::{Aws.ACCOUNT_ID}:oidc-provider/{_ISSUER}"
        else:
            made = iam.CfnOIDCProvider(self, "Provider", url=f"https://{_ISSUER}", client_id_list=["sts.amazonaws.com"])
            provider = made.attr_arn
        self.role = self._role(provider)
        cdk.CfnOutput(self, "DeployRole", value=self.role.role_arn, description="DEPLOY_ROLE_ARN at GitHub")

    def _role(self, provider: str) -> iam.Role:
        """Its subject is compared whole: without a wildcard, no branch, fork or pull request fits it."""
        stage = self._environment.stage
        subject = f"repo:{self._environment.github}:environment:{stage}"
        said = {f"{_ISSUER}:aud": "sts.amazonaws.com", f"{_ISSUER}:sub": subject}
        role = iam.Role(
            self,
            "Role",
            role_name=resource_name(stage, "deploys"),
            description=f"GitHub's environment {stage} deploys by it",
            assumed_by=token_bearer(provider, said),
            max_session_duration=cdk.Duration.hours(1),
            inline_policies={"Deploy": iam.PolicyDocument(statements=self._statements())},
        )
        accept(
            role,
            f"{SOLUTIONS}-IAM5",
            "CloudFormation gives each stack's ARN an ending that nobody knows before; the name before it is whole.",
            findings=(f"Resource::{told(self._stack_arn())}",),
        )
        return role

    def _statements(self) -> list[iam.PolicyStatement]:
        stage = self._environment.stage
        return [
            _allow("sts:AssumeRole", *(_bootstrap_role(name) for name in ("deploy", "file-publishing", "lookup"))),
            # What `make deploy` looks at before it begins.
            _allow("ssm:GetParameter", arn("ssm", "parameter/cdk-bootstrap/hnb659fds/version"), *self._parameters()),
            # It asks which secrets there are and when they were changed. What is in them it cannot decrypt.
            _allow("secretsmanager:DescribeSecret", *self._secrets()),
            iam.PolicyStatement(effect=iam.Effect.DENY, actions=["kms:Decrypt"], resources=["*"]),
            _allow("cloudformation:DescribeStacks", self._stack_arn()),
            _allow("lambda:InvokeFunction", function_arn(stage, "migrate")),
        ]

    def _parameters(self) -> list[str]:
        ids = (secret_id(self._environment.stage, group, in_manager=False) for group in _groups())
        return [arn("ssm", f"parameter{name}") for name in ids]

    def _secrets(self) -> list[str]:
        """Secrets Manager ends each ARN with six letters of its own."""
        ids = (secret_id(self._environment.stage, group, in_manager=True) for group in _groups())
        return [arn("secretsmanager", f"secret:{name}-??????") for name in ids]

    def _stack_arn(self) -> str:
        return arn("cloudformation", f"stack/{resource_name(self._environment.stage, 'api')}/*")


def _groups() -> list[str]:
    return sorted({group for function in FUNCTIONS for group in function.secret_groups})


def _allow(action: str, *resources: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(actions=[action], resources=list(resources))


def _bootstrap_role(name: str) -> str:
    role = f"{_BOOTSTRAP}-{name}-role-{Aws.ACCOUNT_ID}-{Aws.REGION}"
    return f"arn:{Aws.PARTITION}:iam::{Aws.ACCOUNT_ID}:role/{role}"

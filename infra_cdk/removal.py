"""What becomes of something that holds what cannot be made again, when its stack no longer wants it."""

import aws_cdk as cdk

from infra_cdk.environments import Environment


def removal_policy(environment: Environment) -> cdk.RemovalPolicy:
    """It stays where the stage is protected, and goes with its stack elsewhere.

    What a deploy made that failed goes in either: it is empty, and has a name, so kept it would fail the next deploy.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
    """
    return cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if environment.is_protected else cdk.RemovalPolicy.DESTROY

"""Where alarms and budgets say what they have to say, and who hears it."""

import aws_cdk as cdk
from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from infra_cdk.deployment import Deployment
from infra_cdk.nag_exceptions import SERVERLESS, accept
from infra_cdk.names import resource_name
from infra_cdk.principals import service

NOBODY = (
    "Nobody will hear an alarm: say who with -c alarm_email=you@example.com, or in cdk.json under the stage, and "
    "confirm the mail that AWS sends."
)


class AlarmTopic(Construct):
    """A topic that takes TLS only; with a key of the account it is encrypted with that, else with SNS's own.

    AWS's key for SNS (`alias/aws/sns`) would not do: CloudWatch may not use it, and alarms would be lost in silence.
    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    """

    def __init__(self, scope: Construct, deployment: Deployment) -> None:
        super().__init__(scope, "Topic")
        environment, key_arn = deployment.environment, deployment.keys.at_rest
        topic = sns.Topic(
            self,
            "Alarms",
            topic_name=resource_name(environment.stage, "alarms"),
            display_name=f"Second Brain {environment.stage}",
            master_key=kms.Key.from_key_arn(self, "Key", key_arn) if key_arn else None,
            enforce_ssl=True,
        )
        for name in ("cloudwatch", "budgets"):
            topic.add_to_resource_policy(
                iam.PolicyStatement(
                    sid=f"{name.capitalize()}Tells",
                    principals=[service(name)],
                    actions=["sns:Publish"],
                    resources=[topic.topic_arn],
                    conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
                )
            )
        self.arn = topic.topic_arn
        if environment.alarm_email:
            mail = sns.CfnSubscription(
                self, "Email", topic_arn=self.arn, protocol="email", endpoint=environment.alarm_email
            )
            accept(
                mail,
                f"{SERVERLESS}-SNSRedrivePolicy",
                "A mail that cannot be delivered is of no use later: the alarm's state stands in CloudWatch, and a "
                "queue of old mails would be read by nobody.",
            )
        else:
            cdk.Annotations.of(self).add_warning_v2("second-brain:nobody-hears", NOBODY)

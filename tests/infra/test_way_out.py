"""The small machine by which functions reach providers from inside the network."""

import json

import aws_cdk as cdk

from infra_cdk.app import context_of_project
from infra_cdk.environments import environment_of
from infra_cdk.stacks.data import DataStack


def test_it_has_memory_to_install_what_it_needs_before_it_does() -> None:
    app = cdk.App(analytics_reporting=False, context=context_of_project())
    stack = DataStack(app, environment_of({"db": "aurora"}))
    resources = app.synth().get_stack_artifact(stack.artifact_id).template["Resources"].values()
    (machine,) = [each["Properties"] for each in resources if each["Type"] == "AWS::EC2::Instance"]
    assert machine["InstanceType"] == "t4g.nano"
    start = json.dumps(machine["UserData"])
    assert start.index("mkswap /swap") < start.index("swapon /swap") < start.index("yum install iptables-services")

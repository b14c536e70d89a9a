"""The small machine by which functions reach providers from inside the network."""

import json
from collections.abc import Mapping

from infra_cdk.checks.assembly import Assembly
from infra_cdk.checks.templates import resources


def test_it_has_memory_to_install_what_it_needs_before_it_does(made: Mapping[str, Assembly]) -> None:
    (machine,) = resources(made["everything"].templates, "AWS::EC2::Instance")
    assert machine.properties["InstanceType"] == "t4g.nano"
    start = json.dumps(machine.properties["UserData"])
    assert start.index("mkswap /swap") < start.index("swapon /swap") < start.index("yum install iptables-services")

"""The way out of a database's network, and the proxy before the database."""

import json
from collections.abc import Mapping

from infra_cdk.checks.assembly import Assembly
from infra_cdk.checks.templates import resources
from infra_cdk.database_access import ROLES


def test_it_has_memory_to_install_what_it_needs_before_it_does(made: Mapping[str, Assembly]) -> None:
    (machine,) = resources(made["everything"].templates, "AWS::EC2::Instance")
    assert machine.properties["InstanceType"] == "t4g.nano"
    start = json.dumps(machine.properties["UserData"])
    assert start.index("mkswap /swap") < start.index("swapon /swap") < start.index("yum install iptables-services")


def test_a_proxy_may_sign_in_to_the_cluster_as_each_of_our_roles(made: Mapping[str, Assembly]) -> None:
    (proxy,) = resources(made["everything"].templates, "AWS::RDS::DBProxy")
    name = proxy.properties["RoleArn"]["Fn::GetAtt"][0]
    role = made["everything"].templates["data"]["Resources"][name]["Properties"]
    (statement,) = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert statement["Action"] == "rds-db:connect"
    told = [json.dumps(resource) for resource in statement["Resource"]]
    assert all("DBClusterResourceId" in one for one in told)
    assert {one.rpartition("/")[2].partition('"')[0] for one in told} == set(ROLES.values())

"""A network for Aurora: the database has no way out, functions have one to queues, secrets and providers."""

from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra_cdk.environments import AuroraDatabase, Environment
from infra_cdk.nag_exceptions import SOLUTIONS, accept
from infra_cdk.names import resource_name

_ZONES = 2
"""The fewest that RDS accepts for a cluster."""

_MACHINE = ec2.InstanceType("t4g.nano")
"""$3 a month where AWS's NAT gateway is $33 and more for each gigabyte; one of either serves both zones."""

_SWAP = (
    "dd if=/dev/zero of=/swap bs=1M count=512",
    "chmod 600 /swap",
    "mkswap /swap",
    "swapon /swap",
)
"""Its 512 MB do not do for installing the one package it needs, which is killed, and nothing ever gets out.

https://github.com/amazonlinux/amazon-linux-2023/issues/404
"""


class Network(Construct):
    """`vpc`, and the security group of functions; nothing from outside leads in."""

    def __init__(
        self, scope: Construct, environment: Environment, database: AuroraDatabase, *, log_key: kms.IKey | None
    ) -> None:
        super().__init__(scope, "Network")
        provider = self._way_out(database)
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            vpc_name=resource_name(environment.stage, "network"),
            max_azs=_ZONES,
            nat_gateways=1,
            nat_gateway_provider=provider,
            restrict_default_security_group=False,
            subnet_configuration=[
                ec2.SubnetConfiguration(name="public", subnet_type=ec2.SubnetType.PUBLIC, cidr_mask=26),
                ec2.SubnetConfiguration(name="functions", subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS, cidr_mask=20),
                ec2.SubnetConfiguration(name="database", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=26),
            ],
            gateway_endpoints={  # free, and the bucket's bytes need not take the way out
                "Bucket": ec2.GatewayVpcEndpointOptions(service=ec2.GatewayVpcEndpointAwsService.S3)
            },
        )
        self._record_traffic(environment, log_key)
        self.functions = ec2.SecurityGroup(self, "Functions", vpc=self.vpc, description="Functions: out, never in")
        if isinstance(provider, ec2.NatInstanceProviderV2):
            self._open_way_out(provider)

    def _way_out(self, database: AuroraDatabase) -> ec2.NatProvider:
        if database.way_out == "gateway":
            return ec2.NatProvider.gateway()
        start = ec2.UserData.for_linux()
        start.add_commands(*_SWAP, *ec2.NatInstanceProviderV2.DEFAULT_USER_DATA_COMMANDS)
        return ec2.NatProvider.instance_v2(
            instance_type=_MACHINE, default_allowed_traffic=ec2.NatTrafficDirection.OUTBOUND_ONLY, user_data=start
        )

    def _open_way_out(self, provider: ec2.NatInstanceProviderV2) -> None:
        provider.security_group.add_ingress_rule(
            ec2.Peer.ipv4(self.vpc.vpc_cidr_block), ec2.Port.tcp(443), "HTTPS of functions, to be passed on"
        )
        reason = "The one range let in is this network's own, which the rule cannot read before it is deployed."
        accept(provider.security_group, f"{SOLUTIONS}-EC23", reason)
        for machine in provider.gateway_instances:
            self._encrypt_disk(machine)
            accept(
                machine,
                f"{SOLUTIONS}-EC28",
                "A machine that only passes packets on has nothing whose minutes would be worth $2 a month to watch.",
            )
            accept(
                machine,
                f"{SOLUTIONS}-EC29",
                "It keeps no data, and a stack that is removed must be able to remove it.",
            )

    def _encrypt_disk(self, machine: ec2.Instance) -> None:
        """Of the machine's image, which names its disk so; CDK has no word for it."""
        disk = ec2.CfnInstance.EbsProperty(encrypted=True, volume_type="gp3", delete_on_termination=True)
        properties = cast("ec2.CfnInstance", machine.node.default_child)
        properties.block_device_mappings = [
            ec2.CfnInstance.BlockDeviceMappingProperty(device_name="/dev/xvda", ebs=disk)
        ]

    def _record_traffic(self, environment: Environment, log_key: kms.IKey | None) -> None:
        group = logs.LogGroup(
            self,
            "Traffic",
            log_group_name=f"/{resource_name(environment.stage, 'network')}/refused",
            retention=logs.RetentionDays.ONE_WEEK,
            encryption_key=log_key,
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        self.vpc.add_flow_log(
            "Refused",
            destination=ec2.FlowLogDestination.to_cloud_watch_logs(group),
            traffic_type=ec2.FlowLogTrafficType.REJECT,
        )

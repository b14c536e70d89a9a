"""A domain before the HTTP API. Its DNS entry is made wherever its zone is kept."""

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as gateway
from constructs import Construct

from infra_cdk.environments import Front


class ApiDomain(Construct):
    """The domain of phones, or, where CloudFront stands in between, the one of CloudFront's requests."""

    def __init__(self, scope: Construct, api: gateway.CfnApi, stage: gateway.CfnStage, front: Front) -> None:
        super().__init__(scope, "Domain")
        name = front.origin_domain or front.domain
        domain = gateway.CfnDomainName(
            self,
            "Name",
            domain_name=name,
            domain_name_configurations=[
                gateway.CfnDomainName.DomainNameConfigurationProperty(
                    certificate_arn=front.origin_certificate or front.certificate,
                    endpoint_type="REGIONAL",
                    security_policy="TLS_1_2",
                )
            ],
        )
        mapping = gateway.CfnApiMapping(self, "Mapping", api_id=api.ref, domain_name=domain.ref, stage=stage.stage_name)
        mapping.add_resource_dependency(stage)
        cdk.CfnOutput(
            self,
            "Target",
            value=domain.attr_regional_domain_name,
            description=f"Make a CNAME of {name} that leads here",
        )

"""RDS's own authorities, which vouch for a cluster's certificate: a layer, once for all functions of a stack."""

from typing import cast

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_

from infra_cdk.project import ROOT
from infra_cdk.rds_authorities_file import authorities_folder

_ID = "RdsAuthorities"


def rds_authorities(stack: cdk.Stack) -> lambda_.ILayerVersion:
    """The stack's layer with `rds.pem`."""
    there = stack.node.try_find_child(_ID)
    if there is None:
        code = lambda_.Code.from_asset(str(authorities_folder(ROOT)))
        there = lambda_.LayerVersion(stack, _ID, code=code, description="Who vouches for certificates of RDS")
    return cast("lambda_.ILayerVersion", there)

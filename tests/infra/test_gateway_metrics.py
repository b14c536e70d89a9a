"""What the gateway measures, and bills."""

from collections.abc import Mapping

from functions.catalogue.api import API
from infra_cdk.checks.assembly import Assembly
from infra_cdk.checks.templates import resources


def test_no_metrics_are_paid_for_by_the_route(made: Mapping[str, Assembly]) -> None:
    (stage,) = resources(made["everything"].templates, "AWS::ApiGatewayV2::Stage")
    settings = [stage.properties["DefaultRouteSettings"], *stage.properties["RouteSettings"].values()]
    assert [each for each in settings if each.get("DetailedMetricsEnabled")] == []
    assert len(settings) == 1 + sum(len(function.routes) for function in API)

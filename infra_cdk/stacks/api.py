"""The HTTP API: every route of the catalogue, each with its throttle, and a token wherever the catalogue wants one."""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from functions.catalogue import Function, Route
from functions.catalogue.api import API
from functions.catalogue.browsers import API_MAX_AGE_SECONDS, REQUEST_HEADERS, RESPONSE_HEADERS
from functions.catalogue.shapes import OFTEN
from infra_cdk.constructs.api_domain import ApiDomain
from infra_cdk.constructs.catalogue_function import CatalogueFunction
from infra_cdk.constructs.family_code import FamilyCode
from infra_cdk.deployment import Deployment
from infra_cdk.nag_exceptions import SOLUTIONS, accept
from infra_cdk.names import arn, resource_name

MOST_ROUTES = 300
"""https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html"""

_WHY_OPEN = {
    "/api/health": "It tells whoever asks that the parts answer, or not, and nothing else.",
    "/api/health/live": "It tells whoever asks that the function runs, and touches nothing.",
    "/api/openapi.json": "The document of the API is public, like this repository.",
    "/api/payments/packages": "What is for sale may be read before one signs in.",
    "/api/webhooks/stripe": "Stripe has no token: its signature over the body is checked by the function.",
}


class TooManyRoutes(ValueError):
    """The catalogue has more routes than an HTTP API takes."""


class ApiStack(cdk.Stack):
    """`functions` by the catalogue's name, `api` and its one stage."""

    def __init__(self, scope: Construct, deployment: Deployment, functions: Sequence[Function] = API) -> None:
        super().__init__(scope, "api", stack_name=resource_name(deployment.environment.stage, "api"))
        self._environment = deployment.environment
        if sum(len(function.routes) for function in functions) > MOST_ROUTES:
            raise TooManyRoutes(f"An HTTP API takes {MOST_ROUTES} routes: give some of them an API of their own.")
        self.api = self._api()
        self._authorizer = self._token_check()
        self.routes: list[gateway.CfnRoute] = []
        code = FamilyCode(deployment)
        self.functions = {
            each.name: CatalogueFunction(self, each, deployment, code=code.of(each.family)) for each in functions
        }
        for made in self.functions.values():
            self._serve(made)
        self.access_log = self._access_log(deployment)
        self.stage = self._stage(functions)
        self._tell_where()

    def _api(self) -> gateway.CfnApi:
        front = self._environment.front
        return gateway.CfnApi(
            self,
            "Api",
            name=resource_name(self._environment.stage, "api"),
            protocol_type="HTTP",
            cors_configuration=self._cors(),
            # With a domain there is one way in: what is throttled, logged and perhaps behind WAF there is so for all.
            disable_execute_api_endpoint=bool(front.domain),
        )

    def _cors(self) -> gateway.CfnApi.CorsProperty | None:
        origins = self._environment.origins
        if not origins:
            return None
        return gateway.CfnApi.CorsProperty(
            allow_origins=list(origins),
            allow_methods=["*"],
            allow_headers=list(REQUEST_HEADERS),
            expose_headers=list(RESPONSE_HEADERS),
            max_age=API_MAX_AGE_SECONDS,
        )

    def _token_check(self) -> gateway.CfnAuthorizer:
        """Firebase's ID tokens of one project: issuer and audience both name it."""
        project = self._environment.firebase_project
        return gateway.CfnAuthorizer(
            self,
            "Firebase",
            api_id=self.api.ref,
            name="firebase",
            authorizer_type="JWT",
            identity_source=["$request.header.Authorization"],
            jwt_configuration=gateway.CfnAuthorizer.JWTConfigurationProperty(
                issuer=f"https://securetoken.google.com/{project}", audience=[project]
            ),
        )

    def _serve(self, made: CatalogueFunction) -> None:
        integration = gateway.CfnIntegration(
            made,
            "Integration",
            api_id=self.api.ref,
            integration_type="AWS_PROXY",
            integration_uri=made.arn,
            payload_format_version="2.0",
            timeout_in_millis=30_000,
        )
        for route in made.function.routes:
            self.routes.append(self._route(made, route, integration))
        # One permission for all routes of a function: one for each would outgrow its policy.
        permission = lambda_.CfnPermission(
            made,
            "Called",
            action="lambda:InvokeFunction",
            function_name=made.arn,
            principal="apigateway.amazonaws.com",
            source_arn=arn("execute-api", f"{self.api.ref}/*"),
        )
        permission.node.add_dependency(made.callee)

    def _route(self, made: CatalogueFunction, route: Route, integration: gateway.CfnIntegration) -> gateway.CfnRoute:
        is_open = route.auth == "open"
        resource = gateway.CfnRoute(
            made,
            f"Route-{route_key(route)}".replace("/", "-"),
            api_id=self.api.ref,
            route_key=route_key(route),
            target=f"integrations/{integration.ref}",
            authorization_type="NONE" if is_open else "JWT",
            authorizer_id=None if is_open else self._authorizer.ref,
        )
        if is_open:
            accept(resource, f"{SOLUTIONS}-APIG4", _WHY_OPEN[route.path])
        return resource

    def _access_log(self, deployment: Deployment) -> logs.CfnLogGroup:
        environment = self._environment
        group = logs.CfnLogGroup(
            self,
            "AccessLog",
            # API Gateway writes only to groups of this beginning without an entry of its own in the region's policy,
            # which has room for ten.
            log_group_name=f"/aws/vendedlogs/{resource_name(environment.stage, 'api')}",
            retention_in_days=environment.log_days,
            kms_key_id=deployment.keys.at_rest,
        )
        group.apply_removal_policy(cdk.RemovalPolicy.DESTROY)
        return group

    def _stage(self, functions: Sequence[Function]) -> gateway.CfnStage:
        throttles = {
            route_key(route): {
                "ThrottlingRateLimit": route.throttle.per_second,
                "ThrottlingBurstLimit": route.throttle.burst,
            }
            for function in functions
            for route in function.routes
        }
        stage = gateway.CfnStage(
            self,
            "Stage",
            api_id=self.api.ref,
            stage_name="$default",
            auto_deploy=True,
            default_route_settings=gateway.CfnStage.RouteSettingsProperty(
                throttling_rate_limit=OFTEN.per_second,
                throttling_burst_limit=OFTEN.burst,
                # Six metrics for each route that is called, at $0.30 a month each, and nobody looks at them: what the
                # alarms and the dashboard read, of the whole API, is free.
                detailed_metrics_enabled=False,
            ),
            route_settings=throttles,
            access_log_settings=gateway.CfnStage.AccessLogSettingsProperty(
                destination_arn=self.access_log.attr_arn, format=self.to_json_string(ACCESS_LOG)
            ),
        )
        for route in self.routes:  # a setting of a route that is not there yet fails the stage
            stage.add_resource_dependency(route)
        return stage

    def _tell_where(self) -> None:
        front = self._environment.front
        if front.domain:
            self.domain = ApiDomain(self, self.api, self.stage, front)
        url = f"https://{front.domain}" if front.domain else self.api.attr_api_endpoint
        cdk.CfnOutput(self, "Url", value=url, description="What phones call")


def route_key(route: Route) -> str:
    """As API Gateway names it: `GET /api/me`."""
    return f"{route.method} {route.path}"


ACCESS_LOG = {
    "time": "$context.requestTimeEpoch",
    "request_id": "$context.requestId",
    "route": "$context.routeKey",
    "status": "$context.status",
    "bytes": "$context.responseLength",
    "ms": "$context.responseLatency",
    "function_ms": "$context.integrationLatency",
    "function_error": "$context.integrationErrorMessage",
    "refused": "$context.authorizer.error",
    "gateway_error": "$context.error.responseType",
    "agent": "$context.identity.userAgent",
    "address": "$context.identity.sourceIp",
}
"""A line for each request. No path, which may hold ids, no token and no claim."""

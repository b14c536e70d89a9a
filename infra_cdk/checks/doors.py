"""Checks of what can be reached from outside: routes and buckets."""

import json

from functions.catalogue import FUNCTIONS
from infra_cdk.checks.templates import Resource, Templates, resources

_BLOCKS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
_ROUTES = {f"{route.method} {route.path}": route for function in FUNCTIONS for route in function.routes}


def routes_unlike_the_catalogue(templates: Templates) -> list[str]:
    """Routes that one of the two does not know, and those whose check of tokens is not the catalogue's word."""
    found = {each.properties["RouteKey"]: each for each in resources(templates, "AWS::ApiGatewayV2::Route")}
    wrong = [f"{key}: in the catalogue only" for key in sorted(_ROUTES.keys() - found.keys())]
    wrong += [f"{found[key]}: {key} is not in the catalogue" for key in sorted(found.keys() - _ROUTES.keys())]
    for key in sorted(found.keys() & _ROUTES.keys()):
        if _asks_for_a_token(found[key]) == (_ROUTES[key].auth == "open"):
            wrong.append(f"{found[key]}: {key} is for {_ROUTES[key].auth} in the catalogue")
    return wrong


def _asks_for_a_token(route: Resource) -> bool:
    return route.properties.get("AuthorizationType") == "JWT" and "AuthorizerId" in route.properties


def routes_throttled_otherwise(templates: Templates) -> list[str]:
    """Routes whose throttle is not the catalogue's."""
    stages = resources(templates, "AWS::ApiGatewayV2::Stage")
    settings = {key: each for stage in stages for key, each in stage.properties.get("RouteSettings", {}).items()}
    wrong: list[str] = []
    for key, route in _ROUTES.items():
        given = settings.get(key, {})
        wanted = (route.throttle.per_second, route.throttle.burst)
        if (given.get("ThrottlingRateLimit"), given.get("ThrottlingBurstLimit")) != wanted:
            wrong.append(f"{key}: not throttled as in the catalogue")
    return wrong


def open_buckets(templates: Templates) -> list[str]:
    """Buckets that are not shut to the public, not encrypted, or open without TLS."""
    policies = {
        f"{each.stack}/{each.properties['Bucket']['Ref']}": json.dumps(each.properties["PolicyDocument"])
        for each in resources(templates, "AWS::S3::BucketPolicy")
    }
    wrong: list[str] = []
    for bucket in resources(templates, "AWS::S3::Bucket"):
        block = bucket.properties.get("PublicAccessBlockConfiguration", {})
        if not all(block.get(name) is True for name in _BLOCKS):
            wrong.append(f"{bucket}: public access is not blocked")
        if "BucketEncryption" not in bucket.properties:
            wrong.append(f"{bucket}: not encrypted")
        if '"aws:SecureTransport": "false"' not in policies.get(str(bucket), ""):
            wrong.append(f"{bucket}: open without TLS")
    return wrong

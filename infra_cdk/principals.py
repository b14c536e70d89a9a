"""Services of AWS as those who may do something."""

from typing import Any, cast

from aws_cdk import Aws
from aws_cdk import aws_iam as iam


def service(name: str) -> iam.IPrincipal:
    """A service by the first word of its name, such as `lambda`."""
    return _as_principal(iam.ServicePrincipal(f"{name}.amazonaws.com"))


def service_of_this_account(name: str) -> iam.IPrincipal:
    """The same, when it acts for this account and no other: AWS's services serve everybody."""
    principal = iam.ServicePrincipal(f"{name}.amazonaws.com")
    return _as_principal(principal.with_conditions({"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}))


def token_bearer(provider_arn: str, said: dict[str, str]) -> iam.IPrincipal:
    """Whoever bears a token of a provider of identities that says exactly this."""
    return _as_principal(iam.WebIdentityPrincipal(provider_arn, {"StringEquals": said}))


def _as_principal(principal: Any) -> iam.IPrincipal:  # noqa: ANN401 - see below
    # CDK's Python classes name parameters otherwise than the interfaces they fulfil, which pyright takes amiss.
    return cast("iam.IPrincipal", principal)

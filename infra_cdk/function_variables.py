"""The environment variables of each function in AWS: those its catalogue entry names, and what all are given."""

from collections.abc import Mapping

from aws_cdk import Aws

from functions.catalogue import ENVIRONMENT_OF_ALL, Function
from functions.catalogue.providers import FIRST_CHOICES
from infra_cdk.deployment import Deployment
from infra_cdk.environments import Environment
from infra_cdk.names import bucket_name, queue_url_prefix
from infra_cdk.secret_groups import login_secret_ids, secret_ids

_EVERYBODYS = ("fcm", "stripe")
"""Providers that no capability names, and that can be switched off all the same."""


class UnknownSetting(KeyError):
    """The catalogue names a variable that nobody gave a value."""


def function_variables(function: Function, deployment: Deployment) -> dict[str, str]:
    """What stands in the function's configuration, in the order of names. A setting of no value is left out.

    Raises:
        UnknownSetting: a setting of the catalogue is unknown here.
    """
    environment, database = deployment.environment, deployment.database
    known = _known(function, environment, deployment.keys.vault)
    if unknown := [name for name in function.settings if name not in known]:
        raise UnknownSetting(f"{function.name}: infra_cdk/function_variables.py has no value for {', '.join(unknown)}.")
    given = {
        **_given_to_all(function, environment),
        **{name: known[name] for name in function.settings},
        "SECRET_IDS": secret_ids(function, environment),
    }
    if database is not None and function.database != "none":
        given["DATABASE_URL"] = database.url(function.database)
    return {name: given[name] for name in sorted(given) if given[name]}


def _given_to_all(function: Function, environment: Environment) -> dict[str, str]:
    return {
        **ENVIRONMENT_OF_ALL,
        "STAGE": environment.stage,
        "POWERTOOLS_SERVICE_NAME": function.name,
        "POWERTOOLS_LOG_LEVEL": "INFO",
    }


def _known(function: Function, environment: Environment, vault_key_arn: str | None) -> dict[str, str]:
    usual = {
        **_providers(),
        **_addresses(environment),
        **_limits(),
        "STRIPE_MODE": "test",
        "STRIPE_BASE_URL": "",
        "CREDIT_PACKAGES": "",
        **_return_pages(environment),
        "FIREBASE_PROJECT_ID": environment.firebase_project,
        "FIREBASE_AUTH_PROJECT_ID": environment.firebase_project,
        "FIREBASE_AUTH_BASE_URL": "",
        "FCM_BASE_URL": "",
        "VAULT_KEY_ID": vault_key_arn or "",
        "LOGIN_SECRET_IDS": login_secret_ids(function, environment),
        "WATCHED_QUEUES": ",".join(function.watches),
        "BURIED_QUEUES": ",".join(function.buries),
        **environment.variables,
    }
    return {**usual, "KNOWN_PROVIDERS": environment.variables.get("KNOWN_PROVIDERS") or _known_providers(usual)}


def _providers() -> dict[str, str]:
    """The first choices; the second, and the embedding model before, are empty until somebody says otherwise."""
    parts = ("PROVIDER", "BASE_URL", "MODEL")
    empty = {
        f"{capability}_{choice}_{part}": "" for capability in FIRST_CHOICES for choice in _OTHERS for part in parts
    }
    first = {
        name: value
        for capability, choice in FIRST_CHOICES.items()
        for name, value in (
            (f"{capability}_PROVIDER", choice.vendor.name),
            (f"{capability}_BASE_URL", choice.vendor.base_url),
            (f"{capability}_MODEL", choice.model),
        )
    }
    return {**empty, **first}


_OTHERS = ("FALLBACK", "PREVIOUS")


def _addresses(environment: Environment) -> dict[str, str]:
    store = environment.other_store
    return {
        "BUCKET": store.bucket if store else bucket_name(environment.stage),
        "BUCKET_ENDPOINT_URL": store.endpoint_url if store else f"https://s3.{Aws.REGION}.{Aws.URL_SUFFIX}",
        "BUCKET_REGION": store.region if store else "",
        "QUEUE_URL_PREFIX": queue_url_prefix(environment.stage),
        "QUEUE_ENDPOINT_URL": f"https://sqs.{Aws.REGION}.{Aws.URL_SUFFIX}",
        "KMS_ENDPOINT_URL": "",
    }


def _limits() -> dict[str, str]:
    return {
        "RATE_LIMITS": "",
        "ANONYMOUS_SIGN_IN": "refused",
        "ASK_DAILY_TOKENS": "200000",
        "REEMBED_TOKENS_A_DAY": "5000000",
        "RETRY_BASE_SECONDS": "30",
    }


def _return_pages(environment: Environment) -> dict[str, str]:
    """Where Checkout leads back to: pages of the first origin that is one, until somebody says which."""
    page = next((origin for origin in environment.origins if origin != "*"), "https://example.com")
    return {
        "CHECKOUT_SUCCESS_URL": f"{page}/paid?session={{CHECKOUT_SESSION_ID}}",
        "CHECKOUT_CANCEL_URL": f"{page}/not-paid",
    }


def _known_providers(settings: Mapping[str, str]) -> str:
    chosen = {value for name, value in settings.items() if name.endswith("_PROVIDER") and value}
    return ",".join(sorted({*chosen, *_EVERYBODYS}))

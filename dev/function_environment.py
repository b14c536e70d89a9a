"""The environment variables each function gets locally: exactly those its catalogue entry names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dev import accounts_vendor, push_vendor, vault_keys
from dev.lambda_runtime.invocation import ACCOUNT_ID
from dev.object_edge.rights import access_key_of
from dev.payment_settings import settings_of_nobody
from functions.catalogue import ENVIRONMENT_OF_ALL, Function
from shared.edge.rules import REFUSED
from shared.limits.model import OFF
from shared.switches.model import FCM, STRIPE

BUCKET = "second-brain-media"
ACCESS_KEY = "LOCALACCESSKEY"
SECRET_KEY = "local-secret-key-of-this-machine"  # noqa: S105 - opens nothing but the local object edge
_ROLES = {"app": "second_brain_app", "system": "second_brain_system", "owner": "postgres"}
_RETRY_BASE_SECONDS = "1"
_REEMBED_TOKENS_A_DAY = "5000000"
_ASK_DAILY_TOKENS = "200000"


class UnknownSetting(KeyError):
    """The catalogue names a variable that the local stack does not know."""


@dataclass(frozen=True, kw_only=True)
class LocalAddresses:
    """Where the parts of the stack listen, and the settings of AI providers, payments, pushes, accounts and vault."""

    database_url: Callable[[str], str]
    """The URL for a role."""
    queue_url: str
    object_url: str
    providers: Mapping[str, str]
    payments: Mapping[str, str] = field(default_factory=settings_of_nobody)
    push: Mapping[str, str] = field(default_factory=push_vendor.settings_of_nobody)
    accounts: Mapping[str, str] = field(default_factory=accounts_vendor.settings_of_nobody)
    edge: Mapping[str, str] = field(default_factory=lambda: {"RATE_LIMITS": OFF, "ANONYMOUS_SIGN_IN": REFUSED})
    """What the edge's rules are; whoever only measures or tests sends more than a person does."""
    vault: Mapping[str, str] = field(default_factory=vault_keys.settings_of_nobody)


def function_environment(function: Function, local: LocalAddresses) -> dict[str, str]:
    """The function's own variables, and those Lambda gives to every function with a role."""
    known = {
        "BUCKET": BUCKET,
        "BUCKET_ENDPOINT_URL": local.object_url,
        "BUCKET_REGION": "",
        "BUCKET_ACCESS_KEY_ID": "",
        "BUCKET_SECRET_ACCESS_KEY": "",
        "QUEUE_ENDPOINT_URL": local.queue_url,
        "QUEUE_URL_PREFIX": f"{local.queue_url}/{ACCOUNT_ID}/",
        "LOGIN_SECRET_IDS": "",  # the socket knows everybody
        "WATCHED_QUEUES": ",".join(function.watches),
        "BURIED_QUEUES": ",".join(function.buries),
        "KNOWN_PROVIDERS": ",".join(_known_providers(local.providers)),
        "RETRY_BASE_SECONDS": _RETRY_BASE_SECONDS,
        "REEMBED_TOKENS_A_DAY": _REEMBED_TOKENS_A_DAY,
        "ASK_DAILY_TOKENS": _ASK_DAILY_TOKENS,
        **local.providers,
        **local.payments,
        **local.push,
        **local.accounts,
        **local.edge,
        **local.vault,
    }
    if function.database != "none":
        known["DATABASE_URL"] = local.database_url(_ROLES[function.database])
    wanted = (*function.settings, *function.secrets)
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise UnknownSetting(f"{function.name}: {', '.join(unknown)}")
    return {**_given_to_all(function), **{name: known[name] for name in wanted}}


def _known_providers(settings: Mapping[str, str]) -> list[str]:
    chosen = {value for name, value in settings.items() if name.endswith("_PROVIDER") and value}
    return sorted({*chosen, FCM, STRIPE})


def _given_to_all(function: Function) -> dict[str, str]:
    return {
        **ENVIRONMENT_OF_ALL,
        "STAGE": "local",
        "AWS_ACCESS_KEY_ID": access_key_of(ACCESS_KEY, function),
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "POWERTOOLS_SERVICE_NAME": function.name,
        "POWERTOOLS_LOG_LEVEL": "INFO",
    }

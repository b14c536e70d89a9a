"""The function's own access key, as Lambda hands it over. Whoever signs asks here each time: keys of a role expire."""

import os
from collections.abc import Mapping
from dataclasses import field

from shared.config.settings_error import SettingsError
from shared.values import frozen

REGION_VARIABLE = "AWS_REGION"
_KEY_VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


@frozen
class Credentials:
    """An access key. Its secrets never show in a repr; `session_token` is None for a key that does not expire."""

    access_key: str
    secret_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)


def read_credentials(environment: Mapping[str, str] | None = None) -> Credentials:
    """The key that is in the environment now. SettingsError names what is missing."""
    source = os.environ if environment is None else environment
    access_key, secret_key = (_given(source, name) for name in _KEY_VARIABLES)
    return Credentials(
        access_key=access_key, secret_key=secret_key, session_token=source.get("AWS_SESSION_TOKEN") or None
    )


def read_region(environment: Mapping[str, str] | None = None) -> str:
    """The region we run in, such as `eu-central-1`. SettingsError when nobody says so."""
    return _given(os.environ if environment is None else environment, REGION_VARIABLE)


def _given(source: Mapping[str, str], name: str) -> str:
    value = source.get(name, "")
    if not value:
        raise SettingsError(f"Requests to AWS are signed here, so {name} must be set; Lambda itself sets it.")
    return value

"""Who is asked about accounts locally: an Identity Toolkit of our own, whatever the environment says.

The stack's tokens are signed by its own issuer: the real Firebase knows nobody of it, also where it sends the pushes.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from pathlib import Path

from dev.key_file import new_key, open_key
from dev.localhost import serving
from dev.vendors.fcm_account import ServiceAccount
from dev.vendors.google_tokens import TOKEN_PATH
from dev.vendors.identity_app import create_app
from dev.vendors.identity_local import LocalPeople

KEY_FILE = "accounts-key.pem"
_NOWHERE = "http://127.0.0.1:9"


@contextlib.asynccontextmanager
async def accounts_vendor(people: LocalPeople, data_dir: Path, *, project: str) -> AsyncGenerator[dict[str, str]]:
    """The settings of functions that ask it, while it is there; it has a key of its own in `data_dir`."""
    key = await asyncio.to_thread(open_key, data_dir / KEY_FILE)
    account = ServiceAccount(project=project, key=key)
    async with serving(create_app(people, account)) as url:
        yield settings_of(account, url)


def settings_of(account: ServiceAccount, url: str) -> dict[str, str]:
    """The settings as functions read them, for an Identity Toolkit at `url`."""
    return {
        "FIREBASE_AUTH_CREDENTIALS": account.as_json(token_uri=url + TOKEN_PATH),
        "FIREBASE_AUTH_PROJECT_ID": account.project,
        "FIREBASE_AUTH_BASE_URL": url,
    }


def settings_of_nobody() -> dict[str, str]:
    """Settings that functions start with and that lead nowhere, for whoever only measures or starts them."""
    return settings_of(ServiceAccount(project="nobody", key=new_key()), _NOWHERE)

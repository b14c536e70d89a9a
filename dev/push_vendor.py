"""Who reaches phones: the real Firebase when its key is in the environment, else a local FCM."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dev.key_file import new_key, open_key
from dev.localhost import serving
from dev.vendors.fcm_account import ServiceAccount
from dev.vendors.fcm_app import create_app
from dev.vendors.fcm_local import LocalFcm
from dev.vendors.google_tokens import TOKEN_PATH

KEY_FILE = "fcm-key.pem"
_FCM = "https://fcm.googleapis.com"
_NOWHERE = "http://127.0.0.1:9"


@dataclass(frozen=True, kw_only=True)
class PushVendor:
    """What the push function is told of it; `local` is None when it is the real one."""

    settings: Mapping[str, str]
    local: LocalFcm | None


class ProjectMissing(SystemExit):
    """The real Firebase is to be used, and nobody said which project."""


@contextlib.asynccontextmanager
async def push_vendor(environment: Mapping[str, str], data_dir: Path, *, project: str) -> AsyncGenerator[PushVendor]:
    """Start what is needed of it. A local one signs with a key of its own in `data_dir`.

    Raises:
        ProjectMissing: credentials without a project.
    """
    if environment.get("FIREBASE_CREDENTIALS"):
        yield PushVendor(settings=_real(environment), local=None)
        return
    local = LocalFcm()
    key = await asyncio.to_thread(open_key, data_dir / KEY_FILE)
    account = ServiceAccount(project=project, key=key)
    async with serving(create_app(local, account)) as url:
        yield PushVendor(settings=settings_of(account, url), local=local)


def settings_of(account: ServiceAccount, url: str) -> dict[str, str]:
    """The settings as the push function reads them, for a local FCM at `url`."""
    return {
        "FIREBASE_CREDENTIALS": account.as_json(token_uri=url + TOKEN_PATH),
        "FIREBASE_PROJECT_ID": account.project,
        "FCM_BASE_URL": url,
    }


def settings_of_nobody() -> dict[str, str]:
    """Settings that the function starts with and that lead nowhere, for whoever only measures or starts it."""
    return settings_of(ServiceAccount(project="nobody", key=new_key()), _NOWHERE)


def _real(environment: Mapping[str, str]) -> dict[str, str]:
    project = environment.get("FIREBASE_PROJECT_ID", "")
    if not project:
        raise ProjectMissing(
            "FIREBASE_CREDENTIALS is set, so the real Firebase is used: give FIREBASE_PROJECT_ID too, the project's id."
        )
    return {
        "FIREBASE_CREDENTIALS": environment["FIREBASE_CREDENTIALS"],
        "FIREBASE_PROJECT_ID": project,
        "FCM_BASE_URL": environment.get("FCM_BASE_URL") or _FCM,
    }

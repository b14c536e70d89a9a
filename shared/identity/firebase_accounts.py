"""Firebase Authentication by its REST interface: who is still signed in, ending that, and removing an account.

Three questions are asked, so the SDK is not loaded: a person waits for this function's start (docs/adr/0043). What an
answer means is as the SDK has it. https://cloud.google.com/identity-platform/docs/reference/rest/v1/projects.accounts
"""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from shared.errors import VendorDown
from shared.identity.model import SignIn
from shared.identity.service_account import ServiceAccount, read_service_account
from shared.identity.settings import AccountsSettings
from shared.telemetry import log
from shared.values import frozen
from shared.web.connect import connect, target_of

TOTAL_SECONDS = 6.0
"""For one question, signing in with Google included. A request has 29 seconds, and asks two at most."""

_SECONDS = 3.0  # for connecting, and for each read
_RETRY_AFTER_SECONDS = 5
_SCOPE = "https://www.googleapis.com/auth/identitytoolkit"
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_OK, _BAD_REQUEST = 200, 400
_TOKEN_REFUSED = {401, 403}
_MOST_BYTES = 1_000_000
_SPARE_SECONDS = 60  # a token is not used in the last minute of its life

AnswerT = TypeVar("AnswerT")


class _NobodyThereError(Exception):
    """There is no such account."""


class _NoUseError(Exception):
    """An answer that tells nothing: an error of theirs, or of another shape than documented."""


@frozen
class _Token:
    text: str
    good_until: float


class FirebaseAccounts:
    """Fulfils shared.identity.accounts.Accounts."""

    def __init__(
        self, account: ServiceAccount, *, project: str, base_url: str, seconds: float, total_seconds: float
    ) -> None:
        self._account = account
        self._url = f"{base_url.rstrip('/')}/v1/projects/{project}/accounts"
        self._seconds = seconds
        self._total_seconds = total_seconds
        self._token: _Token | None = None

    @classmethod
    def of(
        cls, settings: AccountsSettings, *, seconds: float = _SECONDS, total_seconds: float = TOTAL_SECONDS
    ) -> "FirebaseAccounts":
        """The project that the settings name. Raises SettingsError when the credentials cannot be read."""
        return cls(
            read_service_account(settings.firebase_auth_credentials, variable="FIREBASE_AUTH_CREDENTIALS"),
            project=settings.firebase_auth_project_id,
            base_url=settings.firebase_auth_base_url,
            seconds=seconds,
            total_seconds=total_seconds,
        )

    def look(self, firebase_uid: str) -> SignIn | None:
        """accounts:lookup."""
        return self._answer(lambda: _sign_in_of(self._ask("lookup", {"localId": [firebase_uid]}), firebase_uid))

    def sign_out(self, firebase_uid: str) -> None:
        """accounts:update with validSince, which ends every refresh token."""
        self._answer(lambda: self._ask("update", {"localId": firebase_uid, "validSince": int(time.time())})["localId"])

    def delete(self, firebase_uid: str) -> None:
        """accounts:delete."""
        self._answer(lambda: self._ask("delete", {"localId": firebase_uid})["kind"])

    def _answer(self, question: Callable[[], AnswerT]) -> AnswerT | None:
        """None when there is no such account. In a thread, for a server that drips is within every limit of a read."""
        pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="accounts")
        try:
            return pool.submit(question).result(timeout=self._total_seconds)
        except _NobodyThereError:
            return None
        except (OSError, HTTPException, TimeoutError, _NoUseError) as error:
            raise _down(error) from error
        except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
            # What we trip over in an answer that is JSON, and not Identity Toolkit's.
            raise _down(error) from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _ask(self, verb: str, question: dict[str, Any]) -> dict[str, Any]:
        was_kept = self._token is not None
        status, told = self._asked(verb, question)
        if status in _TOKEN_REFUSED:
            self._token = None
            if was_kept:  # it was withdrawn, or a clock is wrong: another may do
                status, told = self._asked(verb, question)
        if status == _BAD_REQUEST and str(told["error"]["message"]).startswith("USER_NOT_FOUND"):
            raise _NobodyThereError
        if status != _OK:
            raise _NoUseError(f"status {status}")
        return told

    def _asked(self, verb: str, question: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        headers = {"authorization": f"Bearer {self._access_token()}", "content-type": "application/json"}
        return self._post(f"{self._url}:{verb}", json.dumps(question).encode(), headers)

    def _access_token(self) -> str:
        """The kept one, or another that a signed assertion is exchanged for."""
        now = time.time()
        if self._token is None or now >= self._token.good_until:
            assertion = self._account.assertion(scope=_SCOPE, at=int(now))
            form = urlencode({"grant_type": _GRANT, "assertion": assertion}).encode()
            headers = {"content-type": "application/x-www-form-urlencoded"}
            status, told = self._post(self._account.token_url, form, headers)
            if status != _OK:
                raise _NoUseError(f"no token: status {status}")
            seconds = int(told["expires_in"]) - _SPARE_SECONDS
            self._token = _Token(text=str(told["access_token"]), good_until=now + seconds)
        return self._token.text

    def _post(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Status and JSON object of the answer. Only what never reached the server is tried again, and that once."""
        with closing(connect(url, connect_seconds=self._seconds, read_seconds=self._seconds, tries=2)) as connection:
            connection.request("POST", target_of(url), body=body, headers=headers)
            with connection.getresponse() as answer:
                told: object = json.loads(answer.read(_MOST_BYTES))
        if not isinstance(told, dict):
            raise _NoUseError("no JSON object")
        return answer.status, cast("dict[str, Any]", told)


def _sign_in_of(told: dict[str, Any], firebase_uid: str) -> SignIn:
    users = told.get("users", [])
    if not users:
        raise _NobodyThereError
    (user,) = users
    if user["localId"] != firebase_uid:
        raise _NoUseError("another account")
    since = int(user.get("validSince", 0))
    return SignIn(
        is_disabled=bool(user.get("disabled", False)), valid_since=datetime.fromtimestamp(since, UTC) if since else None
    )


def _down(error: Exception) -> VendorDown:
    log.error("Firebase does not answer about an account", extra={"error": type(error).__name__})
    return VendorDown(
        "Who is signed in cannot be asked just now. Nothing was changed; try again in a moment.",
        retry_after_seconds=_RETRY_AFTER_SECONDS,
    )

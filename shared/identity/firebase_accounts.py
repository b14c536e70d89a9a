"""Firebase Authentication through the vendor's SDK: who is still signed in, ending that, and removing an account."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import uuid4

import firebase_admin
from firebase_admin import App, auth
from firebase_admin.exceptions import FirebaseError
from google.auth.exceptions import GoogleAuthError

from shared.config.environment import SettingsError
from shared.errors import VendorDown
from shared.identity.firebase_transport import OneTry, service_account
from shared.identity.model import SignIn
from shared.identity.settings import AccountsSettings
from shared.telemetry import log

TOTAL_SECONDS = 6.0
"""For one question, signing in with Google included. A request has 29 seconds, and asks two at most."""

_SECONDS = 3.0  # for connecting, and for each read
_RETRY_AFTER_SECONDS = 5
_IDENTITY_TOOLKIT = "https://identitytoolkit.googleapis.com"
_SDK: Any = firebase_admin  # untyped
_AUTH: Any = auth

AnswerT = TypeVar("AnswerT")


class FirebaseAccounts:
    """Fulfils shared.identity.accounts.Accounts."""

    def __init__(self, app: App, *, total_seconds: float = TOTAL_SECONDS) -> None:
        self._app = app
        self._total_seconds = total_seconds

    @classmethod
    def of(
        cls, settings: AccountsSettings, *, seconds: float = _SECONDS, total_seconds: float = TOTAL_SECONDS
    ) -> "FirebaseAccounts":
        """The project that the settings name. Raises SettingsError when the credentials cannot be read."""
        credential = service_account(settings.firebase_auth_credentials, variable="FIREBASE_AUTH_CREDENTIALS")
        options = {"projectId": settings.firebase_auth_project_id, "httpTimeout": seconds}
        app: App = _SDK.initialize_app(credential, options, name=f"accounts-{uuid4()}")
        # No public way leads to the session. A contract test fails when this one ends.
        client = _AUTH._get_client(app)  # noqa: SLF001 - see above
        if client.emulated:
            raise SettingsError("FIREBASE_AUTH_EMULATOR_HOST is set, which switches checks of tokens off: unset it.")
        session = client._user_manager.http_client.session  # noqa: SLF001 - see above
        session.mount(_IDENTITY_TOOLKIT, OneTry(usual=_IDENTITY_TOOLKIT, base_url=settings.firebase_auth_base_url))
        return cls(app, total_seconds=total_seconds)

    def look(self, firebase_uid: str) -> SignIn | None:
        """accounts:lookup."""
        return self._answer(lambda: _sign_in_of(_AUTH.get_user(firebase_uid, app=self._app)))

    def sign_out(self, firebase_uid: str) -> None:
        """accounts:update with validSince, which ends every refresh token."""
        self._answer(lambda: _AUTH.revoke_refresh_tokens(firebase_uid, app=self._app))

    def delete(self, firebase_uid: str) -> None:
        """accounts:delete."""
        self._answer(lambda: _AUTH.delete_user(firebase_uid, app=self._app))

    def close(self) -> None:
        """Let go of the connections."""
        _SDK.delete_app(self._app)

    def _answer(self, question: Callable[[], AnswerT]) -> AnswerT | None:
        """None when there is no such account. A thread, for the SDK has no limit for a call as a whole."""
        pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="accounts")
        try:
            return pool.submit(question).result(timeout=self._total_seconds)
        except _AUTH.UserNotFoundError:
            return None
        except (FirebaseError, GoogleAuthError, TimeoutError) as error:
            raise _down(error) from error
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            # What the SDK trips over in an answer that is JSON, and not Identity Toolkit's.
            raise _down(error) from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _sign_in_of(user: Any) -> SignIn:  # noqa: ANN401 - the SDK's record, untyped
    since_ms: int = user.tokens_valid_after_timestamp
    return SignIn(
        is_disabled=bool(user.disabled),
        valid_since=datetime.fromtimestamp(since_ms // 1_000, UTC) if since_ms else None,
    )


def _down(error: Exception) -> VendorDown:
    log.error("Firebase does not answer about an account", extra={"error": type(error).__name__})
    return VendorDown(
        "Who is signed in cannot be asked just now. Nothing was changed; try again in a moment.",
        retry_after_seconds=_RETRY_AFTER_SECONDS,
    )

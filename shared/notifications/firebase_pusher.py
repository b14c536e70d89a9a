"""Firebase Cloud Messaging through the vendor's SDK.

Its HTTP session gets an adapter of ours (shared/identity/firebase_transport.py): fewer retries, and another address
where the local stack and the tests have a server of their own that speaks FCM's protocol (docs/adr/0019).
"""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any
from uuid import uuid4

import firebase_admin
from firebase_admin import App, messaging
from firebase_admin.exceptions import FirebaseError
from google.auth.exceptions import GoogleAuthError

from shared.identity.firebase_transport import OneTry, service_account
from shared.notifications.firebase_answers import answer_to
from shared.notifications.firebase_message import message_of
from shared.notifications.model import Push, PushAnswer, Verdict
from shared.notifications.settings import FirebaseSettings
from shared.telemetry import log

TOTAL_SECONDS = 15
"""For all devices of one push together, and signing in with Google before."""

_SECONDS = 5.0  # for connecting, and for each read
_AT_ONCE = 8
_FCM = "https://fcm.googleapis.com"
_SDK: Any = firebase_admin  # untyped
_MESSAGING: Any = messaging
_LATER = PushAnswer(verdict=Verdict.LATER)


class FirebasePusher:
    """Fulfils shared.notifications.pusher.Pusher."""

    def __init__(self, app: App, *, total_seconds: float = TOTAL_SECONDS) -> None:
        self._app = app
        self._total_seconds = total_seconds

    @classmethod
    def of(
        cls, settings: FirebaseSettings, *, seconds: float = _SECONDS, total_seconds: float = TOTAL_SECONDS
    ) -> "FirebasePusher":
        """The project that the settings name. Raises SettingsError when the credentials cannot be read."""
        credential = service_account(settings.firebase_credentials, variable="FIREBASE_CREDENTIALS")
        options = {"projectId": settings.firebase_project_id, "httpTimeout": seconds}
        app: App = _SDK.initialize_app(credential, options, name=f"push-{uuid4()}")
        # No public way leads to the session. A contract test fails when this one ends.
        session = _MESSAGING._get_messaging_service(app)._client.session  # noqa: SLF001 - see the module's docstring
        session.mount(_FCM, OneTry(usual=_FCM, base_url=settings.fcm_base_url, at_once=_AT_ONCE))
        return cls(app, total_seconds=total_seconds)

    def push(self, push: Push, tokens: Sequence[str]) -> list[PushAnswer]:
        """An answer for each token, in order; LATER for those that took too long.

        One call each, not send_each: that one gives up all answers when one of them cannot be read.
        """
        pool = ThreadPoolExecutor(max_workers=min(_AT_ONCE, len(tokens)), thread_name_prefix="push")
        sending = [pool.submit(self._send, message_of(push, token)) for token in tokens]
        wait(sending, timeout=self._total_seconds)
        pool.shutdown(wait=False, cancel_futures=True)
        return [_answer_of(sent) for sent in sending]

    def close(self) -> None:
        """Let go of the connections."""
        _SDK.delete_app(self._app)

    def _send(self, message: messaging.Message) -> PushAnswer:
        try:
            messaging.send(message, app=self._app)
        except FirebaseError as error:
            return answer_to(error)
        except GoogleAuthError as error:
            log.error("Google does not sign us in", extra={"error": type(error).__name__})
            return _LATER
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            # What the SDK trips over in an answer that is JSON, and not FCM's.
            log.warning("FCM's answer is not of its shape", extra={"error": type(error).__name__})
            return _LATER
        return PushAnswer(verdict=Verdict.SENT)


def _answer_of(sent: "Future[PushAnswer]") -> PushAnswer:
    return sent.result() if sent.done() and not sent.cancelled() else _LATER

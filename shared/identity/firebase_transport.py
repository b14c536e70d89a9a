"""How Firebase's SDK reaches its servers: as whom, once, and where we want it to."""

import json
from typing import Any, cast

from firebase_admin import credentials
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from shared.config.environment import SettingsError


def service_account(text: str, *, variable: str) -> credentials.Certificate:
    """The credential in the text of a variable. Raises SettingsError when it cannot be read, without repeating it."""
    try:
        key: object = json.loads(text)
        # Given a text, the SDK would open the file of that name.
        return credentials.Certificate(cast("dict[str, Any]", key) if isinstance(key, dict) else {})
    except ValueError:
        raise SettingsError(f"{variable} must be the JSON of a service account's key.") from None


class OneTry(HTTPAdapter):
    """Tries again only what never reached the vendor, and that once; leads from `usual` to `base_url`.

    The SDK has no option for either (docs/adr/0019): its own adapter tries a 5xx four times, and sleeps as long as a
    Retry-After says, also an hour; and no service but the emulator's may have another address.
    """

    def __init__(self, *, usual: str, base_url: str, at_once: int = 1) -> None:
        super().__init__(
            pool_maxsize=at_once,
            max_retries=Retry(
                total=1, connect=1, read=0, redirect=0, status=0, other=0, respect_retry_after_header=False
            ),
        )
        self._usual = usual
        self._base_url = base_url.rstrip("/")

    def send(self, request: PreparedRequest, *args: Any, **others: Any) -> Response:  # noqa: ANN401 - the base's own
        """Send it to where this adapter leads."""
        if request.url is not None:
            request.url = self._base_url + request.url.removeprefix(self._usual)
        return super().send(request, *args, **others)

"""How Stripe's SDK reaches its server: over the standard library's client, where its own choice would load requests.

That would be a tenth of the Init of each function that asks Stripe (docs/adr/0043), and the SDK's own client without
requests sets no limit to its waiting. A request has a connection of its own: between two that people need, functions
are frozen, and a kept one dies.
"""

import ssl
from collections.abc import Mapping
from contextlib import closing
from http.client import HTTPException

from stripe import APIConnectionError, HTTPClient

from shared.web.connect import connect, target_of

_CONNECT_SECONDS = 2
_READ_SECONDS = 5

Answered = tuple[str, int, Mapping[str, str]]
"""Body, status, and headers by lower-case name."""


class StripeTransport(HTTPClient):
    """What the SDK calls. Whether to try again is up to its settings."""

    name = "http.client"

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: str | bytes | None = None,
        *,
        _usage: list[str] | None = None,
    ) -> Answered:
        """Raises APIConnectionError when no whole answer came."""
        try:
            with closing(connect(url, connect_seconds=_CONNECT_SECONDS, read_seconds=_READ_SECONDS)) as connection:
                connection.request(method.upper(), target_of(url), body=post_data, headers=dict(headers or {}))
                answer = connection.getresponse()
                told = {name.lower(): value for name, value in answer.getheaders()}
                return answer.read().decode(errors="replace"), answer.status, told
        except (OSError, HTTPException) as error:
            is_worth_it = not isinstance(error, ssl.SSLError)
            reason = f"Stripe cannot be reached: {type(error).__name__}"
            raise APIConnectionError(reason, should_retry=is_worth_it) from error

    def close(self) -> None:
        """Nothing is kept."""

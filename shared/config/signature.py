"""Signature Version 4 by the standard library alone: every request of ours to AWS-compatible services has one.

botocore's signer costs a fifth of a small function's Init and hmac nothing, and every function signs something: its
question for secrets, the token its database takes for a password, messages, objects (docs/adr/0004, 0032, 0046).
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Self

from shared.config.credentials import Credentials
from shared.values import frozen

ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
"""In place of the digest of a body that the signer does not know."""


@frozen
class Scope:
    """For what a signature holds. `moment` is UTC, as `20261122T093000Z`."""

    moment: str
    region: str
    service: str

    @classmethod
    def at(cls, moment: datetime, *, region: str, service: str) -> Self:
        """From a moment (UTC) on."""
        return cls(moment=moment.strftime("%Y%m%dT%H%M%SZ"), region=region, service=service)

    def __str__(self) -> str:
        return f"{self.moment[:8]}/{self.region}/{self.service}/aws4_request"

    def holder(self, credentials: Credentials) -> str:
        """Whose signature it is, and for what: X-Amz-Credential."""
        return f"{credentials.access_key}/{self}"

    def key(self, secret_key: str) -> bytes:
        """What signs within this scope."""
        key = f"AWS4{secret_key}".encode()
        for part in str(self).split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        return key


@frozen
class Signable:
    """A request in the form that is signed.

    `path` and `query` are percent-encoded, the query in any order; `headers`, by lower-case name, are those to be
    signed, `host` among them; `payload` is the body's digest in hexadecimal, or UNSIGNED_PAYLOAD.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    payload: str

    def signature(self, scope: Scope, credentials: Credentials) -> str:
        """64 hexadecimal digits."""
        digest = hashlib.sha256(self._canonical().encode()).hexdigest()
        text = "\n".join([ALGORITHM, scope.moment, str(scope), digest])
        return hmac.digest(scope.key(credentials.secret_key), text.encode(), "sha256").hex()

    def authorization(self, scope: Scope, credentials: Credentials) -> str:
        """The header that is sent with it."""
        holder, signature = scope.holder(credentials), self.signature(scope, credentials)
        return f"{ALGORITHM} Credential={holder}, SignedHeaders={names_of(self.headers)}, Signature={signature}"

    def _canonical(self) -> str:
        pairs = [part.partition("=") for part in self.query.split("&") if part]
        query = "&".join(f"{name}={value}" for name, _, value in sorted(pairs))
        headers = "".join(f"{name}:{' '.join(self.headers[name].split())}\n" for name in sorted(self.headers))
        return f"{self.method}\n{self.path}\n{query}\n{headers}\n{names_of(self.headers)}\n{self.payload}"


def names_of(headers: Mapping[str, str]) -> str:
    """Which headers are signed."""
    return ";".join(sorted(headers))


def digest_of(body: bytes) -> str:
    """What is signed of a body."""
    return hashlib.sha256(body).hexdigest()

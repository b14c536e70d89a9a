"""Signature Version 4 by the standard library alone: what a request that is written out is signed with.

botocore's signer costs 40 ms to import and hmac nothing, and every function signs something: its question for secrets,
or the token its database takes for a password (docs/adr/0032, 0046).
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hashlib
import hmac

from shared.values import frozen

ALGORITHM = "AWS4-HMAC-SHA256"


@frozen
class Scope:
    """For what a signature holds. `moment` is UTC, as `20261122T093000Z`."""

    moment: str
    region: str
    service: str

    def __str__(self) -> str:
        return f"{self.moment[:8]}/{self.region}/{self.service}/aws4_request"

    def signature(self, canonical_request: str, secret_key: str) -> str:
        """64 hexadecimal digits over a request in AWS's canonical form."""
        digest = hashlib.sha256(canonical_request.encode()).hexdigest()
        text = "\n".join([ALGORITHM, self.moment, str(self), digest])
        key = f"AWS4{secret_key}".encode()
        for part in str(self).split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        return hmac.digest(key, text.encode(), "sha256").hex()

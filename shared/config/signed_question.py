"""Signs one kind of request, a JSON question to an AWS service, by Signature Version 4 and the standard library alone.

botocore's signer costs 40 ms to import and http.client 3, and every function asks for its secrets, also those that
sign nothing else (docs/adr/0032). https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

_ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, kw_only=True)
class Question:
    """A POST of JSON to `/` of a host; `key` is the function's own access key, whose secrets never show in a repr."""

    host: str
    region: str
    service: str
    target: str
    body: bytes
    access_key: str
    secret_key: str = field(repr=False)
    session_token: str = field(default="", repr=False)

    def headers(self, at: datetime) -> dict[str, str]:
        """What to send with it, signed at a moment (UTC); AWS takes the signature for five minutes."""
        moment = at.strftime("%Y%m%dT%H%M%SZ")
        headers = {
            "content-type": "application/x-amz-json-1.1",
            "host": self.host,
            "x-amz-date": moment,
            "x-amz-target": self.target,
            **({"x-amz-security-token": self.session_token} if self.session_token else {}),
        }
        return headers | {"authorization": self._authorization(headers, moment)}

    def _authorization(self, headers: Mapping[str, str], moment: str) -> str:
        names = ";".join(sorted(headers))
        lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
        request = "\n".join(["POST", "/", "", lines, names, hashlib.sha256(self.body).hexdigest()])
        scope = f"{moment[:8]}/{self.region}/{self.service}/aws4_request"
        text = "\n".join([_ALGORITHM, moment, scope, hashlib.sha256(request.encode()).hexdigest()])
        key = f"AWS4{self.secret_key}".encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        signature = hmac.digest(key, text.encode(), "sha256").hex()
        return f"{_ALGORITHM} Credential={self.access_key}/{scope}, SignedHeaders={names}, Signature={signature}"

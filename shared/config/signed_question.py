"""A JSON question to an AWS service, signed by the standard library alone (docs/adr/0032)."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from shared.config.credentials import Credentials
from shared.config.signature import ALGORITHM, Scope
from shared.values import frozen


@frozen
class Question:
    """A POST of JSON to `/` of a host."""

    host: str
    region: str
    service: str
    target: str
    body: bytes
    credentials: Credentials

    def headers(self, at: datetime) -> dict[str, str]:
        """What to send with it, signed at a moment (UTC); AWS takes the signature for five minutes."""
        scope = Scope(moment=at.strftime("%Y%m%dT%H%M%SZ"), region=self.region, service=self.service)
        token = self.credentials.session_token
        headers = {
            "content-type": "application/x-amz-json-1.1",
            "host": self.host,
            "x-amz-date": scope.moment,
            "x-amz-target": self.target,
            **({"x-amz-security-token": token} if token else {}),
        }
        return headers | {"authorization": self._authorization(headers, scope)}

    def _authorization(self, headers: Mapping[str, str], scope: Scope) -> str:
        names = ";".join(sorted(headers))
        lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
        request = "\n".join(["POST", "/", "", lines, names, hashlib.sha256(self.body).hexdigest()])
        signature = scope.signature(request, self.credentials.secret_key)
        holder = f"{self.credentials.access_key}/{scope}"
        return f"{ALGORITHM} Credential={holder}, SignedHeaders={names}, Signature={signature}"

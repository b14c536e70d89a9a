"""A JSON question to an AWS service, signed by the standard library alone (docs/adr/0032)."""

from datetime import datetime

from shared.config.credentials import Credentials
from shared.config.signature import Scope, Signable, digest_of
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
        scope = Scope.at(at, region=self.region, service=self.service)
        token = self.credentials.session_token
        headers = {
            "content-type": "application/x-amz-json-1.1",
            "host": self.host,
            "x-amz-date": scope.moment,
            "x-amz-target": self.target,
            **({"x-amz-security-token": token} if token else {}),
        }
        asked = Signable(method="POST", path="/", query="", headers=headers, payload=digest_of(self.body))
        return headers | {"authorization": asked.authorization(scope, self.credentials)}

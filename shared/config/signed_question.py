"""A JSON question to an AWS service, signed by the standard library alone (docs/adr/0032)."""

from datetime import datetime

from shared.config.credentials import Credentials
from shared.config.sign_request import Signer
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
        named = {"content-type": "application/x-amz-json-1.1", "x-amz-target": self.target}
        return Signer(region=self.region, service=self.service).headers(
            "POST", f"https://{self.host}/", headers=named, body=self.body, credentials=self.credentials, at=at
        )

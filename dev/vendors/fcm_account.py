"""A service account of the local FCM, in the shape of the JSON that Firebase's console hands out."""

import json
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from dev.key_file import pem_of


@dataclass(frozen=True, kw_only=True)
class ServiceAccount:
    """Who may send messages for `project`."""

    project: str
    key: rsa.RSAPrivateKey = field(repr=False)

    @property
    def email(self) -> str:
        """Whom its assertions name as their issuer."""
        return f"push@{self.project}.iam.gserviceaccount.com"

    def public_pem(self) -> bytes:
        """What its assertions are checked with."""
        return self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def as_json(self, *, token_uri: str) -> str:
        """The key file; access tokens are fetched at `token_uri`."""
        return json.dumps(
            {
                "type": "service_account",
                "project_id": self.project,
                "private_key_id": "local",
                "private_key": pem_of(self.key).decode(),
                "client_email": self.email,
                "client_id": "0",
                "token_uri": token_uri,
            }
        )

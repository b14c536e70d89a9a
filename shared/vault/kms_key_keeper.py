"""AWS KMS through its JSON protocol: the master key never leaves it, and it records who used it for whose secret.

https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html
"""

import base64
import json
from typing import Any, cast

from shared.aws.signed_http import Answer, SignedHttp
from shared.errors import SecondBrainError, VendorDown
from shared.telemetry import log, word
from shared.vault.key_keeper import Context
from shared.vault.model import DataKey, WrappedKey, unreadable

_OK = 200
_NOT_OURS = {"InvalidCiphertextException", "IncorrectKeyException"}
_PASSING = {"ThrottlingException", "KMSInternalException", "DependencyTimeoutException", "LimitExceededException"}
_SERVER_ERROR = 500


class KmsKeyKeeper:
    """One key of KMS, by its ARN; what other keys have wrapped opens too, while our role may use them."""

    def __init__(self, http: SignedHttp, *, endpoint_url: str, key_id: str) -> None:
        self._http = http
        self._endpoint_url = endpoint_url
        self._key_id = key_id

    @property
    def key_id(self) -> str:
        """The key's ARN."""
        return self._key_id

    def new_key(self, context: Context) -> DataKey:
        """A data key of KMS's making. Raises VendorDown."""
        told = self._ask("GenerateDataKey", KeyId=self._key_id, KeySpec="AES_256", EncryptionContext=dict(context))
        wrapped = WrappedKey(key_id=self._key_id, content=_bytes(told, "CiphertextBlob"))
        return DataKey(plain=_bytes(told, "Plaintext"), wrapped=wrapped)

    def unwrap(self, wrapped: WrappedKey, context: Context) -> bytes:
        """The data key; KMS is told which of its keys it must be. Raises VendorDown and SecretUnreadable."""
        blob = base64.b64encode(wrapped.content).decode()
        told = self._ask("Decrypt", KeyId=wrapped.key_id, CiphertextBlob=blob, EncryptionContext=dict(context))
        return _bytes(told, "Plaintext")

    def rewrap(self, wrapped: WrappedKey, context: Context) -> WrappedKey:
        """Within KMS: the data key is not seen here. Raises VendorDown and SecretUnreadable."""
        told = self._ask(
            "ReEncrypt",
            CiphertextBlob=base64.b64encode(wrapped.content).decode(),
            SourceKeyId=wrapped.key_id,
            SourceEncryptionContext=dict(context),
            DestinationKeyId=self._key_id,
            DestinationEncryptionContext=dict(context),
        )
        return WrappedKey(key_id=self._key_id, content=_bytes(told, "CiphertextBlob"))

    def _ask(self, action: str, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401 - KMS's own JSON
        headers = {"X-Amz-Target": f"TrentService.{action}", "Content-Type": "application/x-amz-json-1.1"}
        body = json.dumps(parameters).encode()
        answer = self._http.send("POST", self._endpoint_url, headers=headers, body=body)
        told = _object(answer.body)
        if answer.status != _OK:
            raise _refusal(action, answer, str(told.get("__type", "")).rpartition("#")[2])
        return told


def _refusal(action: str, answer: Answer, code: str) -> SecondBrainError:
    if code in _NOT_OURS:
        return unreadable()
    if code in _PASSING or answer.status >= _SERVER_ERROR:
        return VendorDown("The key service cannot answer just now. Try again in a moment.", failure="server")
    log.error("key service refuses us", extra={"action": action, "code": word(code), "status": answer.status})
    return VendorDown("The key service refuses us; it has been recorded.", failure="our_key")


def _bytes(told: dict[str, Any], name: str) -> bytes:
    try:
        return base64.b64decode(told[name], validate=True)
    except (KeyError, TypeError, ValueError):
        # Not chained: what was told may hold a key.
        problem = VendorDown("The key service's answer is not of its shape.", failure="invalid_reply")
    raise problem


def _object(content: bytes) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except ValueError:
        return {}
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}

"""Which keeper of the master key the settings name."""

from shared.aws.signed_http import SignedHttp
from shared.config.environment import SettingsError
from shared.vault.key_keeper import KeyKeeper
from shared.vault.kms_key_keeper import KmsKeyKeeper
from shared.vault.own_key_keeper import OwnKeyKeeper
from shared.vault.settings import VaultSettings


def keeper_of(settings: VaultSettings) -> KeyKeeper:
    """KMS's, or our own. Raises SettingsError unless exactly one is named."""
    if bool(settings.vault_key_id) == bool(settings.vault_keys):
        raise SettingsError("Set VAULT_KEY_ID (a key of KMS) or VAULT_KEYS (keys of your own), and not both.")
    if settings.vault_keys:
        return OwnKeyKeeper.of(settings.vault_keys)
    if not settings.vault_key_id.startswith("arn:"):
        raise SettingsError("VAULT_KEY_ID must be the key's ARN: an alias may come to mean another key.")
    region = settings.aws_region
    endpoint_url = settings.kms_endpoint_url or f"https://kms.{region}.amazonaws.com/"
    if not endpoint_url.startswith(("https://", "http://127.0.0.1:")):
        raise SettingsError("KMS_ENDPOINT_URL must begin with https://, for keys come from there.")
    http = SignedHttp(credentials=settings.credentials(), region=region, service="kms", timeout_seconds=5)
    return KmsKeyKeeper(http, endpoint_url=endpoint_url, key_id=settings.vault_key_id)

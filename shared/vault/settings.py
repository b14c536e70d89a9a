"""Settings of functions that use the vault: a key of KMS, or keys of one's own."""

from shared.aws.settings import AwsSettings


class VaultSettings(AwsSettings):
    """Either VAULT_KEY_ID, the ARN of a key of KMS, or VAULT_KEYS, hexadecimal keys of which the first is current."""

    vault_key_id: str = ""
    vault_keys: str = ""
    kms_endpoint_url: str = ""

"""Settings shared by functions that talk to AWS-compatible services."""

from shared.config.credentials import Credentials, read_credentials
from shared.config.environment import Settings


class AwsSettings(Settings):
    """What Lambda itself puts into every environment."""

    aws_region: str
    aws_access_key_id: str = ""
    aws_secret_access_key: str = ""
    aws_session_token: str | None = None

    def credentials(self) -> Credentials:
        """The function's own role, as Lambda hands it over: to one that starts from a snapshot, for a while only.

        Raises SettingsError where there is none.
        """
        if not (self.aws_access_key_id and self.aws_secret_access_key):
            return read_credentials()
        return Credentials(
            access_key=self.aws_access_key_id,
            secret_key=self.aws_secret_access_key,
            session_token=self.aws_session_token,
        )

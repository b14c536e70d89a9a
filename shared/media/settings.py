"""Settings of functions that touch the bucket."""

from shared.aws.settings import AwsSettings
from shared.config.credentials import Credentials


class BucketSettings(AwsSettings):
    """The bucket, and where its service answers: Amazon S3 or the local stack, with the function's own role.

    A store elsewhere, such as Cloudflare R2, knows nothing of roles: it has keys and a region of its own.
    """

    bucket: str
    bucket_endpoint_url: str
    bucket_region: str = ""
    bucket_access_key_id: str = ""
    bucket_secret_access_key: str = ""

    def region_of_bucket(self) -> str:
        """What signatures name."""
        return self.bucket_region or self.aws_region

    def credentials_of_bucket(self) -> Credentials:
        """The store's own keys where it has some, else the function's role."""
        if not self.bucket_access_key_id:
            return self.credentials()
        return Credentials(access_key=self.bucket_access_key_id, secret_key=self.bucket_secret_access_key)

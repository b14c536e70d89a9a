"""Settings of functions that touch the bucket."""

from shared.aws.settings import AwsSettings


class BucketSettings(AwsSettings):
    """The bucket, and where its service answers (Amazon S3, or the local stack), with the function's own role."""

    bucket: str
    bucket_endpoint_url: str

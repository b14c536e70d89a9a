"""Settings of functions that send to queues."""

from shared.aws.settings import AwsSettings


class QueueSettings(AwsSettings):
    """A queue's URL is its name behind the prefix; the endpoint is where its service answers."""

    queue_url_prefix: str
    queue_endpoint_url: str

"""The one way we build OpenAI's SDK: bounded, without retries, and told to stop before a body it should not read."""

from functools import partial

import httpx2
from openai import OpenAI, Timeout

from shared.ai.budget import CONNECT_SECONDS
from shared.ai.capabilities import Endpoint
from shared.ai.vendor_errors import check_answer


def openai_client(endpoint: Endpoint, *, timeout_seconds: float) -> OpenAI:
    """A client for OpenAI, or anything that answers like it. Whoever builds it closes it."""
    timeout = Timeout(timeout_seconds, connect=min(CONNECT_SECONDS, timeout_seconds))
    return OpenAI(
        api_key=endpoint.api_key,
        base_url=endpoint.base_url,
        timeout=timeout,
        max_retries=0,  # the queue repeats, with its own patience
        default_headers={"Accept-Encoding": "identity"},
        http_client=httpx2.Client(
            timeout=timeout,
            follow_redirects=False,
            event_hooks={"response": [partial(check_answer, provider=endpoint.provider)]},
        ),
    )

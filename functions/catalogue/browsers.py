"""What pages in a browser may do, if their origin is allowed: at the API, and at the bucket."""

REQUEST_HEADERS = ("authorization", "content-type", "idempotency-key", "x-request-id")
"""What a page may send to the API: by name, for to a browser `*` does not include Authorization."""

RESPONSE_HEADERS = ("x-request-id", "retry-after", "idempotency-replayed")
"""What a page may read of the API's answers, besides what it may always read."""

API_MAX_AGE_SECONDS = 600
"""For how long a browser remembers what it was told."""

BUCKET_METHODS = ("GET", "HEAD", "PUT")
BUCKET_RESPONSE_HEADERS = ("ETag", "x-amz-request-id")
BUCKET_MAX_AGE_SECONDS = 3_000

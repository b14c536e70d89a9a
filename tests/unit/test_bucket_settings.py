"""Which keys open the bucket: the function's role, or, of a store that knows no roles, its own."""

from shared.config.environment import load
from shared.media.s3_store import S3Store
from shared.media.settings import BucketSettings

ROLE = {
    "AWS_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "ROLE",
    "AWS_SECRET_ACCESS_KEY": "of-the-role",
    "AWS_SESSION_TOKEN": "token-of-the-role",
    "BUCKET": "notes",
}
ELSEWHERE = {
    "BUCKET_ENDPOINT_URL": "https://account.r2.example.com",
    "BUCKET_REGION": "auto",
    "BUCKET_ACCESS_KEY_ID": "THEIRS",
    "BUCKET_SECRET_ACCESS_KEY": "of-the-store",
}


def _signed(environment: dict[str, str]) -> str:
    store = S3Store.of(load(BucketSettings, environment))
    return store.sign_download("exports/1.zip", file_name="notes.zip", expires_in_seconds=60)


def test_in_aws_the_role_signs_for_its_own_region() -> None:
    url = _signed({**ROLE, "BUCKET_ENDPOINT_URL": "https://s3.eu-central-1.amazonaws.com"})
    assert url.startswith("https://s3.eu-central-1.amazonaws.com/notes/exports/1.zip?")
    assert "X-Amz-Credential=ROLE%2F" in url
    assert "%2Feu-central-1%2Fs3%2F" in url
    assert "X-Amz-Security-Token=token-of-the-role" in url


def test_elsewhere_the_stores_own_keys_sign_for_its_region_and_the_role_stays_at_home() -> None:
    url = _signed({**ROLE, **ELSEWHERE})
    assert url.startswith("https://account.r2.example.com/notes/exports/1.zip?")
    assert "X-Amz-Credential=THEIRS%2F" in url
    assert "%2Fauto%2Fs3%2F" in url
    assert "ROLE" not in url
    assert "token-of-the-role" not in url

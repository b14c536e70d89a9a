"""The form of a transcription request: the recording itself, or where on this machine it lies."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from dev.vendors.ai_body_limit import MOST_BYTES
from dev.vendors.ai_errors import ApiError, invalid
from dev.vendors.ai_segments import text_of
from dev.vendors.ai_speech import SpeechDecoders, transcribe, transcription_json

LOCAL_HOSTS = frozenset(["127.0.0.1", "localhost"])
FETCH_SECONDS = 30.0
FORMATS = frozenset(["json", "text", "verbose_json"])


@dataclass(frozen=True, kw_only=True)
class TranscriptionRequest:
    """What was asked: the recording's bytes, or a URL to get them from."""

    file: bytes | None
    url: str | None
    response_format: str
    granularities: tuple[str, ...]


async def read_transcription(request: Request) -> TranscriptionRequest:
    """The form of a POST to /v1/audio/transcriptions. Raises ApiError: 400 when it says nothing to transcribe."""
    async with request.form() as form:
        upload = form.get("file")
        url = _text(form, "url")
        wanted = _text(form, "response_format") or "json"
        if not isinstance(upload, UploadFile) and url is None:
            raise invalid("Either `file` or `url` is needed.", param="file")
        if wanted not in FORMATS:
            raise invalid(f"response_format must be one of {sorted(FORMATS)}.", param="response_format")
        return TranscriptionRequest(
            file=await upload.read() if isinstance(upload, UploadFile) else None,
            url=url,
            response_format=wanted,
            granularities=_granularities(form),
        )


def _text(form: FormData, name: str) -> str | None:
    value = form.get(name)
    return value if isinstance(value, str) and value else None


def _granularities(form: FormData) -> tuple[str, ...]:
    values = [*form.getlist("timestamp_granularities[]"), *form.getlist("timestamp_granularities")]
    return tuple(value for value in values if isinstance(value, str))


async def answer_transcription(asked: TranscriptionRequest, decoders: SpeechDecoders) -> Response:
    """Transcribes in a thread of its own. Raises ApiError as `fetch_local` and `transcribe` do."""
    recording = asked.file if asked.file is not None else await fetch_local(asked.url or "")
    duration, segments = await run_in_threadpool(transcribe, recording, decoders)
    if asked.response_format == "text":
        return PlainTextResponse(text_of(segments))
    if asked.response_format == "json":
        return JSONResponse({"text": text_of(segments)})
    return JSONResponse(transcription_json(duration, segments, asked.granularities))


async def fetch_local(url: str) -> bytes:
    """The bytes behind an http(s) URL of this machine; redirects are not followed.

    Raises:
        ApiError: 400 for another machine's address, an answer that is no success, or more than 30 MB.
    """
    if not _is_local(url):
        raise invalid("Only URLs of 127.0.0.1 and localhost are read.", param="url", code="url_not_allowed")
    try:
        async with (
            httpx.AsyncClient(timeout=FETCH_SECONDS, trust_env=False) as client,
            client.stream("GET", url) as got,
        ):
            return await _body(got)
    except httpx.HTTPError as error:
        raise _not_fetched() from error


def _is_local(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and parts.hostname in LOCAL_HOSTS and "@" not in parts.netloc


async def _body(response: httpx.Response) -> bytes:
    if not response.is_success:
        raise _not_fetched()
    body = bytearray()
    async for part in response.aiter_bytes():
        body += part
        if len(body) > MOST_BYTES:
            raise invalid("The file behind the URL is larger than 30 MB.", param="url", code="file_too_large")
    return bytes(body)


def _not_fetched() -> ApiError:
    return invalid("The file behind the URL could not be fetched.", param="url", code="url_not_fetched")

"""Speech to text through Groq's SDK: Groq itself, OpenAI, or anything that answers like them.

https://console.groq.com/docs/speech-to-text
"""

import weakref
from functools import partial
from typing import Annotated, get_args, get_type_hints

import httpx
from groq import APIError, Groq, Timeout, omit
from groq.types.audio.transcription_create_params import TranscriptionCreateParams
from pydantic import BaseModel, ConfigDict, Field

from shared.ai.budget import CONNECT_SECONDS, WORKER_SECONDS
from shared.ai.capabilities import Endpoint, Segment, Transcript, Usage
from shared.ai.clean_text import clean_text
from shared.ai.vendor_errors import check_answer, parse_reply, read_reply, vendor_errors
from shared.ai.word_times import HeardWord, with_words

_MAX_REPLY_BYTES = 8_000_000  # four hours of speech make about 3 MB, most of it token numbers we do not read
_MAX_SEGMENT_CHARS = 5_000
_MAX_TEXT_CHARS = 1_000_000
_MAX_WORD_CHARS = 1_000
_MAX_SECONDS = 200_000

# Whisper invents words for silence ("Thank you."). Its authors discard a segment that is both likely silent and
# unlikely text: https://github.com/openai/whisper/blob/main/whisper/transcribe.py (no_speech_threshold).
_SILENT_ABOVE = 0.6
_UNLIKELY_BELOW = -1.0

# The languages the API takes, by the SDK's own list; phones name some of them otherwise (CLDR's aliases).
_LANGUAGES = frozenset(
    code for kind in get_args(get_type_hints(TranscriptionCreateParams)["language"]) for code in get_args(kind)
)
_ALIASES = {"nb": "no", "fil": "tl", "iw": "he"}

Seconds = Annotated[float, Field(ge=0, le=_MAX_SECONDS, allow_inf_nan=False)]


class _Reply(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, hide_input_in_errors=True)


class _Segment(_Reply):
    start: Seconds
    end: Seconds
    text: str
    no_speech_prob: float = 0
    avg_logprob: float = 0

    @property
    def is_silence(self) -> bool:
        return self.no_speech_prob > _SILENT_ABOVE and self.avg_logprob < _UNLIKELY_BELOW


class _Word(_Reply):
    word: Annotated[str, Field(max_length=_MAX_WORD_CHARS)]
    start: Seconds
    end: Seconds


class _Verbose(_Reply):
    text: Annotated[str, Field(max_length=_MAX_TEXT_CHARS)]
    segments: Annotated[tuple[_Segment, ...] | None, Field(max_length=50_000)] = None
    words: Annotated[tuple[_Word, ...] | None, Field(max_length=100_000)] = None
    language: str | None = None
    duration: Seconds | None = None


class GroqTranscriber:
    """Fulfils Transcriber."""

    def __init__(self, endpoint: Endpoint, *, timeout_seconds: float = WORKER_SECONDS) -> None:
        self._endpoint = endpoint
        self._timeout_seconds = timeout_seconds
        timeout = Timeout(timeout_seconds, connect=min(CONNECT_SECONDS, timeout_seconds))
        http = httpx.Client(
            timeout=timeout,
            follow_redirects=False,
            event_hooks={
                "request": [_path_of_its_own],
                "response": [partial(check_answer, provider=endpoint.provider)],
            },
        )
        weakref.finalize(self, http.close)
        self._client = Groq(
            api_key=endpoint.api_key,
            base_url=_host_root(endpoint.base_url),
            timeout=timeout,
            max_retries=0,  # the queue repeats, with its own patience
            default_headers={"Accept-Encoding": "identity"},
            http_client=http,
        )

    def transcribe(self, audio: bytes, *, file_name: str, language: str | None) -> Transcript:
        """The transcript, with times. Raises VendorDown and VendorRefused."""
        provider = self._endpoint.provider
        body, provider_ms = self._ask(audio, file_name, language)
        return _transcript(self._endpoint, parse_reply(_Verbose, body, provider=provider), provider_ms)

    def _ask(self, audio: bytes, file_name: str, language: str | None) -> tuple[bytes, int]:
        provider = self._endpoint.provider
        with (
            vendor_errors(provider, APIError, httpx.HTTPError) as call,
            self._client.audio.transcriptions.with_streaming_response.create(
                model=self._endpoint.model,
                file=(file_name, audio),
                language=_whisper_language(language) or omit,
                response_format="verbose_json",
                timestamp_granularities=["word", "segment"],
            ) as reply,
        ):
            until = call.started + self._timeout_seconds
            body = read_reply(reply.iter_bytes(), provider=provider, max_bytes=_MAX_REPLY_BYTES, until=until)
        return body, call.milliseconds


def _whisper_language(tag: str | None) -> str | None:
    """The language to tell Whisper of, if it knows it: a hint it does not know would have the recording refused."""
    primary = (tag or "").partition("-")[0].lower()
    code = _ALIASES.get(primary, primary)
    return code if code in _LANGUAGES else None


def _host_root(base_url: str) -> str:
    """The SDK adds `/openai/v1` to each path by itself, so an address that ends so is one too long."""
    return base_url.rstrip("/").removesuffix("/openai/v1")


def _path_of_its_own(request: httpx.Request) -> None:
    """An address that ends in `/v1` is OpenAI's, or like it: there the SDK's own `/openai/v1` is too much."""
    request.url = request.url.copy_with(path=request.url.path.replace("/v1/openai/v1/", "/v1/", 1))


def _transcript(endpoint: Endpoint, reply: _Verbose, provider_ms: int) -> Transcript:
    segments = _segments(reply)
    duration_ms = _ms(reply.duration) if reply.duration is not None else max((s.end_ms for s in segments), default=0)
    usage = Usage(
        provider=endpoint.provider,
        model=endpoint.model,
        operation="transcribe",
        audio_ms=duration_ms,
        provider_ms=provider_ms,
    )
    return Transcript(
        text=" ".join(segment.text for segment in segments),
        segments=segments,
        language=clean_text(reply.language, max_chars=40).lower() if reply.language else None,
        usage=usage,
    )


def _segments(reply: _Verbose) -> tuple[Segment, ...]:
    """Segments that say something, with their words; a reply without any is one segment as long as the recording."""
    told = reply.segments or (_Segment(start=0, end=reply.duration or 0, text=reply.text),)
    max_chars = _MAX_SEGMENT_CHARS if reply.segments else _MAX_TEXT_CHARS
    heard = [HeardWord(text=word.word, start_ms=_ms(word.start), end_ms=_ms(word.end)) for word in reply.words or ()]
    timed = with_words([_segment(segment, max_chars) for segment in told], heard)
    return tuple(segment for of, segment in zip(told, timed, strict=True) if segment.text and not of.is_silence)


def _segment(told: _Segment, max_chars: int) -> Segment:
    return Segment(
        start_ms=_ms(told.start),
        end_ms=_ms(max(told.start, told.end)),
        text=clean_text(told.text, max_chars=max_chars),
    )


def _ms(seconds: float) -> int:
    return round(seconds * 1_000)

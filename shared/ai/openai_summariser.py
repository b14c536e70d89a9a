"""Notes to a title and a summary, through OpenAI's SDK against DeepSeek or any compatible endpoint.

JSON mode rather than a schema: DeepSeek has the first only (https://api-docs.deepseek.com/guides/json_mode).
"""

from pydantic import BaseModel, ConfigDict

from shared.ai.budget import WORKER_SECONDS
from shared.ai.capabilities import Endpoint, Summary
from shared.ai.clean_text import clean_text
from shared.ai.openai_chat import OpenAiChat
from shared.ai.prompt_file import load_prompt
from shared.ai.vendor_errors import invalid_reply, parse_reply

MAX_TITLE_CHARS = 80
MAX_SUMMARY_CHARS = 2_000

MAX_NOTES_CHARS = 48_000
"""About 12,000 tokens of English, at most as many of Chinese as there are characters: every model in use takes it."""
_TAIL_CHARS = MAX_NOTES_CHARS // 4
_LEFT_OUT = "\n[…]\n"


class _Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, hide_input_in_errors=True)

    title: str
    summary: str


class OpenAiSummariser:
    """Fulfils Summariser."""

    def __init__(self, endpoint: Endpoint, *, timeout_seconds: float = WORKER_SECONDS) -> None:
        self._endpoint = endpoint
        self._chat = OpenAiChat(endpoint, timeout_seconds=timeout_seconds)
        self._prompt = load_prompt("summarise.v1")

    def summarise(self, notes: str, *, language: str) -> Summary:
        """Title and summary in `language`. Raises VendorDown and VendorRefused."""
        answer = self._chat.ask(
            [
                {"role": "system", "content": self._prompt.in_language(language)},
                {"role": "user", "content": f"<notes>\n{_fenced(clip(notes))}\n</notes>"},
            ],
            answer_in={"type": "json_object"},
            operation="summarise",
        )
        written = parse_reply(_Written, answer.content, provider=self._endpoint.provider, usage=answer.usage)
        title = clean_text(" ".join(written.title.split()), max_chars=MAX_TITLE_CHARS)
        summary = clean_text(written.summary, max_chars=MAX_SUMMARY_CHARS)
        if not title or not summary:
            raise invalid_reply(self._endpoint.provider, "has an empty title or summary", usage=answer.usage)
        return Summary(title=title, summary=summary, usage=answer.usage)


def clip(notes: str) -> str:
    """At most MAX_NOTES_CHARS: the beginning and the end, where people say what matters."""
    if len(notes) <= MAX_NOTES_CHARS:
        return notes
    head = MAX_NOTES_CHARS - _TAIL_CHARS - len(_LEFT_OUT)
    return f"{notes[:head]}{_LEFT_OUT}{notes[-_TAIL_CHARS:]}"


def _fenced(notes: str) -> str:
    """The notes without a line that would end them early."""
    return notes.replace("</notes>", "</ notes>")

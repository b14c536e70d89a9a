"""Pictures to text through OpenAI's SDK, with answers held to a JSON schema.

https://platform.openai.com/docs/guides/structured-outputs
"""

import base64

from openai.types.chat.completion_create_params import ResponseFormat
from pydantic import BaseModel, ConfigDict

from shared.ai.budget import WORKER_SECONDS
from shared.ai.capabilities import Description, Endpoint
from shared.ai.clean_text import clean_text
from shared.ai.openai_chat import OpenAiChat
from shared.ai.prompt_file import load_prompt
from shared.ai.vendor_errors import parse_reply

MAX_CAPTION_CHARS = 1_000
MAX_TEXT_CHARS = 20_000

_SHAPE: ResponseFormat = {
    "type": "json_schema",
    "json_schema": {
        "name": "picture",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {"caption": {"type": "string"}, "text": {"type": "string"}},
            "required": ["caption", "text"],
            "additionalProperties": False,
        },
    },
}


class _Picture(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, hide_input_in_errors=True)

    caption: str
    text: str


class OpenAiImageDescriber:
    """Fulfils ImageDescriber."""

    def __init__(self, endpoint: Endpoint, *, timeout_seconds: float = WORKER_SECONDS) -> None:
        self._endpoint = endpoint
        self._chat = OpenAiChat(endpoint, timeout_seconds=timeout_seconds)
        self._prompt = load_prompt("describe_image.v1")

    def describe(self, image: bytes, *, content_type: str, language: str) -> Description:
        """Caption in `language`, and the text in the picture. Raises VendorDown and VendorRefused."""
        url = f"data:{content_type};base64,{base64.b64encode(image).decode()}"
        answer = self._chat.ask(
            [
                {"role": "system", "content": self._prompt.in_language(language)},
                {"role": "user", "content": [{"type": "image_url", "image_url": {"url": url}}]},
            ],
            answer_in=_SHAPE,
            operation="describe_image",
        )
        picture = parse_reply(_Picture, answer.content, provider=self._endpoint.provider, usage=answer.usage)
        return Description(
            caption=clean_text(picture.caption, max_chars=MAX_CAPTION_CHARS),
            text=clean_text(picture.text, max_chars=MAX_TEXT_CHARS),
            usage=answer.usage,
        )

"""Chat completions from something that cannot chat: it extracts a summary or an answer, or reads a picture."""

import json
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dev.vendors import ai_vision
from dev.vendors.ai_ask import Asked, claims_json, read_question
from dev.vendors.ai_errors import invalid
from dev.vendors.ai_extract import extract
from dev.vendors.ai_minilm import MiniLM
from dev.vendors.ai_vision import TextReader
from dev.vendors.ai_wire import ChatRequest, ResponseFormat

EXTRACTOR = "extractive-mmr"
EMPTY_OF_TYPE: Mapping[str, Any] = {
    "string": "",
    "integer": 0,
    "number": 0,
    "boolean": False,
    "array": [],
    "object": {},
    "null": None,
}


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What was made out of the last message, by which model, and how it reads as plain text."""

    model: str
    fields: Mapping[str, Any]
    plain: str


def completion_json(
    request: ChatRequest, embedder: Callable[[], MiniLM], reader: Callable[[], TextReader]
) -> dict[str, Any]:
    """The body of the answer. Models are asked for when needed only.

    Raises:
        ApiError: 400 for a stream, for no user message, and for a picture that cannot be read.
    """
    if request.stream:
        raise invalid("This server does not stream.", param="stream")
    reply = _reply(request, embedder, reader)
    content = _content(reply, request.response_format)
    prompt_tokens = embedder().count_tokens([message.text for message in request.messages])
    return _completion(reply.model, content, prompt_tokens, embedder().count_tokens([content]))


def _reply(request: ChatRequest, embedder: Callable[[], MiniLM], reader: Callable[[], TextReader]) -> Reply:
    if request.last_user_message.picture_url:
        return _read_picture(request, reader)
    asked = read_question(request.last_user_message.text)
    return _summarise(request, embedder) if asked is None else _answer(asked, embedder)


def _answer(asked: Asked, embedder: Callable[[], MiniLM]) -> Reply:
    fields = claims_json(asked, lambda texts: embedder().encode(texts)[0])
    return Reply(model=EXTRACTOR, fields=fields, plain=json.dumps(fields, ensure_ascii=False))


def _summarise(request: ChatRequest, embedder: Callable[[], MiniLM]) -> Reply:
    found = extract(request.last_user_message.text, lambda sentences: embedder().encode(sentences)[0])
    return Reply(model=EXTRACTOR, fields={"title": found.title, "summary": found.summary}, plain=found.summary)


def _read_picture(request: ChatRequest, reader: Callable[[], TextReader]) -> Reply:
    reading = reader().read(request.last_user_message.picture_url or "")
    fields = {"caption": reading.caption, "text": reading.text}
    return Reply(model=ai_vision.MODEL, fields=fields, plain=json.dumps(fields, ensure_ascii=False))


def _content(reply: Reply, wanted: ResponseFormat) -> str:
    if wanted.type == "text":
        return reply.plain
    schema = wanted.json_schema.json_schema if wanted.json_schema else {}
    return json.dumps(filled(schema, reply.fields), ensure_ascii=False)


def filled(schema: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """An object with the schema's properties: what we know by its name, the rest empty of its type.

    Without properties (JSON mode, or a schema that allows anything): all we know.
    """
    properties: Mapping[str, Any] = schema.get("properties", {})
    if not properties:
        return dict(fields)
    return {name: fields.get(name, _empty(properties[name])) for name in properties}


def _empty(schema: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a JSON value
    if schema.get("enum"):
        return schema["enum"][0]
    kind = schema.get("type", "string")
    return EMPTY_OF_TYPE.get(kind if isinstance(kind, str) else kind[0], "")


def _completion(model: str, content: str, prompt_tokens: int, completion_tokens: int) -> dict[str, Any]:
    message = {"role": "assistant", "content": content, "refusal": None}
    return {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
        "usage": {
            "prompt_tokens": prompt_tokens,
            "completion_tokens": completion_tokens,
            "total_tokens": prompt_tokens + completion_tokens,
        },
    }

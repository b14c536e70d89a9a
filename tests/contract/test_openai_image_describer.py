import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from shared.ai.capabilities import Endpoint, Usage
from shared.ai.openai_image_describer import OpenAiImageDescriber
from shared.errors import VendorDown, VendorRefused
from tests.fakes.vendor_server import Answer, VendorServer, vendor_server

PICTURE = b"\xff\xd8\xff picture"


@pytest.fixture
def openai() -> Iterator[VendorServer]:
    with vendor_server() as server:
        yield server


def describer(openai: VendorServer, timeout_seconds: float = 2) -> OpenAiImageDescriber:
    endpoint = Endpoint(provider="openai", base_url=f"{openai.url}/v1", model="gpt-4o-mini", api_key="sk-invented")
    return OpenAiImageDescriber(endpoint, timeout_seconds=timeout_seconds)


def completion(content: Any, **message: Any) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "choices": [
            {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content} | message}
        ],
        "usage": {
            "prompt_tokens": 1_000,
            "completion_tokens": 40,
            "total_tokens": 1_040,
            "prompt_tokens_details": {"cached_tokens": 256, "audio_tokens": 0},
        },
    }


def seen(caption: str = "A whiteboard.", text: str = "Ship Friday") -> str:
    return json.dumps({"caption": caption, "text": text})


def test_a_picture_gets_a_caption_and_the_text_in_it(openai: VendorServer) -> None:
    openai.answer_with(Answer.of_json(completion(seen())))
    description = describer(openai).describe(PICTURE, content_type="image/jpeg", language="en")
    assert (description.caption, description.text) == ("A whiteboard.", "Ship Friday")
    assert description.usage == Usage(
        provider="openai",
        model="gpt-4o-mini",
        operation="describe_image",
        tokens=1_040,
        input_tokens=1_000,
        cached_input_tokens=256,
        output_tokens=40,
    )


def test_the_picture_travels_inside_the_request_and_the_answer_is_held_to_a_schema(openai: VendorServer) -> None:
    openai.answer_with(Answer.of_json(completion(seen())))
    describer(openai).describe(PICTURE, content_type="image/jpeg", language="pt-BR")
    [request] = openai.received
    body = request.json()
    assert request.path == "/v1/chat/completions"
    assert body["messages"][1]["content"][0]["image_url"]["url"] == (
        "data:image/jpeg;base64," + base64.b64encode(PICTURE).decode()
    )
    assert "pt-BR" in body["messages"][0]["content"]
    assert body["response_format"]["json_schema"]["strict"] is True


def test_a_model_that_will_not_look_refuses(openai: VendorServer) -> None:
    openai.answer_with(Answer.of_json(completion(None, refusal="I can't help with that.")))
    with pytest.raises(VendorRefused):
        describer(openai).describe(PICTURE, content_type="image/jpeg", language="en")


def test_long_and_garbled_text_is_cut_and_cleaned(openai: VendorServer) -> None:
    openai.answer_with(Answer.of_json(completion(seen("A\u0000 door.", "x" * 30_000))))
    description = describer(openai).describe(PICTURE, content_type="image/jpeg", language="en")
    assert description.caption == "A door."
    assert len(description.text) == 20_000


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body=b"<html>it works</html>", headers={"Content-Type": "text/html"}),
        Answer.of_json({"choices": []}),
        Answer.of_json(completion("A whiteboard.")),
        Answer.of_json(completion("   ")),
        Answer.of_json(completion(None)),
        Answer.of_json(completion(seen()[:-5])),
        Answer.of_json(completion(json.dumps({"caption": "A whiteboard."}))),
        Answer.of_json(completion(json.dumps({"caption": ["A whiteboard."], "text": ""}))),
        Answer.of_json(completion(seen(text="x" * 10_000_000))),
    ],
)
def test_an_answer_of_another_shape_is_no_answer(openai: VendorServer, answer: Answer) -> None:
    openai.answer_with(answer)
    with pytest.raises(VendorDown) as failure:
        describer(openai).describe(PICTURE, content_type="image/jpeg", language="en")
    assert failure.value.exact_code == "provider_invalid"


@pytest.mark.parametrize(
    "answer",
    [Answer(status=500), Answer(status=401, body=b"{}"), Answer(hangs=True), Answer(body=b"{}" * 50, sent_bytes=9)],
)
def test_a_provider_in_trouble_is_down(openai: VendorServer, answer: Answer) -> None:
    openai.answer_with(answer)
    with pytest.raises(VendorDown) as failure:
        describer(openai, timeout_seconds=0.5).describe(PICTURE, content_type="image/jpeg", language="en")
    assert failure.value.exact_code == "provider_unavailable"
    assert len(openai.received) == 1

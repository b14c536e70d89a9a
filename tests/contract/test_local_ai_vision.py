"""Pictures read by the local AI server, asked for with OpenAI's SDK."""

import base64
import io
import json
from typing import Any

import pytest
from openai import BadRequestError
from openai.types.chat import ChatCompletion
from openai.types.chat.completion_create_params import ResponseFormat
from PIL import Image, ImageDraw, ImageFont

from dev.samples.make_samples import PICTURE_LINES
from tests.fixtures.local_ai import SAMPLES, LocalAi

SCHEMA: ResponseFormat = {
    "type": "json_schema",
    "json_schema": {
        "name": "picture",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {"caption": {"type": "string"}, "text": {"type": "string"}, "tags": {"type": "array"}},
        },
    },
}


def ask(server: LocalAi, url: str, **options: Any) -> ChatCompletion:
    content: Any = [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": url}}]
    return server.openai.chat.completions.create(
        model="gpt-4.1-mini", messages=[{"role": "user", "content": content}], **options
    )


def read(completion: ChatCompletion) -> dict[str, Any]:
    return json.loads(completion.choices[0].message.content or "")


def data_url(data: bytes, content_type: str = "image/png") -> str:
    return f"data:{content_type};base64,{base64.b64encode(data).decode()}"


def encoded(picture: Image.Image, kind: str, **options: Any) -> str:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return data_url(file.getvalue(), f"image/{kind.lower()}")


def test_every_line_of_the_sample_picture_is_read_exactly(local_ai: LocalAi) -> None:
    completion = ask(local_ai, data_url((SAMPLES / "picture.png").read_bytes()))
    assert read(completion) == {
        "caption": f"Picture (900 x 640) with text: {PICTURE_LINES[0]}",
        "text": "\n".join(PICTURE_LINES),
    }
    assert completion.model == "rapidocr"
    assert completion.usage is not None
    assert completion.usage.completion_tokens > 30


def test_a_schema_is_filled_by_the_names_of_its_properties(local_ai: LocalAi) -> None:
    picture = Image.new("RGB", (320, 200), "white")
    found = read(ask(local_ai, encoded(picture, "PNG"), response_format=SCHEMA))
    assert found == {"caption": "Picture (320 x 200) without readable text", "text": "", "tags": []}


def test_a_phones_sideways_jpeg_is_turned_before_it_is_read(local_ai: LocalAi) -> None:
    upright = Image.new("RGB", (600, 200), "white")
    ImageDraw.Draw(upright).text((30, 70), "Garage door code", fill="black", font=ImageFont.load_default(size=48))
    exif = Image.Exif()
    exif[0x0112] = 6  # "turn 90 degrees clockwise to see it upright"
    found = read(ask(local_ai, encoded(upright.rotate(90, expand=True), "JPEG", exif=exif)))
    assert found["text"] == "Garage door code"
    assert found["caption"].startswith("Picture (600 x 200)")


@pytest.mark.parametrize("size", [(1, 1), (3_000, 2), (2, 3_000), (10_000, 90), (20, 1_999), (20, 20), (2_000, 25)])
def test_a_picture_of_an_odd_shape_has_no_text(local_ai: LocalAi, size: tuple[int, int]) -> None:
    assert read(ask(local_ai, encoded(Image.new("L", size), "PNG")))["text"] == ""


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/picture.png",
        "http://127.0.0.1/picture.png",
        "file:///etc/hostname",
        "data:image/png,plain",
        "data:image/png;base64,!!!",
        data_url(b"no picture"),
        data_url((SAMPLES / "picture.png").read_bytes()[:2_000]),
    ],
)
def test_what_is_no_picture_is_refused(local_ai: LocalAi, url: str) -> None:
    with pytest.raises(BadRequestError) as refusal:
        ask(local_ai, url)
    assert refusal.value.code == "invalid_image"


def test_a_small_file_that_would_unpack_to_a_huge_picture_is_refused(local_ai: LocalAi) -> None:
    with pytest.raises(BadRequestError, match="50 million pixels"):
        ask(local_ai, encoded(Image.new("1", (10_000, 6_000)), "PNG"))

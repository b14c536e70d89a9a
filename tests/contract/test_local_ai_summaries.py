"""Summaries of the local AI server, asked for with OpenAI's SDK as DeepSeek is."""

import json
from typing import Any

import httpx
import pytest
from openai import BadRequestError
from openai.types.chat import ChatCompletion

from tests.fixtures.local_ai import LocalAi, spoken_lines

NOTES = " ".join(line.text for line in spoken_lines())


def ask(server: LocalAi, notes: str = NOTES, **options: Any) -> ChatCompletion:
    return server.deepseek.chat.completions.create(
        model="deepseek-chat",
        messages=[
            {"role": "system", "content": "Sum up."},
            {"role": "user", "content": f"<notes>\n{notes}\n</notes>"},
        ],
        **options,
    )


def content(completion: ChatCompletion) -> str:
    return completion.choices[0].message.content or ""


def test_json_mode_gives_a_title_and_a_summary(local_ai: LocalAi) -> None:
    completion = ask(local_ai, response_format={"type": "json_object"})
    found = json.loads(content(completion))
    assert set(found) == {"title", "summary"}
    assert 1 <= len(found["title"].split()) <= 8
    assert found["title"][-1].isalnum()
    assert completion.model == "extractive-mmr"
    assert completion.choices[0].finish_reason == "stop"


def test_the_summary_is_three_sentences_of_the_notes_in_their_order(local_ai: LocalAi) -> None:
    summary = content(ask(local_ai))
    kept = [line.text for line in spoken_lines() if line.text in summary]
    assert len(kept) == 3
    assert summary == " ".join(kept)


def test_a_schema_is_filled_by_the_names_of_its_properties(local_ai: LocalAi) -> None:
    properties = {"title": {"type": "string"}, "summary": {"type": "string"}, "mood": {"type": "string"}}
    schema = {"name": "s", "strict": True, "schema": {"type": "object", "properties": properties}}
    found = json.loads(content(ask(local_ai, response_format={"type": "json_schema", "json_schema": schema})))
    assert set(found) == {"title", "summary", "mood"}
    assert found["title"]
    assert found["mood"] == ""


def test_tokens_are_counted(local_ai: LocalAi) -> None:
    short, long = (ask(local_ai, notes).usage for notes in ("Buy milk.", "Buy milk. " * 300))
    assert short is not None
    assert long is not None
    assert short.prompt_tokens < 30
    assert long.prompt_tokens > 900
    assert long.total_tokens == long.prompt_tokens + long.completion_tokens


def test_empty_notes_have_an_empty_summary(local_ai: LocalAi) -> None:
    found = json.loads(content(ask(local_ai, "", response_format={"type": "json_object"})))
    assert found == {"title": "", "summary": ""}


def test_a_conversation_in_which_no_user_speaks_is_refused(local_ai: LocalAi) -> None:
    with pytest.raises(BadRequestError):
        local_ai.openai.chat.completions.create(model="any", messages=[{"role": "system", "content": "Sum up."}])


def test_a_stream_is_refused_instead_of_pretended(local_ai: LocalAi) -> None:
    with pytest.raises(BadRequestError) as refusal:
        ask(local_ai, stream=True)
    assert refusal.value.param == "stream"


@pytest.mark.parametrize("prefix", ["", "/v1", "/openai/v1"])
def test_every_route_is_there_with_each_vendors_prefix(local_ai: LocalAi, prefix: str) -> None:
    base = local_ai.address + prefix
    served = {entry["id"] for entry in httpx.get(f"{base}/models").json()["data"]}
    assert served == {"all-MiniLM-L6-v2", "pocketsphinx-en-us", "rapidocr", "extractive-mmr"}
    for path in ("embeddings", "chat/completions", "audio/transcriptions"):
        assert httpx.post(f"{base}/{path}").status_code == 400


def test_an_unknown_path_is_answered_in_openais_error_shape(local_ai: LocalAi) -> None:
    answer = httpx.get(f"{local_ai.address}/v1/nothing")
    assert answer.status_code == 404
    assert set(answer.json()["error"]) == {"message", "type", "param", "code"}

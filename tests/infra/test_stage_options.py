"""What may be said about a stage: it becomes a typed value, or a sentence that says what to do."""

import re

import pytest

from infra_cdk.environments import (
    AuroraDatabase,
    ExternalDatabase,
    Front,
    OtherStore,
    environment_of,
)
from infra_cdk.options import WrongOption
from infra_cdk.stage_options import OPTIONS
from tests.architecture.source import ROOT

CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"
WRONG = {
    "no such stage": ({"stage": "live"}, r"stage=live: there are dev, staging, prod"),
    "no such option": ({"databse": "aurora"}, r"There is no option databse; there are .*db, domain"),
    "no such choice": ({"db": "mysql"}, r"db=mysql: it must be one of external, aurora"),
    "no number": ({"max_connections": "many"}, r"max_connections=many: it must be a whole number from 10 to 100000"),
    "a number out of range": ({"undelete_days": "31"}, r"undelete_days=31: it must be a whole number from 0 to 30"),
    "a size between two": ({"db": "aurora", "max_acu": "1.3"}, r"max_acu=1.3: it must be a number .* in steps of 0.5"),
    "neither yes nor no": ({"snapstart": "maybe"}, r"snapstart=maybe: it must be yes or no"),
    "no origin": ({"origins": "app.example.com"}, r"origins=app.example.com: it must be origins such as https://"),
    "no project": ({"firebase": "My Project"}, r"firebase=My Project: it must be a project id of Firebase"),
    "http to a store": (
        {"store": "r2", "store_url": "http://store.example.com", "store_bucket": "notes"},
        r"store_url=.* it must be an https:// URL",
    ),
    "two at once": ({"db": "mysql", "log_days": "6"}, r"(?s)db=mysql.*log_days=6: it must be one of 1, 3, 5, 7"),
    "a store without an address": ({"store": "r2"}, r"store=r2 wants to know as well: store_url, store_bucket"),
    "an address without a store": ({"store_url": "https://x.example"}, r"store_url means something .* store=r2 only"),
    "Aurora's size without Aurora": ({"max_acu": "8"}, r"max_acu means something together with db=aurora only"),
    "connections of Aurora": ({"db": "aurora", "max_connections": "50"}, r"max_connections .* db=external only"),
    "a smallest above the largest": ({"db": "aurora", "min_acu": "8"}, r"min_acu=8 is more than max_acu=4"),
    "a domain without a certificate": ({"domain": "api.example.com"}, r"domain=api.example.com wants .* certificate"),
    "CloudFront without an origin": (
        {"cloudfront": "yes", "domain": "api.example.com", "certificate": CERTIFICATE},
        r"cloudfront=yes wants to know as well: origin_domain, origin_certificate",
    ),
    "CloudFront's certificate elsewhere": (
        {
            "cloudfront": "yes",
            "domain": "api.example.com",
            "certificate": CERTIFICATE,
            "origin_domain": "o.example.com",
            "origin_certificate": CERTIFICATE,
        },
        r"certificate must lie in us-east-1",
    ),
    "stages that are none": ({"stages": "dev"}, r"context.stages must be an object"),
    "a stage of cdk.json that is none": ({"stages": {"test": {}}}, r"context.stages names test"),
    "a stage of cdk.json without options": ({"stages": {"dev": "aurora"}}, r"context.stages.dev must be an object"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_is_told_in_a_sentence(name: str) -> None:
    said, sentence = WRONG[name]
    with pytest.raises(WrongOption, match=sentence):
        environment_of(said)


def test_nothing_said_is_a_development_stage_whose_api_lets_nobody_in() -> None:
    found = environment_of({})
    assert (found.stage, found.firebase_project, found.origins) == ("dev", "unset", ("*",))
    assert not any((found.is_protected, found.has_own_key, found.is_traced))


def test_a_command_line_overrules_cdk_json_which_overrules_the_defaults() -> None:
    stages = {"prod": {"firebase": "notes-of-many", "log_days": 30, "own_key": False, "SPEECH_MODEL": "a"}}
    found = environment_of({"stage": "prod", "stages": stages, "log_days": "60", "CHAT_MODEL": "b"})
    assert (found.firebase_project, found.log_days, found.has_own_key) == ("notes-of-many", 60, False)
    assert found.variables == {"STRIPE_MODE": "live", "SPEECH_MODEL": "a", "CHAT_MODEL": "b"}
    assert found.is_protected


def test_what_is_said_of_another_stage_is_not_said_of_this() -> None:
    assert environment_of({"stage": "dev", "stages": {"prod": {"db": "aurora"}}}).database == ExternalDatabase()


def test_words_of_cdk_itself_are_no_options() -> None:
    cdks = {"aws:cdk:enable-asset-metadata": True, "@aws-cdk/core:checkSecretUsage": True}
    assert environment_of(cdks) == environment_of({})


def test_parts_are_typed() -> None:
    aurora = environment_of({"db": "aurora", "max_acu": 8, "min_acu": 0.5, "proxy": True, "nat": "gateway"})
    assert aurora.database == AuroraDatabase(min_acu=0.5, max_acu=8, has_proxy=True, way_out="gateway")
    said = {"store": "r2", "store_url": "https://a.example", "store_bucket": "notes"}
    assert environment_of(said).other_store == OtherStore(endpoint_url="https://a.example", bucket="notes")
    named = environment_of({"domain": "api.example.com", "certificate": CERTIFICATE})
    assert named.front == Front(domain="api.example.com", certificate=CERTIFICATE)
    assert environment_of({"origins": ["https://a.example", "https://b.example"]}).origins == (
        "https://a.example",
        "https://b.example",
    )


def test_second_choices_are_asked_where_that_is_said() -> None:
    assert environment_of({}).variables == {}
    named = environment_of({"fallbacks": "yes", "CHAT_FALLBACK_MODEL": "another"}).variables
    assert named["SPEECH_FALLBACK_PROVIDER"] == "openai"
    assert named["CHAT_FALLBACK_MODEL"] == "another"


def test_the_how_to_lists_exactly_these_options() -> None:
    text = (ROOT / "docs" / "how-to" / "deploy.md").read_text()
    section = text.partition("## What may be said about a stage")[2].partition("\n## ")[0]
    told = re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE)
    assert told == list(OPTIONS)

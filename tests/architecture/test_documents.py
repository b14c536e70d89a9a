"""The documents name what exists, and nothing that does not."""

import re
from pathlib import Path

import pytest

from functions.catalogue import FUNCTIONS
from shared.payments.notice import APPLIED_TYPES, PINNED_API_VERSION
from tests.architecture.measurements import measured_in_code
from tests.architecture.source import ROOT, project_files, text_of

DOCS = ROOT / "docs"
LINK = re.compile(r"\[[^\]]+\]\((?!https?:|#|mailto:)([^)#\s]+)(#[^)]*)?\)")
MENTION = re.compile(r"(?<![\w/.:-])docs/[\w./-]*\w")
ROUTES = [(route.method, route.path) for function in FUNCTIONS for route in function.routes]
DOCUMENTED_ROUTE = re.compile(r"^### (GET|POST|PUT|PATCH|DELETE) (/\S+)$", flags=re.MULTILINE)
ADR_SECTIONS = ["## Context", "## Decision", "## Consequences"]


def _markdown() -> list[Path]:
    return [path for path in project_files() if path.suffix == ".md"]


def _glossary_words() -> set[str]:
    text = (DOCS / "glossary.md").read_text()
    words = re.findall(r"\*\*([^*]+)\*\*", text) + re.findall(r"`(\w+)`", text)
    return {word.strip() for entry in words for word in entry.lower().split(",")}


def _tables() -> set[str]:
    sql = "\n".join(path.read_text() for path in ROOT.glob("shared/db/migrations/sql/*.up.sql"))
    return set(re.findall(r"^CREATE (?:TABLE|VIEW) (\w+)", sql, flags=re.MULTILINE))


def test_every_room_stands_in_the_glossary() -> None:
    rooms = {path.parent.name for path in ROOT.glob("shared/*/__init__.py")}
    assert rooms - _glossary_words() == set()


def test_every_table_stands_in_the_glossary() -> None:
    tables = _tables()
    assert {"users", "outbox", "embeddings"} <= tables
    assert tables - _glossary_words() == set()


def test_the_api_document_names_exactly_the_routes_of_the_catalogue() -> None:
    assert sorted(DOCUMENTED_ROUTE.findall((DOCS / "api.md").read_text())) == sorted(ROUTES)


def test_whoever_makes_the_webhook_endpoint_is_told_its_events_and_its_version() -> None:
    text = (DOCS / "how-to" / "take-payments.md").read_text()
    assert set(re.findall(r"`((?:charge|checkout|refund)\.[\w.]+)`", text)) == APPLIED_TYPES
    assert f"**{PINNED_API_VERSION}**" in text
    assert PINNED_API_VERSION in next((DOCS / "adr").glob("0017-*.md")).read_text()


def test_the_metrics_of_the_architecture_are_those_the_code_measures_with_the_same_dimensions() -> None:
    section = (DOCS / "architecture.md").read_text().partition("## What is measured")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]*) \| ([^|]*)\|", section, flags=re.MULTILINE)
    told = [
        (name, frozenset(re.findall(r"`(\w+)`", dimensions)))
        for names, dimensions in rows
        for name in re.findall(r"`(\w+)`", names)
    ]
    assert ("ledger_differences", frozenset[str]()) in told
    assert measured_in_code() == set(told)
    assert len(told) == len(set(told))


@pytest.mark.parametrize("path", _markdown(), ids=str)
def test_every_link_leads_to_a_file(path: Path) -> None:
    text = text_of(path) or ""
    broken = [target for target, _ in LINK.findall(text) if not (ROOT / path.parent / target).exists()]
    assert broken == []


def test_every_document_that_code_points_to_exists() -> None:
    pointing = [path for path in project_files() if path.suffix in {".py", ".sql", ".toml", ".md"}]
    lost = {
        f"{path}: {mention}"
        for path in pointing
        for mention in MENTION.findall(text_of(path) or "")
        if not (ROOT / mention).exists() and not list(ROOT.glob(f"{mention}-*.md"))
    }
    assert lost == set()


def test_decisions_are_numbered_without_gaps_and_have_the_three_parts() -> None:
    decisions = sorted((DOCS / "adr").glob("*.md"))
    assert [path.name[:4] for path in decisions] == [f"{number:04}" for number in range(1, len(decisions) + 1)]
    for path in decisions:
        assert re.findall(r"^## \w+$", path.read_text(), flags=re.MULTILINE) == ADR_SECTIONS, path.name


@pytest.mark.parametrize("path", [Path("README.md"), Path("CONTRIBUTING.md")], ids=str)
def test_every_command_a_document_names_is_in_the_makefile(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)\b", (ROOT / path).read_text())) <= targets


def test_the_readme_names_every_command() -> None:
    targets = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    named = set(re.findall(r"`make ([a-z]+)", (ROOT / "README.md").read_text()))
    assert targets - named == set()

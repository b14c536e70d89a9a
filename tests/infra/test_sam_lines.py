"""What docs/how-to/sam.md tells to type is there: the template, the function in it, its code, the event."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from functions.catalogue import FUNCTIONS
from infra_cdk.checks.assembly import Assembly
from tests.architecture.source import ROOT

LINE = re.compile(r"^sam local invoke -t build/cdk\.out/(\S+) (\w+) -e (\S+)$", re.MULTILINE)
LINES = LINE.findall((ROOT / "docs" / "how-to" / "sam.md").read_text())


@pytest.fixture
def templates(made: Mapping[str, Assembly]) -> Path:
    """The folder with the templates of a stage, and the code of each family, which is a word here."""
    return made["plain"].folder


def resources(template: Path) -> Mapping[str, Any]:
    return json.loads(template.read_text())["Resources"]


def test_every_line_names_a_function_of_the_template_with_code_beside_it(templates: Path) -> None:
    for template, logical_id, _ in LINES:
        resource = resources(templates / template)[logical_id]
        assert resource["Type"] == "AWS::Lambda::Function"
        assert (templates / resource["Metadata"]["aws:asset:path"]).is_dir()
        assert resource["Metadata"]["aws:asset:property"] == "Code"


def test_every_line_hands_over_an_event_of_that_function_and_every_function_has_a_line(templates: Path) -> None:
    handed = {
        (resources(templates / template)[logical_id]["Properties"]["Handler"], str(Path(event).parent))
        for template, logical_id, event in LINES
    }
    known = {(function.handler, f"events/{function.handler.split('.')[1]}/{function.name}") for function in FUNCTIONS}
    assert handed == known


@pytest.mark.parametrize("event", sorted({event for _, _, event in LINES}))
def test_every_event_of_a_line_is_a_file(event: str) -> None:
    assert isinstance(json.loads((ROOT / event).read_text()), dict)

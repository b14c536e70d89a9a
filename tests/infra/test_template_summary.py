"""What is deployed changes only where somebody wrote down that it does."""

from collections.abc import Mapping

from infra_cdk.checks.assembly import Assembly
from tests.fixtures.template_summary import KEPT, summary


def test_the_summary_of_the_templates_is_as_it_was_written_down(made: Mapping[str, Assembly]) -> None:
    assert summary(made) == KEPT.read_text(), "Read what changed, then write it down: make templates"

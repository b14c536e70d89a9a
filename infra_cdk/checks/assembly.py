"""A synthesised stage as it lies in a folder: its templates, what cdk-nag found, and what was accepted."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra_cdk.checks.templates import Templates, read_templates


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a rule found at a resource. If it was accepted, `reason` says why, and `accepted_at` where."""

    rule: str
    resource: str
    says: str
    accepted_at: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Assembly:
    """The templates of a stage, by stack, in a folder of CDK's."""

    folder: Path
    templates: Templates
    findings: tuple[Finding, ...]
    accepted: tuple[Finding, ...]


def read_assembly(folder: Path) -> Assembly:
    """What was synthesised there."""
    reports = json.loads((folder / "validation-report.json").read_text(encoding="utf-8"))["pluginReports"]
    return Assembly(
        folder=folder,
        templates=read_templates(folder),
        findings=tuple(_findings(reports, "violations")),
        accepted=tuple(_findings(reports, "suppressedViolations")),
    )


def _findings(reports: list[dict[str, Any]], kind: str) -> Iterator[Finding]:
    for report in reports:
        for found in report.get(kind, []):
            for construct in found["violatingConstructs"]:
                yield Finding(
                    rule=found.get("acknowledgedId", found["ruleName"]),
                    resource=construct.get("constructPath", "?"),
                    says=found["description"],
                    accepted_at=found.get("acknowledgedAt", ""),
                    reason=found.get("reason", ""),
                )

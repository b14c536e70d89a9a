"""Makes the templates of a stage and reads them, with what cdk-nag found and what was accepted."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra_cdk.app import make_app
from infra_cdk.checks.templates import Templates, read_templates
from infra_cdk.environments import Environment


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


def synthesise(environment: Environment, bundles: Mapping[str, Path], folder: Path) -> Assembly:
    """Write the templates into the folder, and tell what was found.

    Raises:
        BundleMissing: a family has no folder.
    """
    app, _ = make_app(environment, bundles, outdir=folder)
    try:
        app.synth()
    except RuntimeError as error:
        if "Validation failed" not in str(error):
            raise
    return read_assembly(folder)


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

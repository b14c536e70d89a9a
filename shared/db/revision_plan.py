"""Which revisions of the schema may run when: decided from the chain, from where the database is, and from the phase.

A revision either expands the schema, which old code does not notice, or contracts it: takes away what no code uses any
more (docs/adr/0045).
"""

from collections.abc import Sequence
from typing import Literal

from shared.errors import Conflict
from shared.values import frozen

Phase = Literal["expand", "contract", "all"]
"""What a deploy runs before new code takes traffic; what it runs afterwards; both at once, while nobody is at work."""


@frozen
class Revision:
    """One step of the schema, and the release that brought it.

    `works_with` is, of a step that contracts, the oldest release whose code works after it; None of one that expands.
    """

    id: str
    phase: Literal["expand", "contract"]
    release: str
    works_with: str | None = None


@frozen
class Plan:
    """Which steps to run now, in their order, and which must wait for the other phase."""

    steps: Sequence[Revision]
    pending: Sequence[Revision]


def plan_steps(chain: Sequence[Revision], at: str | None, phase: Phase) -> Plan:
    """What to run of the chain, oldest first, in a database that is at a revision of it; None is an empty one.

    Raises:
        Conflict: a step that contracts lies before one that expands, or the other way round (`release_skipped`).
    """
    ids = [revision.id for revision in chain]
    behind = chain if at is None else chain[ids.index(at) + 1 :]
    if phase == "all" or at is None:  # no older code runs on an empty database
        return Plan(steps=behind, pending=())
    return _expanding(behind) if phase == "expand" else _contracting(behind)


def _expanding(behind: Sequence[Revision]) -> Plan:
    many = next((number for number, step in enumerate(behind) if step.phase == "contract"), len(behind))
    late = next((step for step in behind[many:] if step.phase == "expand"), None)
    if late is not None:
        taking = behind[many]
        raise Conflict(
            f"Revision {late.id} lies behind {taking.id}, by which release {taking.release} takes away what older code "
            f"may still use. Deploy release {taking.release} first; or, while nobody is at work, "
            'invoke this function with {"phase": "all"}.',
            code="release_skipped",
        )
    return Plan(steps=behind[:many], pending=behind[many:])


def _contracting(behind: Sequence[Revision]) -> Plan:
    late = next((step for step in behind if step.phase == "expand"), None)
    if late is not None:
        raise Conflict(
            f"Revision {late.id} expands the schema and has not run, so the code that needs it is not deployed. "
            'Invoke this function with {"phase": "expand"} first, and deploy.',
            code="release_skipped",
        )
    return Plan(steps=behind, pending=())


def may_run(newer: Sequence[Revision], release: str) -> bool:
    """Whether code of a release works on a schema that is some steps newer than it knows."""
    return all(step.works_with is None or _order(step.works_with) <= _order(release) for step in newer)


def _order(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in release.split("."))

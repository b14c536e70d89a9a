"""The revisions as their files describe them."""

from collections.abc import Sequence

from alembic.config import Config
from alembic.script import Script, ScriptDirectory

from shared.db.revision_plan import Revision


def read_chain(config: Config) -> Sequence[Revision]:
    """Every revision, oldest first. Alembic's CommandError when they do not make one line."""
    scripts = ScriptDirectory.from_config(config)
    head = scripts.get_current_head()
    return [] if head is None else [described(script) for script in reversed(list(scripts.walk_revisions(head=head)))]


def described(script: Script) -> Revision:
    """What a revision's file says of it: PHASE, RELEASE and, where it contracts, WORKS_WITH."""
    module = script.module
    return Revision(
        id=script.revision, phase=module.PHASE, release=module.RELEASE, works_with=getattr(module, "WORKS_WITH", None)
    )

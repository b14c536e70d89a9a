"""What a copy of the process must not share with other copies: SnapStart restores many from one state (docs/adr/0044).

https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks.html
"""

import random

from snapshot_restore_py import register_after_restore, register_before_snapshot

from shared.ids import draw_afresh
from shared.values import finish_all


def prepare_for_snapshot() -> None:
    """Have the runtime client finish every value before the snapshot is taken, and draw afresh in each copy."""
    register_before_snapshot(finish_all)
    register_after_restore(draw_afresh)
    register_after_restore(random.seed)

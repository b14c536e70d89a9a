"""Answers a question that is only a time: with what was captured then, or speaks of then."""

from shared.db.connection import Transaction
from shared.ids import UserId
from shared.search.asked import MOST_RESULTS, Answer, Asked
from shared.search.newest_repository import newest_chunks
from shared.search.plan_search import Plan
from shared.search.ranking import in_this_order
from shared.search.scope_repository import plan_each_time
from shared.search.show_results import show_results


def list_newest(tx: Transaction, user_id: UserId, asked: Asked, plan: Plan) -> Answer:
    """A page of what is of the plan's period, what was captured last first.

    "Yesterday" means nothing that a note could be near to, and no word is left to look for: so no embedder is asked,
    there are no similarities, and the answer is whole while the embedder is away.
    """
    plan_each_time(tx)
    ranked = in_this_order(newest_chunks(tx, user_id, plan.space, scope=plan.scope, limit=MOST_RESULTS))
    page = ranked[asked.skip : asked.skip + asked.limit]
    return Answer(
        results=show_results(tx, user_id, plan.space, ranked=page, terms=(), query=None),
        total=len(ranked),
        is_degraded=False,
        period=plan.period,
    )

"""Has the payment provider forget a user: the customers we know of, and those it made without our hearing of them."""

from collections.abc import Sequence

from shared.db.connection import Database
from shared.ids import UserId
from shared.leaving import repository
from shared.leaving.model import Deletion
from shared.payments.customers import Customers
from shared.telemetry import log


def forget_customers(db: Database, customers: Customers, deletion: Deletion) -> bool:
    """True when the provider knows them no more; False while it may have one that it cannot find yet.

    Raises VendorDown and VendorRefused. Open pages are closed first, and a search that fails keeps nobody back whom we
    know. Whoever is found is written down before they go: so they are certified, and forgotten by whoever goes on.
    """
    for session_id in deletion.checkout_ids:
        customers.expire_checkout(session_id)
    for customer_id in deletion.customer_ids:
        customers.forget_customer(customer_id)
    found = _unheard_of(customers, deletion)
    if found:
        _note_found(db, deletion.account_id, found)
    for customer_id in found:
        customers.forget_customer(customer_id)
    return bool(found) or deletion.had_customer or not deletion.is_customer_hidden


def _unheard_of(customers: Customers, deletion: Deletion) -> Sequence[str]:
    if not deletion.is_customer_sought:
        return []
    return sorted(set(customers.customers_of(str(deletion.account_id))) - set(deletion.customer_ids))


def _note_found(db: Database, account_id: UserId, found: Sequence[str]) -> None:
    log.warning("customers found whom we had not heard of", extra={"account_id": str(account_id), "count": len(found)})
    with db.transaction(account_id) as tx:
        repository.note_customers(tx, account_id, found)

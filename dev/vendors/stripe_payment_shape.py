"""PaymentIntents, charges, refunds and disputes as the API writes them."""

from typing import Any

from dev.vendors.stripe_model import (
    BANK_DEBIT,
    CARD,
    FAILURES,
    Charge,
    Dispute,
    PaymentIntent,
    Refund,
    failure_message,
)

_INTENT_NEVER_SET = (
    "allowed_payment_method_types", "amount_details", "application", "application_fee_amount", "canceled_at",
    "cancellation_reason", "customer_account", "description", "excluded_payment_method_types", "hooks",
    "managed_payments", "next_action", "on_behalf_of", "payment_details", "payment_method_configuration_details",
    "payment_record", "receipt_email", "review", "setup_future_usage", "shipping", "source", "statement_descriptor",
    "statement_descriptor_suffix", "transfer_data", "transfer_group",
)  # fmt: skip
_CHARGE_NEVER_SET = (
    "application", "application_fee", "application_fee_amount", "description", "failure_balance_transaction",
    "on_behalf_of", "receipt_email", "receipt_number", "review", "shipping", "source", "source_transfer",
    "statement_descriptor", "statement_descriptor_suffix", "transfer_data", "transfer_group",
)  # fmt: skip
_EVIDENCE = ("billing_address", "customer_email_address", "customer_name", "product_description", "receipt")
_METHODS: dict[str, dict[str, Any]] = {
    CARD: {"brand": "visa", "country": "US", "exp_month": 12, "exp_year": 2034, "funding": "credit", "last4": "4242"},
    BANK_DEBIT: {"account_type": "checking", "bank_name": "LOCAL TEST BANK", "last4": "6789"},
}


def method_id(payment_intent: str) -> str:
    """The payment method made for an intent: each has one of its own."""
    return f"pm_{payment_intent.removeprefix('pi_')}"


def intent_json(intent: PaymentIntent) -> dict[str, Any]:
    """A PaymentIntent."""
    is_paid = intent.status == "succeeded"
    return {
        **dict.fromkeys(_INTENT_NEVER_SET),
        "id": intent.id,
        "object": "payment_intent",
        "amount": intent.amount,
        "amount_capturable": 0,
        "amount_received": intent.amount if is_paid else 0,
        "automatic_payment_methods": None,
        "capture_method": "automatic_async",
        "client_secret": f"{intent.id}_secret_local",
        "confirmation_method": "automatic",
        "created": intent.created,
        "currency": intent.currency,
        "customer": intent.customer,
        "last_payment_error": _last_error(intent),
        "latest_charge": intent.latest_charge,
        "livemode": False,
        "metadata": dict(intent.metadata),
        "payment_method": None if intent.failure_code else method_id(intent.id),
        "payment_method_options": {},
        "payment_method_types": [CARD, BANK_DEBIT],
        "processing": None,
        "status": intent.status,
    }


def charge_json(charge: Charge) -> dict[str, Any]:
    """A charge. Its refunds are not in it: they come when `expand` asks for them."""
    is_paid = charge.status != "failed"
    return {
        **dict.fromkeys(_CHARGE_NEVER_SET),
        "id": charge.id,
        "object": "charge",
        "amount": charge.amount,
        "amount_captured": charge.amount if is_paid else 0,
        "amount_refunded": charge.amount_refunded,
        "balance_transaction": f"txn_{charge.id.removeprefix('ch_')}" if charge.status == "succeeded" else None,
        "billing_details": dict.fromkeys(("address", "email", "name", "phone", "tax_id")),
        "calculated_statement_descriptor": "SECOND BRAIN",
        "captured": is_paid,
        "created": charge.created,
        "currency": charge.currency,
        "customer": charge.customer,
        "disputed": charge.is_disputed,
        "failure_code": charge.failure_code,
        "failure_message": failure_message(charge.failure_code) if charge.failure_code else None,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(charge.metadata),
        "outcome": _outcome(charge),
        "paid": is_paid,
        "payment_intent": charge.payment_intent,
        "payment_method": method_id(charge.payment_intent),
        "payment_method_details": {charge.method: _METHODS[charge.method], "type": charge.method},
        "radar_options": {},
        "receipt_url": None,
        "refunded": charge.amount_refunded == charge.amount,
        "status": charge.status,
    }


def refund_json(refund: Refund) -> dict[str, Any]:
    """A refund; which charge and which payment it is of stands in it."""
    fields: dict[str, Any] = {
        "id": refund.id,
        "object": "refund",
        "amount": refund.amount,
        "balance_transaction": f"txn_{refund.id.removeprefix('re_')}",
        "charge": refund.charge,
        "created": refund.created,
        "currency": refund.currency,
        "metadata": dict(refund.metadata),
        "payment_intent": refund.payment_intent,
        "reason": refund.reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": refund.status,
        "transfer_reversal": None,
    }
    if refund.status == "pending":
        fields["pending_reason"] = "processing"
    if refund.failure_reason is not None:
        fields["failure_reason"] = refund.failure_reason
        fields["failure_balance_transaction"] = f"txn_f{refund.id.removeprefix('re_')}"
    return fields


def dispute_json(dispute: Dispute) -> dict[str, Any]:
    """A dispute, or an inquiry."""
    is_inquiry = dispute.status.startswith("warning_")
    return {
        "id": dispute.id,
        "object": "dispute",
        "amount": dispute.amount,
        "balance_transactions": [],
        "charge": dispute.charge,
        "created": dispute.created,
        "currency": dispute.currency,
        "enhanced_eligibility_types": [],
        "evidence": dict.fromkeys(_EVIDENCE),
        "evidence_details": {"due_by": None, "has_evidence": False, "past_due": False, "submission_count": 0},
        "is_charge_refundable": is_inquiry,
        "livemode": False,
        "metadata": {},
        "network_reason_code": "10.4",
        "payment_intent": dispute.payment_intent,
        "payment_method_details": {"card": {"brand": "visa", "case_type": "chargeback"}, "type": "card"},
        "reason": dispute.reason,
        "status": dispute.status,
    }


def _last_error(intent: PaymentIntent) -> dict[str, Any] | None:
    if intent.failure_code is None:
        return None
    kind, message, decline_code = FAILURES[intent.failure_code]
    error = {"code": intent.failure_code, "message": message, "type": kind, "charge": intent.latest_charge}
    return error if decline_code is None else {**error, "decline_code": decline_code}


def _outcome(charge: Charge) -> dict[str, Any]:
    if charge.status == "failed":
        declined = {"network_status": "declined_by_network", "reason": "generic_decline", "type": "issuer_declined"}
        return {**declined, "risk_level": "normal", "seller_message": "The bank did not return any further details."}
    approved = {"network_status": "approved_by_network", "reason": None, "type": "authorized"}
    return {**approved, "risk_level": "normal", "seller_message": "Payment complete."}

"""Customers and Checkout Sessions as the API writes them; what the local Stripe does not know is null, as at Stripe."""

from typing import Any

from dev.vendors.stripe_model import BANK_DEBIT, CARD, CheckoutSession, Customer

_NOT_TAXED = {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0}
_NEVER_SET = (
    "adaptive_pricing", "after_expiration", "allow_promotion_codes", "billing_address_collection", "branding_settings",
    "client_secret", "collected_information", "consent", "consent_collection", "currency_conversion",
    "customer_account", "integration_identifier", "invoice", "locale", "origin_context", "payment_link",
    "payment_method_configuration_details", "permissions", "recovered_from", "saved_payment_method_options",
    "setup_intent", "shipping_address_collection", "shipping_cost", "submit_type", "subscription", "wallet_options",
)  # fmt: skip
_ALWAYS_THE_SAME: dict[str, Any] = {
    **dict.fromkeys(_NEVER_SET),
    "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
    "custom_fields": [],
    "custom_text": dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")),
    "discounts": [],
    "invoice_creation": {"enabled": False, "invoice_data": None},
    "livemode": False,
    "mode": "payment",
    "object": "checkout.session",
    "payment_method_collection": "if_required",
    "payment_method_options": {},
    "payment_method_types": [CARD, BANK_DEBIT],
    "phone_number_collection": {"enabled": False},
    "shipping_options": [],
    "total_details": _NOT_TAXED,
    "ui_mode": "hosted_page",
}


def customer_json(customer: Customer) -> dict[str, Any]:
    """A customer; of a deleted one only that it is."""
    if customer.is_deleted:
        return {"id": customer.id, "object": "customer", "deleted": True}
    return {
        "id": customer.id,
        "object": "customer",
        "address": None,
        "balance": 0,
        "created": customer.created,
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": customer.email,
        "invoice_prefix": customer.id[-8:].upper(),
        "invoice_settings": dict.fromkeys(
            ("custom_fields", "default_payment_method", "footer", "rendering_options"),
        ),
        "livemode": False,
        "metadata": dict(customer.metadata),
        "name": customer.name,
        "next_invoice_sequence": 1,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }


def page_address(session: CheckoutSession, address: str) -> str:
    """Where the session's Checkout page is."""
    return f"{address}/c/pay/{session.id}"


def session_json(session: CheckoutSession, *, address: str, email: str | None = None) -> dict[str, Any]:
    """A Checkout Session; `address` is where the pages are at the moment, `email` the payer's."""
    return {
        **_ALWAYS_THE_SAME,
        "id": session.id,
        "amount_subtotal": session.amount_total,
        "amount_total": session.amount_total,
        "cancel_url": session.cancel_url,
        "client_reference_id": session.client_reference_id,
        "created": session.created,
        "currency": session.currency,
        "customer": session.customer,
        "customer_creation": None if session.customer else "if_required",
        "customer_details": _customer_details(session, email),
        "customer_email": session.customer_email,
        "expires_at": session.expires_at,
        "metadata": dict(session.metadata),
        "payment_intent": session.payment_intent,
        "payment_status": session.payment_status,
        "status": session.status,
        "success_url": session.success_url,
        "url": page_address(session, address) if session.status == "open" else None,
    }


def line_items_json(session: CheckoutSession) -> dict[str, Any]:
    """What is sold, as the list that `expand` asks for."""
    entries = [
        {
            "id": line.id,
            "object": "item",
            "amount_discount": 0,
            "amount_subtotal": line.unit_amount * line.quantity,
            "amount_tax": 0,
            "amount_total": line.unit_amount * line.quantity,
            "currency": session.currency,
            "description": line.name,
            "metadata": {},
            "price": {
                "id": f"price_{line.id.removeprefix('li_')}",
                "object": "price",
                "active": False,
                "currency": session.currency,
                "type": "one_time",
                "unit_amount": line.unit_amount,
            },
            "quantity": line.quantity,
        }
        for line in session.lines
    ]
    url = f"/v1/checkout/sessions/{session.id}/line_items"
    return {"object": "list", "data": entries, "has_more": False, "url": url}


def _customer_details(session: CheckoutSession, email: str | None) -> dict[str, Any] | None:
    known = email or session.customer_email
    if session.status != "complete" and known is None:
        return None
    nothing = ("address", "business_name", "individual_name", "name", "phone")
    return {**dict.fromkeys(nothing), "email": known, "tax_exempt": "none", "tax_ids": None}

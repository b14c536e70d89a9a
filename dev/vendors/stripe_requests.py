"""What the local Stripe's endpoints take, as far as it knows them; anything else it refuses by name, as Stripe does."""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from dev.vendors.stripe_errors import WrongRequest

_LONGEST_PAGE = 100
_MOST_METADATA = 50

Shape = TypeVar("Shape", bound=BaseModel)
Text = Annotated[str, Field(max_length=5_000)]
NotEmpty = Annotated[str, Field(min_length=1, max_length=5_000)]
WebAddress = Annotated[str, Field(pattern=r"^https?://\S+$", max_length=5_000)]
Metadata = Annotated[
    dict[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=500)]], Field(max_length=_MOST_METADATA)
]


def _off(wanted: bool) -> bool:  # noqa: FBT001 - pydantic's validators take the value alone
    if wanted:
        raise ValueError("this is not played here: it can only be false")
    return wanted


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Reading(_Shape):
    """GET of one object."""

    expand: tuple[str, ...] = ()


class CustomerCreation(Reading):
    """POST /v1/customers."""

    email: Text | None = None
    name: Text | None = None
    metadata: Metadata = {}


class ProductData(_Shape):
    """What is sold."""

    name: NotEmpty
    description: Text | None = None
    metadata: Metadata = {}


class PriceData(_Shape):
    """A price made for this session."""

    currency: Annotated[str, Field(pattern="^[A-Za-z]{3}$")]
    unit_amount: Annotated[int, Field(ge=1, le=99_999_999)]
    product_data: ProductData
    tax_behavior: Text | None = None


class LineItemCreation(_Shape):
    """One line. Prices kept at Stripe are not known here."""

    price_data: PriceData
    quantity: Annotated[int, Field(ge=1)]


class PaymentIntentData(_Shape):
    """What the payment carries along."""

    metadata: Metadata = {}
    description: Text | None = None
    statement_descriptor: Text | None = None
    statement_descriptor_suffix: Text | None = None
    receipt_email: Text | None = None


class AdaptivePricing(_Shape):
    """Prices in the payer's own currency: not played here, so it may only be switched off."""

    enabled: Annotated[bool, AfterValidator(_off)]


class SessionCreation(Reading):
    """POST /v1/checkout/sessions."""

    mode: Literal["payment"]
    line_items: Annotated[tuple[LineItemCreation, ...], Field(min_length=1, max_length=100)]
    success_url: WebAddress
    cancel_url: WebAddress | None = None
    client_reference_id: Annotated[str, Field(max_length=200)] | None = None
    customer: NotEmpty | None = None
    customer_email: NotEmpty | None = None
    metadata: Metadata = {}
    payment_intent_data: PaymentIntentData = PaymentIntentData()
    expires_at: int | None = None
    ui_mode: Literal["hosted_page"] = "hosted_page"
    adaptive_pricing: AdaptivePricing | None = None
    allow_promotion_codes: Annotated[bool, AfterValidator(_off)] = False
    payment_method_types: tuple[str, ...] = ()
    locale: Text | None = None
    submit_type: Text | None = None
    customer_creation: Text | None = None


class RefundCreation(Reading):
    """POST /v1/refunds."""

    payment_intent: NotEmpty | None = None
    charge: NotEmpty | None = None
    amount: Annotated[int, Field(ge=1)] | None = None
    reason: Literal["duplicate", "fraudulent", "requested_by_customer"] | None = None
    metadata: Metadata = {}


class Range(_Shape):
    """`created[gte]` and its kin."""

    gt: int | None = None
    gte: int | None = None
    lt: int | None = None
    lte: int | None = None

    def __contains__(self, moment: int) -> bool:
        """Whether a moment lies within."""
        return (
            (self.gt is None or moment > self.gt)
            and (self.gte is None or moment >= self.gte)
            and (self.lt is None or moment < self.lt)
            and (self.lte is None or moment <= self.lte)
        )


class Listing(Reading):
    """GET of a list: the newest first, page by page."""

    limit: Annotated[int, Field(ge=1, le=_LONGEST_PAGE)] = 10
    starting_after: NotEmpty | None = None
    created: Range | None = None
    payment_intent: NotEmpty | None = None
    charge: NotEmpty | None = None
    customer: NotEmpty | None = None
    status: NotEmpty | None = None
    type: NotEmpty | None = None
    email: NotEmpty | None = None


class Search(Reading):
    """GET of a search: page by page."""

    query: NotEmpty
    limit: Annotated[int, Field(ge=1, le=_LONGEST_PAGE)] = 10
    page: NotEmpty | None = None


def read(shape: type[Shape], fields: dict[str, Any]) -> Shape:
    """The fields as the shape.

    Raises:
        WrongRequest: one is missing, unknown or of the wrong kind; the first is named.
    """
    try:
        return shape.model_validate(fields)
    except ValidationError as error:
        raise _refusal(error.errors(include_url=False)[0]) from error


def _refusal(detail: ErrorDetails) -> WrongRequest:
    param = str(detail["loc"][0]) + "".join(f"[{part}]" for part in detail["loc"][1:])
    if detail["type"] == "missing":
        return WrongRequest(f"Missing required param: {param}.", param=param, code="parameter_missing")
    if detail["type"] == "extra_forbidden":
        return WrongRequest(f"Received unknown parameter: {param}", param=param, code="parameter_unknown")
    if detail["type"] == "int_parsing":
        message = f"Invalid integer: {detail['input']}"
        return WrongRequest(message, param=param, code="parameter_invalid_integer")
    return WrongRequest(f"Invalid {param}: {detail['msg']}", param=param)

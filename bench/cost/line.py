"""One line of the bill."""

from collections.abc import Iterable
from dataclasses import dataclass

from bench.cost.prices import PRICES


@dataclass(frozen=True, kw_only=True)
class Line:
    """So many units of what a price is for; `dollars_each` where a tariff of our own says the price."""

    what: str
    quantity: float
    price: str = ""
    dollars_each: float = 0.0

    @property
    def unit(self) -> str:
        """What is counted."""
        return PRICES[self.price].unit if self.price else ""

    def dollars(self, *, is_free_tier_used: bool = False) -> float:
        """What it costs; the free tier as if this line had it for itself."""
        if not self.price:
            return self.quantity * self.dollars_each
        return PRICES[self.price].of(self.quantity, is_free_tier_used=is_free_tier_used)


def total(lines: Iterable[Line], *, is_free_tier_used: bool = False) -> float:
    """All of them. Quantities of one price are added up before its free allowance is taken off."""
    quantities: dict[str, float] = {}
    dollars = 0.0
    for line in lines:
        if line.price:
            quantities[line.price] = quantities.get(line.price, 0.0) + line.quantity
        else:
            dollars += line.dollars()
    return dollars + sum(
        PRICES[price].of(quantity, is_free_tier_used=is_free_tier_used) for price, quantity in quantities.items()
    )

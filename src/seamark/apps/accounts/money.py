"""The organisation's currency, and what others are worth in it: set by hand, each with its day."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar, NamedTuple

DIGITS = 10
"""Of a rate between two other currencies."""


@dataclass(frozen=True)
class Rate:
    """What one of a currency is worth in the organisation's."""

    currency: str
    worth: str
    """A decimal number, greater than 0."""
    as_of: str
    """The day for which it was told, as 2026-11-20."""


class Exchange(NamedTuple):
    """What one of a currency is worth in another."""

    worth: Decimal
    as_of: str
    """The older of the days where two rates come together."""


@dataclass(frozen=True)
class Money:
    """In what amounts are compared."""

    KEY: ClassVar = "money"

    home: str = ""
    """Three letters such as TWD; empty: amounts are taken as they are told, whatever their currency."""
    rates: list[Rate] = field(default_factory=list)
    """In the order of their currencies."""

    @property
    def currencies(self) -> list[str]:
        """Those in which an amount can be told, the organisation's first."""
        return [self.home, *(rate.currency for rate in self.rates)] if self.home else []

    def exchange(self, currency: str, into: str) -> Exchange | None:
        """What one is worth in the other; None where a rate is lacking.

        >>> money = Money("TWD", [Rate("EUR", "35", "2026-11-19"), Rate("USD", "31.5", "2026-11-20")])
        >>> money.exchange("USD", "TWD")
        Exchange(worth=Decimal('31.5'), as_of='2026-11-20')
        >>> money.exchange("EUR", "USD"), money.exchange("JPY", "TWD")
        (Exchange(worth=Decimal('1.111111111'), as_of='2026-11-19'), None)
        """
        known = {rate.currency: Exchange(Decimal(rate.worth), rate.as_of) for rate in self.rates}
        known[self.home] = Exchange(Decimal(1), "")
        if currency not in known or into not in known:
            return None
        one, other = known[currency], known[into]
        days = [each.as_of for each in (one, other) if each.as_of]
        worth = one.worth if other.worth == 1 else Decimal(f"{one.worth / other.worth:.{DIGITS}g}")
        return Exchange(worth, min(days, default=""))

"""Pure: money goes back the way it came. What credit paid becomes credit again, by its share of the price."""

from dataclasses import dataclass

from coop.money import split


@dataclass(frozen=True)
class Ways:
    """Cents by the way in which they were paid, or went back: `charged` by card, check or cash, `credit` from credit
    (gift cards become credit, too).
    """

    charged: int
    credit: int

    @property
    def total(self) -> int:
        return self.charged + self.credit


def credit_in(cents: int, *, paid: Ways, given: Ways) -> int:
    """How much of `cents` that go back now becomes credit; the rest goes back to the card, or by check.

    All that went back, this included, is shared as the price was paid, to the cent; `cents` are at most what is left.
    """
    due = split(given.total + cents, {"charged": paid.charged, "credit": paid.credit})["credit"] - given.credit
    least, most = cents - (paid.charged - given.charged), min(cents, paid.credit - given.credit)
    return max(0, least, min(due, most))

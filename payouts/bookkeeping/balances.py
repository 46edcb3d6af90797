"""What every account stood at when a day was over: together it is nothing, always."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from payouts.ledger.ledger import Account, AccountQuerySet, Transfer

A_PAGE = 50


@dataclass(frozen=True)
class KindBalance:
    """All accounts of a kind together: cents received less cents given."""

    kind: Account.Kind
    cents: int

    @property
    def owed(self) -> int:
        """What we owe or keep, as a number above zero."""
        return max(0, self.cents)

    @property
    def had(self) -> int:
        """What we have or have to get, as a number above zero."""
        return max(0, -self.cents)


@dataclass(frozen=True)
class TrialBalance:
    """Every kind of account on a day, on the side on which it stands; both sides have the same sum."""

    day: date
    kinds: list[KindBalance]

    @classmethod
    def of(cls, day: date) -> "TrialBalance":
        """By all entries that count on this day or an earlier one. Two queries."""
        rows = Transfer.objects.filter(entry__effective_on__lte=day).order_by()
        sums: dict[str, int] = {}
        for end, sign in (("payee", 1), ("payer", -1)):
            for kind, cents in rows.values_list(f"{end}__kind").annotate(Sum("cents")):
                sums[kind] = sums.get(kind, 0) + sign * cents
        return cls(day, [KindBalance(kind, sums[kind]) for kind in Account.Kind if kind in sums])

    @property
    def owed(self) -> int:
        return sum(one.owed for one in self.kinds)

    @property
    def had(self) -> int:
        return sum(one.had for one in self.kinds)

    @property
    def is_even(self) -> bool:
        """Do both sides have the same sum?"""
        return self.owed == self.had


@dataclass(frozen=True)
class AccountList:
    """Some accounts with their balances, and where the list goes on, if it does; `cents` are of all of them."""

    accounts: list[Account]
    cents: int
    more: int | None

    @classmethod
    def of(cls, accounts: AccountQuerySet, *, after: int | None = None) -> "AccountList":
        """A page of these, in the order in which they were opened. Two queries."""
        cents = int(accounts.with_balance().aggregate(total=Sum("balance", default=0))["total"])
        rows = accounts.with_balance().order_by("pk")
        shown = list(rows.filter(pk__gt=after or 0)[: A_PAGE + 1])
        return cls(shown[:A_PAGE], cents, shown[A_PAGE - 1].pk if len(shown) > A_PAGE else None)

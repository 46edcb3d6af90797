"""A fund of the co-op that stands below zero: said in the books and to the treasurers, who are told once."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils.functional import Promise

from members.models import Notice, Role
from payouts.ledger.ledger import Account

FUNDS = (Account.Kind.OPERATIONS, Account.Kind.RESERVE, Account.Kind.UPKEEP)


@dataclass(frozen=True)
class Shortfall:
    """A fund has given out `cents` more than it had, since an entry of the books (by number)."""

    fund: Account.Kind
    cents: int
    since: int

    @property
    def label(self) -> str | Promise:
        return self.fund.label

    def tell(self, *, at: datetime) -> None:
        """Tell the treasurers; for each time that it falls below zero they are told once."""
        for person in Role.objects.holders(at, Role.Kind.TREASURER):
            key = f"fund_below_zero:{self.fund}:{self.since}:{person.pk}"
            Notice.post(key, to=person, mail="fund_below_zero", at=at, about={"short": self})


def shortfalls() -> list[Shortfall]:
    """The funds that are below zero now. One query, and one more for each."""
    funds = Account.objects.filter(kind__in=FUNDS).with_balance().order_by("pk")
    return [Shortfall(Account.Kind(fund.kind), -fund.balance, _below_since(fund)) for fund in funds if fund.balance < 0]


def _below_since(fund: Account) -> int:
    """The entry with which it fell below zero and stayed there."""
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, {"fund": fund.pk})
        found: int = cursor.fetchone()[0]
    return found


_SINCE = """
WITH balances AS (
  SELECT id, entry_id, sum(CASE WHEN payee_id = %(fund)s THEN cents ELSE -cents END) OVER (ORDER BY id) AS cents
  FROM payouts_transfer WHERE %(fund)s IN (payer_id, payee_id))
SELECT entry_id FROM balances
WHERE id > (SELECT coalesce(max(id) FILTER (WHERE cents >= 0), 0) FROM balances)
ORDER BY id LIMIT 1
"""

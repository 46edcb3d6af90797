"""One account, entry by entry, with what it stood at after each: a page at a time, by the number of the last entry."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from payouts.ledger.ledger import Account, Entry, Transfer

A_PAGE = 50


@dataclass(frozen=True)
class Row:
    """One entry as an account sees it: cents that came (below zero: that went), and what there was afterwards."""

    entry: Entry
    cents: int
    balance: int


@dataclass(frozen=True)
class AccountPage:
    """Some entries of an account, the latest first; `older` is where the next page goes on, if there is one."""

    rows: list[Row]
    older: int | None

    @classmethod
    def of(cls, account: Account, *, wanted: Q, before: int | None = None) -> "AccountPage":
        """Those entries of an account that are `wanted` (asked of an entry), earlier than `before`. Four queries.

        The balance after each counts every entry before it, wanted or not.
        """
        numbers = _numbers(account, wanted=wanted, before=before)
        shown = numbers[:A_PAGE]
        entries = Entry.objects.select_related("visit", "supplement").in_bulk(shown)
        moved = _moved(account, shown)
        rows = [Row(entries[number], *moved[number]) for number in shown]
        return cls(rows, shown[-1] if len(numbers) > A_PAGE else None)


def _numbers(account: Account, *, wanted: Q, before: int | None) -> list[int]:
    """The numbers of one entry more than a page has, the latest first: each end of the account by its own index."""
    found: set[int] = set()
    for end in ("payee", "payer"):
        mine: QuerySet[Transfer] = Transfer.objects.filter(**{end: account}, entry__in=Entry.objects.filter(wanted))
        mine = mine.filter(entry__lt=before) if before else mine
        numbers = mine.order_by("-entry").values_list("entry", flat=True).distinct()
        found.update(numbers[: A_PAGE + 1])
    return sorted(found, reverse=True)[: A_PAGE + 1]


def _moved(account: Account, entries: list[int]) -> dict[int, tuple[int, int]]:
    """What each of these entries moved, and the balance after it; sums that indexes have."""
    return dict(_ask(account, entries)) if entries else {}


def _ask(account: Account, entries: list[int]) -> Iterator[tuple[int, tuple[int, int]]]:
    with connection.cursor() as cursor:
        about: dict[str, Any] = {"account": account.pk, "entries": entries, "first": entries[-1], "last": entries[0]}
        cursor.execute(_BALANCES, about)
        for number, cents, balance in cursor.fetchall():
            yield number, (int(cents), int(balance))


_BALANCES = """
WITH moved AS (
  SELECT entry_id, cents FROM payouts_transfer
  WHERE payee_id = %(account)s AND entry_id BETWEEN %(first)s AND %(last)s
  UNION ALL
  SELECT entry_id, -cents FROM payouts_transfer
  WHERE payer_id = %(account)s AND entry_id BETWEEN %(first)s AND %(last)s),
earlier AS (
  SELECT (SELECT coalesce(sum(cents), 0) FROM payouts_transfer
          WHERE payee_id = %(account)s AND entry_id < %(first)s)
       - (SELECT coalesce(sum(cents), 0) FROM payouts_transfer
          WHERE payer_id = %(account)s AND entry_id < %(first)s) AS cents),
after AS (
  SELECT entry_id, sum(cents) AS cents,
         (SELECT cents FROM earlier) + sum(sum(cents)) OVER (ORDER BY entry_id) AS balance
  FROM moved GROUP BY entry_id)
SELECT entry_id, cents, balance FROM after WHERE entry_id = ANY(%(entries)s)
"""

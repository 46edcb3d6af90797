"""A month of the books for QuickBooks Online: taken in again it balances, names no client, and reckons nothing."""

import csv
import re
from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from payouts.models import Account, Entry, Move
from tests.house import House
from tests.payouts.ledger.test_ledger import AT, OPERATIONS, STRIPE

pytestmark = pytest.mark.django_db
COLUMNS = ["JournalNo", "JournalDate", "AccountName", "Debits", "Credits", "Description", "Name"]


def taken_in(text: str) -> list[dict[str, str]]:
    """As a program reads it that takes it in."""
    rows = list(csv.DictReader(text.splitlines()))
    assert list(rows[0]) == COLUMNS
    return rows


def exported(browser: Client, month: str) -> str:
    answer = browser.post(reverse("export_books"), {"month": month})
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    return answer.content.decode("utf-8-sig")


def test_taken_in_again_each_entry_balances_and_all_of_it_is_what_the_books_say(home: House) -> None:
    text = exported(home.browser("tess"), "2026-03-01")
    entries, accounts = defaultdict[str, Decimal](Decimal), defaultdict[str, Decimal](Decimal)
    for row in taken_in(text):
        cents = Decimal(row["Credits"] or 0) - Decimal(row["Debits"] or 0)
        assert re.fullmatch(r"03/[0-3][0-9]/2026", row["JournalDate"])
        entries[row["JournalNo"]] += cents
        accounts[row["AccountName"]] += cents
    assert set(entries.values()) == {Decimal(0)}
    assert set(map(int, entries)) == set(Entry.objects.filter(effective_on__month=3).values_list("pk", flat=True))
    reserve = Account.objects.with_balance().get(code="reserve").balance
    assert (accounts["Funds:Shared Reserve"], sum(accounts.values())) == (Decimal(reserve) / 100, 0)
    clients = {home.people[name].name for name in ("lee", "kim", "jo")}
    assert [name for name in clients if name in text] == []
    assert str(home.people["ana"]) in text


def test_nothing_in_it_is_a_formula(home: House) -> None:
    tess = home.people["tess"]
    tess.introduce(name="=HYPERLINK(1)", language="en")
    moves = [Move(STRIPE, Account.pay(tess.membership.pk), 1234567), Move(STRIPE, OPERATIONS, 5)]
    day = date(2026, 5, 31)
    entry = Entry.post(key="hand:0", kind=Entry.Kind.INCOME, effective_on=day, at=AT, moves=moves, memo="@SUM(1)")
    said = {"JournalNo": str(entry.pk), "JournalDate": "05/31/2026", "Description": "hand:0: @SUM(1)"}
    assert taken_in(exported(home.browser("tess"), "2026-05-01")) == [
        said | {"AccountName": "Bank:Stripe", "Debits": "12345.72", "Credits": "", "Name": ""},
        said
        | {"AccountName": "Payable to Members:Work", "Debits": "", "Credits": "12345.67", "Name": "'=HYPERLINK(1)"},
        said | {"AccountName": "Funds:Running the Co-op", "Debits": "", "Credits": "0.05", "Name": ""},
    ]

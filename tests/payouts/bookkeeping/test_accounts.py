"""An account entry by entry, and what is looked for in the books."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.models import Member
from payouts.bookkeeping import account_pages
from payouts.models import Account, Entry, Move
from tests.browsers import Browser
from tests.payouts.bookkeeping.test_way_down import read
from tests.payouts.ledger.test_ledger import AT, OPERATIONS, RESERVE, STRIPE, post

pytestmark = pytest.mark.django_db


def test_an_account_tells_what_it_stood_at_after_each_entry(
    tess: Member, ana: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account_pages, "A_PAGE", 2)
    post("visit:1", Move(STRIPE, OPERATIONS, 1000), Move(OPERATIONS, RESERVE, 100))
    post("visit:2", Move(OPERATIONS, STRIPE, 300))
    Entry.post(
        key="tip:1", kind=Entry.Kind.TIP, effective_on=date(2026, 4, 2), at=AT, moves=[Move(STRIPE, OPERATIONS, 7)]
    )
    number = Account.objects.get(code="operations").pk
    first = read(tess.user, "account", number)
    rows = re.compile(r'<td class="num">(−?\$[0-9.]+)</td>')
    assert rows.findall(first) == ["$0.07", "$6.07", "−$3.00", "$6.00"]
    older = re.search(r"\?before=(\d+)", first)
    assert rows.findall(read(tess.user, "account", number, query=older[0])) == ["$9.00", "$9.00"]
    assert rows.findall(read(tess.user, "account", number, query="?kind=tip")) == ["$0.07", "$6.07"]
    assert rows.findall(read(tess.user, "account", number, query="?first=2026-04-03")) == []


def test_members_read_their_own_account_and_no_other(ana: Member, bo: Member, sol: Member) -> None:
    post("visit:1", Move(STRIPE, Account.pay(ana.pk), 100), Move(STRIPE, Account.pay(bo.pk), 200))
    mine, others = (Account.objects.get(code=f"pay:{one.pk}").pk for one in (ana, bo))
    assert "$1.00" in read(ana.user, "account", mine)
    listed = read(ana.user, "my_accounts")
    assert (reverse("account", args=[mine]) in listed, reverse("account", args=[others]) in listed) == (True, False)
    browser = Browser()
    browser.force_login(ana.user)
    assert browser.get(reverse("account", args=[others])).status_code == 404
    assert browser.get(reverse("account", args=[Account.objects.get(code="stripe").pk])).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?key=VISIT:1", ["$1.00", "$0.25"]),
        ("?key=late", ["$0.07"]),
        ("?amount=0.25", ["$0.25"]),
        ("?first=2026-04-01&last=2026-04-30", ["$0.07"]),
        ("?kind=tip", ["$0.07"]),
        ("?payee=reserve", ["$0.25"]),
        ("?amount=none", []),
        ("?key=nothing", []),
    ],
)
def test_transfers_are_found(tess: Member, query: str, found: list[str]) -> None:
    post("visit:1", Move(STRIPE, OPERATIONS, 100), Move(OPERATIONS, RESERVE, 25))
    late: dict[str, Any] = {"effective_on": date(2026, 4, 2), "at": AT, "memo": "late"}
    Entry.post(key="tip:1", kind=Entry.Kind.TIP, moves=[Move(STRIPE, OPERATIONS, 7)], **late)
    cells = re.findall(r'<td class="num">([^<]+)</td>', read(tess.user, "find_entries", query=query))
    assert sorted(cells) == sorted(found)


def test_a_member_is_found(tess: Member, ana: Member, bo: Member) -> None:
    post("visit:1", Move(STRIPE, Account.pay(ana.pk), 100), Move(STRIPE, Account.tips(bo.pk), 200))
    page = read(tess.user, "find_entries", query=f"?member={bo.pk}")
    assert re.findall(r'<td class="num">([^<]+)</td>', page) == ["$2.00"]


def test_more_entries_cost_no_more_questions(tess: Member) -> None:
    def asked(name: str, *about: Any) -> int:
        browser = Browser()
        browser.force_login(tess.user)
        browser.get(reverse(name, args=about))
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse(name, args=about))
        return len(queries)

    post("visit:1", Move(Account.client(1), OPERATIONS, 100))
    number = Account.objects.get(code="operations").pk
    pages: list[tuple[Any, ...]] = [("account", number), ("accounts",), ("find_entries",), ("trial_balance",)]
    few = [asked(*page) for page in pages]
    for more in range(2, 70):
        post(f"visit:{more}", Move(Account.client(more), OPERATIONS, more))
    assert [asked(*page) for page in pages] == few

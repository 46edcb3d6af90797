"""From each figure of the books down to its entries, and from these to what they are about."""

import re
from typing import Any

import pytest
from django.urls import reverse

from members.models import User
from payouts.bookkeeping.balances import TrialBalance
from payouts.models import Account, Entry
from tests.browsers import Browser
from tests.house import House

pytestmark = pytest.mark.django_db
FIGURE = re.compile(r'<a\s+href="([^"]+)"\s*>\s*(−?\$[0-9,.]+)\s*</a>')


def read(user: User, name: str, *about: Any, query: str = "") -> str:
    """A page as somebody reads it, on one line."""
    browser = Browser()
    browser.force_login(user)
    answer = browser.get(reverse(name, args=about) + query)
    assert answer.status_code == 200, name
    return " ".join(answer.content.decode().split())


def without_sign(text: str) -> str:
    return text.replace("−", "")


def test_each_figure_leads_to_rows_with_the_same_sum(home: House) -> None:
    tess = home.browser("tess")
    page = tess.get(reverse("books")).content.decode()
    figures = [(href.replace("&amp;", "&"), said) for href, said in FIGURE.findall(page)]
    assert len(figures) >= 12
    for href, said in figures:
        there = tess.get(href).content.decode()
        found = re.search(r"together</(?:b|span)>\s*<b class=\"num\">([^<]+)</b>", there)
        shown = without_sign(found[1]) if found else "$0.00"
        assert shown == without_sign(said), href
    assert not FIGURE.findall(home.browser("ana").get(reverse("books")).content.decode())


def test_an_entry_says_what_it_is_about_and_who_did_that(home: House) -> None:
    entry = Entry.objects.get(key=f"visit:{home.done.pk}")
    page = read(home.people["tess"], "entry", entry.pk)
    assert (
        reverse("refund_visit", args=[home.done.pk]) in page,
        f'{reverse("visit", args=[home.done.pk])}"' in page,
    ) == (
        True,
        False,
    ), "the treasurer reads what was charged, and no visit of others"
    assert str(home.done.booking.client.user) in page
    who = home.done.shifts.get().member.user
    assert f", {who}" in page


def test_on_every_day_all_accounts_together_are_zero(home: House) -> None:
    days = list(Entry.objects.order_by("effective_on").values_list("effective_on", flat=True).distinct())
    for day in days:
        balance = TrialBalance.of(day)
        assert (balance.is_even, balance.owed > 0) == (True, True)
    page = read(home.people["ben"], "trial_balance", query=f"?day={days[0].isoformat()}")
    assert "Both sides are the same" in page
    assert {one.kind: one.cents for one in TrialBalance.of(days[-1]).kinds} == {
        kind: sum(account.balance for account in Account.objects.filter(kind=kind).with_balance())
        for kind in Account.objects.values_list("kind", flat=True)
    }

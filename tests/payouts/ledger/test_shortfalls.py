"""A fund below zero is said in the books and on what needs attention, and told to the treasurer once."""

import pytest
from django.urls import reverse

from members.models import Member, Notice
from payouts.ledger.shortfalls import Shortfall, shortfalls
from payouts.ledger.tasks import sweep_funds
from payouts.models import Account, Move
from tests.browsers import Browser
from tests.payouts.ledger.test_ledger import OPERATIONS, RESERVE, STRIPE, post

pytestmark = pytest.mark.django_db


def test_a_fund_is_short_since_the_entry_with_which_it_fell_below_zero_last() -> None:
    post("visit:1", Move(OPERATIONS, STRIPE, 500))
    assert [short.cents for short in shortfalls()] == [500]
    post("visit:2", Move(STRIPE, OPERATIONS, 500), Move(STRIPE, RESERVE, 100))
    assert shortfalls() == []
    since = post("visit:3", Move(OPERATIONS, STRIPE, 300))
    post("visit:4", Move(OPERATIONS, STRIPE, 26))
    assert shortfalls() == [Shortfall(Account.Kind.OPERATIONS, 326, since.pk)]


def test_the_treasurer_is_told_once_each_time(tess: Member, sol: Member) -> None:
    post("visit:1", Move(OPERATIONS, STRIPE, 500))
    for _minute in range(2):
        sweep_funds()
    told = Notice.objects.get()
    assert (told.user, told.subject, "$5.00" in told.body) == (tess.user, "Below zero: running the co-op", True)
    post("visit:2", Move(STRIPE, OPERATIONS, 501))
    sweep_funds()
    post("visit:3", Move(OPERATIONS, STRIPE, 2))
    sweep_funds()
    assert Notice.objects.count() == 2


@pytest.mark.parametrize("name", ["books", "trouble"])
def test_it_stands_on_the_pages_as_long_as_it_is_so(tess: Member, name: str) -> None:
    browser = Browser()
    browser.force_login(tess.user)
    said = "Below zero: shared reserve. It has paid out $4.88 more than it had."
    assert said not in " ".join(browser.get(reverse(name)).content.decode().split())
    post("visit:1", Move(RESERVE, STRIPE, 488))
    assert said in " ".join(browser.get(reverse(name)).content.decode().split())

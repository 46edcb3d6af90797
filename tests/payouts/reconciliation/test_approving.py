"""No pay run is approved over a difference that nobody has explained, unless the second person says so in words."""

import pytest
from django.urls import reverse

from coop.errors import Refusal
from members.models import Member, User
from payouts.models import PayRun
from payouts.sandbox import Sandbox
from tests import make
from tests.browsers import Browser
from tests.payouts.payroll.test_payruns import LATER, draft, onboard
from tests.payouts.reconciliation.stage import now, walk
from tests.payouts.stage import paid_visit

pytestmark = pytest.mark.django_db
WORDS = "It is a reserve of the bank, and we have asked."


@pytest.fixture
def board(db: None) -> User:
    return make.member("Bea Board", hours=None, roles=["board"]).user


def odd(sandbox: Sandbox, ana: Member, tess: Member) -> PayRun:
    paid_visit()
    onboard(ana, sandbox)
    sandbox.moves("reserve_transaction", -20000)
    walk()
    return draft(tess)


def test_it_takes_a_tick_and_a_sentence_that_is_written_down(
    sandbox: Sandbox, ana: Member, tess: Member, board: User
) -> None:
    run = odd(sandbox, ana, tess)
    with pytest.raises(Refusal, match="unexplained"):
        run.approve(at=LATER, by=board)
    browser = Browser()
    browser.force_login(board)
    assert "Before you approve" in browser.get(run.get_absolute_url()).content.decode()
    for typed in ({}, {"despite": WORDS}, {"knowing": "on"}, {"knowing": "on", "despite": "  "}):
        browser.post(reverse("approve_pay_run", args=[run.pk]), typed)
        run.refresh_from_db()
        assert run.state == "draft"
    browser.post(reverse("approve_pay_run", args=[run.pk]), {"knowing": "on", "despite": WORDS})
    run.refresh_from_db()
    assert (run.state, run.despite, WORDS in browser.get(run.get_absolute_url()).content.decode()) == (
        "approved",
        WORDS,
        True,
    )


def test_where_everything_fits_nothing_is_asked(sandbox: Sandbox, ana: Member, tess: Member, board: User) -> None:
    paid_visit()
    onboard(ana, sandbox)
    walk(now())
    run = draft(tess)
    run.approve(at=LATER, by=board)
    assert (run.state, run.despite) == ("approved", "")

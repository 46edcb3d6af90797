"""What is too small for a card is borne by running the co-op, and no row waits for it."""

from datetime import date, timedelta

import pytest

from bookings.models import Visit
from coop.errors import Refusal
from coop.models import Amendment
from members.models import Member
from payouts.models import Account, Charge, Entry
from payouts.sandbox import Sandbox
from tests.payouts import stage
from tests.payouts.charges.test_credit import with_credit
from tests.payouts.stage import NOW, paid_visit, work_through

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)


def owed_by(visit: Visit) -> int:
    account = Account.objects.with_balance().get(code=Account.client(visit.booking.client.pk).code)
    return account.balance


def borne() -> list[tuple[str, int]]:
    rows = Entry.objects.filter(kind="borne").values_list("key", "transfers__cents")
    return [(key.split(":")[-1], cents) for key, cents in rows]


@pytest.mark.parametrize(("credit", "rest"), [(13951, 49), (13999, 1)])
def test_what_credit_leaves_is_borne_when_it_is_too_small(credit: int, rest: int) -> None:
    visit = stage.do(with_credit(credit))
    assert (borne(), owed_by(visit), Charge.objects.get().state) == ([("price", rest)], 0, "released")


def test_from_the_least_on_the_card_is_charged() -> None:
    visit = stage.do(with_credit(13950))
    assert (borne(), Charge.objects.get().cents, owed_by(visit)) == ([], 50, -50)


def test_a_vote_may_set_more() -> None:
    day = date(2026, 1, 1)
    Amendment.objects.create(
        policy="payouts.least_charge_cents", numerator=200, effective_on=day, enacted_at=NOW, source="vote"
    )
    stage.do(with_credit(13801))
    assert borne() == [("price", 199)]


def test_a_rest_that_is_too_small_is_borne(ana: Member) -> None:
    stage.visit()
    charge = Charge.objects.get()
    charge.params = {"amount": charge.cents}
    charge.save()
    charge.earn(cents=charge.cents + 49, at=LATER, by=None)
    assert (borne(), Charge.objects.count()) == ([("rest", 49)], 1)


def test_what_is_too_small_is_never_held(ana: Member) -> None:
    stage.visit()
    Charge.objects.update(cents=49)
    assert not Charge.objects.due(LATER).exists()
    Charge.objects.update(cents=50)
    assert Charge.objects.due(LATER).exists()


def test_an_old_one_that_waits_is_borne_when_somebody_tries_again(ana: Member, tess: Member) -> None:
    stage.done_visit()
    Charge.objects.update(cents=30, attention_since=NOW)
    charge = Charge.objects.get()
    charge.retry(at=LATER, by=tess.user)
    assert (borne(), charge.state) == ([("price", 30)], "released")


def test_a_tip_by_card_is_not_too_small(sandbox: Sandbox, ana: Member) -> None:
    done = paid_visit()
    work_through(Charge.objects.all(), at=LATER)
    with pytest.raises(Refusal, match=r"at least \$0.50"):
        Charge.tip(done, cents=49, at=LATER, by=done.booking.client.user)

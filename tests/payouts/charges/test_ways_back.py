"""Money goes back the way it came: to the card, to credit, by check; and a tip comes from the tips."""

from datetime import timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from bookings.models import Visit
from coop.errors import Refusal, WrongState
from members.models import Member, Notice
from payouts.charges.credit import credit_of
from payouts.charges.receipts.receipts import Receipt, paid_for
from payouts.charges.sums.ways_back import Ways, credit_in
from payouts.models import Account, Charge, Refund
from payouts.sandbox import Sandbox
from payouts.stripe import answers
from tests.browsers import Browser
from tests.payouts import stage
from tests.payouts.charges.test_credit import with_credit
from tests.payouts.charges.test_refunds import confirmed
from tests.payouts.stage import NOW, paid_visit, work_through

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)


def balances() -> dict[str, int]:
    found: dict[str, int] = {}
    for account in Account.objects.with_balance():
        found[account.kind] = found.get(account.kind, 0) + account.balance
    return found


def moved(before: dict[str, int]) -> dict[str, int]:
    """What changed since then, by kind of account."""
    now = balances()
    return {kind: now[kind] - before.get(kind, 0) for kind in now if now[kind] != before.get(kind, 0)}


def price_of(visit: Visit) -> Charge:
    return Charge.objects.get(visit=visit, kind="price")


def give(charge: Charge, cents: int, *, by: Member, responsible: str = "coop") -> Refund:
    made = Refund.give(charge, cents=cents, responsible=responsible, note="A vase broke.", at=LATER, by=by.user)
    return confirmed(made) if made.state == "asked" else made


def taken(visit: Visit) -> Charge:
    """The price of a visit, as far as the card pays it, is taken."""
    charge = price_of(visit)
    seen = answers.Payment(f"pi_{charge.pk}", charge.cents, "cus_1", "succeeded", 0, charge.cents, None, None)
    charge.capture(seen=seen, at=LATER, by=None)
    return charge


class TestByShare:
    @pytest.mark.parametrize(
        ("cents", "gone", "credit"),
        [
            (1400, Ways(0, 0), 500),
            (14000, Ways(0, 0), 5000),
            (1, Ways(0, 0), 0),
            (2, Ways(0, 0), 1),
            (1, Ways(1, 0), 1),
            (9000, Ways(0, 5000), 0),
            (5000, Ways(9000, 0), 5000),
        ],
    )
    def test_of_140_dollars_of_which_credit_paid_50(self, cents: int, gone: Ways, credit: int) -> None:
        assert credit_in(cents, paid=Ways(9000, 5000), given=gone) == credit

    @given(st.integers(0, 5000), st.integers(0, 5000), st.lists(st.integers(1, 900), max_size=12))
    def test_never_more_than_was_paid_by_any_way_and_to_the_cent_by_share(
        self, charged: int, credit: int, steps: list[int]
    ) -> None:
        paid, gone = Ways(charged, credit), Ways(0, 0)
        for cents in steps:
            if cents > paid.total - gone.total:
                break
            part = credit_in(cents, paid=paid, given=gone)
            gone = Ways(gone.charged + cents - part, gone.credit + part)
            assert 0 <= part <= cents
            assert gone.charged <= charged
            assert gone.credit <= credit
            assert abs(gone.credit * paid.total - gone.total * credit) <= paid.total


class TestCredit:
    def test_what_credit_paid_whole_is_credit_again_and_nothing_goes_to_stripe(self, tess: Member) -> None:
        visit = stage.do(with_credit(20000))
        before = balances()
        refund = give(price_of(visit), 3000, by=tess)
        assert (refund.state, refund.credit_cents, refund.params) == ("sent", 3000, {})
        assert moved(before) == {"operations": -3000, "credit": 3000}
        assert credit_of(visit.booking.client) == 6000 + 3000
        told = Notice.objects.get(key=f"refund:{refund.pk}")
        assert (told.subject, "credit with us" in told.body) == ("$30.00 goes back to you", True)

    def test_a_price_of_both_goes_back_by_share(self, sandbox: Sandbox, tess: Member) -> None:
        visit = stage.do(with_credit(5000))
        refund = give(taken(visit), 1400, by=tess)
        assert (refund.state, refund.credit_cents, refund.params["amount"]) == ("due", 500, 900)
        assert credit_of(visit.booking.client) == 500
        refund.record(refund="re_1", at=LATER, by=None)
        receipt = Receipt.of(visit)
        assert (receipt.total, receipt.given_back, paid_for([visit])[visit.pk]) == (12600, 1400, 12600)

    def test_what_the_bank_sends_back_stays_given_back_as_far_as_it_is_credit(
        self, sandbox: Sandbox, tess: Member
    ) -> None:
        visit = stage.do(with_credit(5000))
        refund = give(taken(visit), 14000, by=tess)
        refund.record(refund="re_1", at=LATER, by=None)
        refund.come_back(at=LATER, by=None)
        assert (Receipt.of(visit).given_back, credit_of(visit.booking.client)) == (5000, 5000)
        with pytest.raises(Refusal, match=r"at most \$90.00"):
            give(price_of(visit), 9001, by=tess)
        before = balances()
        refund.pay_outside(at=LATER, by=tess.user, note="check 12")
        assert (refund.state, refund.paid_how, moved(before)) == (
            "sent",
            "check 12",
            {"operations": -9000, "bank": 9000},
        )
        assert Receipt.of(visit).given_back == 14000


class TestCheck:
    @pytest.fixture
    def paid(self, ana: Member, tess: Member) -> Charge:
        """A visit for 140.00, done, and paid by check."""
        visit = stage.visit()
        Charge.objects.update(wanted="outside")
        charge = price_of(stage.do(visit))
        charge.pay_outside(at=LATER, by=tess.user, note="check 7")
        return charge

    def test_it_is_owed_until_it_is_paid_by_check_with_a_note(self, paid: Charge, tess: Member) -> None:
        before = balances()
        refund = give(paid, 4000, by=tess)
        assert (refund.state, moved(before)) == ("owed", {})
        assert "by check or in cash, as you paid" in Notice.objects.get(key=f"refund:{refund.pk}").body
        office = Browser()
        office.force_login(tess.user)
        page = office.get(reverse("trouble")).content.decode()
        assert ("It went back by check or in cash" in page, "$40.00" in page) == (True, True)
        office.post(reverse("pay_outside_refund", args=[refund.pk]), {"note": "check 12"})
        refund.refresh_from_db()
        assert (refund.state, refund.paid_how) == ("sent", "check 12")
        assert moved(before) == {"operations": -4000, "bank": 4000}

    def test_whoever_presses_too_late_reads_why_and_not_that_a_note_is_missing(
        self, paid: Charge, tess: Member
    ) -> None:
        refund, office = give(paid, 4000, by=tess), Browser()
        office.force_login(tess.user)
        address = reverse("pay_outside_refund", args=[refund.pk])
        asked, done, late = (
            office.post(address, {"note": note}, follow=True).content.decode() for note in ("", "check 12", "check 13")
        )
        assert ["Please say in a note" in page for page in (asked, done, late)] == [True, False, False]
        assert "cannot be done any more" in late

    def test_never_more_goes_back_than_was_paid(self, paid: Charge, tess: Member) -> None:
        give(paid, 10000, by=tess)
        with pytest.raises(Refusal, match=r"at most \$40.00"):
            give(paid, 4001, by=tess)

    def test_it_is_paid_once(self, paid: Charge, tess: Member) -> None:
        refund = give(paid, 4000, by=tess)
        refund.pay_outside(at=LATER, by=tess.user, note="check 12")
        with pytest.raises(WrongState):
            refund.pay_outside(at=LATER, by=tess.user, note="check 12")

    def test_nobody_is_offered_a_tip_by_card(self, paid: Charge) -> None:
        browser = Browser()
        paid.visit.booking.__class__.objects.update(pays="outside")
        browser.force_login(paid.client.user)
        pages = [browser.get(reverse(page, args=[paid.visit_id])).content.decode() for page in ("receipt", "visit")]
        assert "By check or in cash" in pages[0]
        assert [
            words for words in ("Would you like to give a tip?", "Receipt and tip") if words in "".join(pages)
        ] == []


class TestTips:
    def test_a_tip_goes_back_from_the_tips_and_a_second_person_confirms_it(
        self, sandbox: Sandbox, ana: Member, tess: Member
    ) -> None:
        done = paid_visit()
        tip = Charge.tip(done, cents=1000, at=LATER, by=done.booking.client.user)
        work_through(Charge.objects.filter(pk=tip.pk), at=LATER)
        tip.refresh_from_db()
        before = balances()
        asked = Refund.give(tip, cents=900, responsible="coop", note="Typed too much.", at=LATER, by=tess.user)
        assert asked.state == "asked"
        refund = confirmed(asked)
        refund.send(at=LATER)
        assert (refund.state, moved(before)) == ("sent", {"tips": -900, "stripe": 900})

    def test_giving_back_the_price_leaves_the_tips_alone(self, sandbox: Sandbox, ana: Member, tess: Member) -> None:
        done = paid_visit()
        before = balances()
        give(price_of(done), 14000, by=tess).send(at=LATER)
        assert moved(before) == {"operations": -14000, "stripe": 14000}

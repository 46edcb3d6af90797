"""What nobody knew a person explains; much of it, and pay taken back, only with a second person."""

from datetime import timedelta

import pytest
from django.urls import reverse

from coop.errors import Refusal
from members.models import Confirmation, Member, User
from payouts.models import Explanation, Movement, Payout, TakeBack
from payouts.sandbox import Fault, Mode, Sandbox
from tests import make
from tests.browsers import Browser
from tests.payouts.payroll.test_payruns import draft, onboard, pay
from tests.payouts.reconciliation.stage import client, difference, held, now, states, walk
from tests.payouts.stage import paid_visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def board(db: None) -> User:
    return make.member("Bea Board", hours=None, roles=["board"]).user


def odd(sandbox: Sandbox, cents: int) -> Movement:
    """Something moves that nobody knows."""
    paid_visit()
    bt = sandbox.moves("reserve_transaction", cents)
    walk()
    return Movement.objects.get(bt=bt)


def explain(movement: Movement, *, by: Member) -> Explanation:
    return Explanation.give(movement, belongs="operations", note="A reserve of the bank.", at=now(), by=by.user)


def test_little_is_explained_by_one(sandbox: Sandbox, ana: Member, tess: Member) -> None:
    movement = odd(sandbox, -700)
    before = held()["operations"]
    explain(movement, by=tess)
    assert (held()["operations"] - before, difference(), states()) == (-700, 0, {"booked": 2})
    with pytest.raises(Refusal, match="in the books already"):
        explain(movement, by=tess)


def test_much_waits_for_a_second_person_and_is_in_the_books_once(
    sandbox: Sandbox, ana: Member, tess: Member, board: User
) -> None:
    movement = odd(sandbox, 20000)
    made = explain(movement, by=tess)
    with pytest.raises(Refusal, match="A second person"):
        explain(movement, by=tess)
    question = Confirmation.objects.get(subject=made.pk)
    assert (states(), question.seconds(now())) == ({"booked": 1, "waits": 1}, [board])
    question.decline("It is something else.", at=now(), by=board)
    second = Confirmation.objects.get(subject=explain(movement, by=tess).pk)
    second.confirm(at=now(), by=board)
    assert (states(), difference()) == ({"booked": 2}, 0)


def sent(sandbox: Sandbox, ana: Member, tess: Member, board: User) -> Payout:
    paid_visit()
    onboard(ana, sandbox)
    pay(draft(tess), by=board)
    return Payout.objects.get()


def taken_back(payout: Payout, cents: int, *, by: Member, second: User) -> TakeBack:
    made = TakeBack.ask(payout, cents=cents, note="Paid twice.", at=now(), by=by.user)
    question = Confirmation.objects.with_related().get(subject=made.pk)
    for concern in question.answers:
        question.hear(concern, agrees=True, words="", at=now(), by=concern.member.user)
    Confirmation.objects.get(pk=question.pk).confirm(at=now(), by=second)
    return TakeBack.objects.get(pk=made.pk)


@pytest.mark.parametrize("mode", [Mode.LOST_AFTER, Mode.ERROR_KEPT])
def test_pay_is_taken_back_once_whatever_is_lost_on_the_way(
    sandbox: Sandbox, ana: Member, tess: Member, board: User, mode: Mode
) -> None:
    payout = sent(sandbox, ana, tess, board)
    back = taken_back(payout, 3300, by=tess, second=board)
    sandbox.faults(Fault(mode, path=f"/v1/transfers/{payout.transfer}/reversals", method="POST", times=3))
    for minute in (1, 5, 30):
        back.send(at=now() + timedelta(minutes=minute))
    walk()
    made = client(sandbox).v1.transfers.reversals.list(str(payout.transfer)).data
    assert ([one.amount for one in made], TakeBack.objects.get().state) == ([3300], "sent")
    assert (held()["pay"], difference(), states()) == (3300, 0, {"booked": 3})


def test_not_more_than_was_paid_and_never_without_a_second(
    sandbox: Sandbox, ana: Member, tess: Member, board: User
) -> None:
    payout = sent(sandbox, ana, tess, board)
    made = TakeBack.ask(payout, cents=13000, note="Paid twice.", at=now(), by=tess.user)
    made.send(at=now())
    assert (made.state, Confirmation.objects.get(subject=made.pk).answers[0].member) == ("asked", ana)
    with pytest.raises(Refusal, match=r"at most \$3.00"):
        TakeBack.ask(payout, cents=301, note="Paid twice.", at=now(), by=tess.user)


def test_what_is_with_their_bank_already_is_left_there_in_words(
    sandbox: Sandbox, ana: Member, tess: Member, board: User
) -> None:
    payout = sent(sandbox, ana, tess, board)
    theirs = {"stripe_account": client(sandbox).v1.transfers.retrieve(str(payout.transfer)).destination}
    client(sandbox).v1.payouts.create({"amount": 13300, "currency": "usd"}, theirs)  # type: ignore[arg-type]
    back = taken_back(payout, 3300, by=tess, second=board)
    back.send(at=now())
    back.refresh_from_db()
    assert (back.state, "insufficient" in back.trouble) == ("failed", True)
    browser = Browser()
    browser.force_login(tess.user)
    assert (
        reverse("give_up_take_back", args=[back.pk])
        in browser.get(reverse("take_back_payout", args=[payout.pk])).content.decode()
    )
    back.give_up(at=now(), by=tess.user)
    assert (back.state, held().get("pay", 0)) == ("declined", 0)

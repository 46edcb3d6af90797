"""What is about somebody's pay, or a larger sum, one person asks for and a second one confirms."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.urls import reverse

from bookings.models import Visit
from coop.errors import Refusal, WrongState
from coop.models import Event
from members.models import Concern, Confirmation, Member, Notice
from members.second_person.tasks import sweep_confirmations
from payouts.models import Account, Charge, Refund
from payouts.sandbox import Sandbox
from tests import make
from tests.browsers import Browser
from tests.payouts.stage import NOW, paid_visit
from tests.races import at_once

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)
TWO_DAYS = timedelta(hours=48)


@pytest.fixture
def bea(db: None) -> Member:
    """On the board."""
    return make.member("Bea Board", hours=None, roles=["board"])


def give(done: Visit, cents: int = 13000, *, by: Member, responsible: str = "worker") -> Refund:
    charge = Charge.objects.get(visit=done, kind="price")
    return Refund.give(charge, cents=cents, responsible=responsible, note="A vase broke.", at=LATER, by=by.user)


def asked() -> Confirmation:
    return Confirmation.objects.with_related().get()


def pay_of(member: Member) -> int:
    found = [one.balance for one in Account.objects.with_balance() if one.code == Account.pay(member.pk).code]
    return found[0]


def mails(member: Member) -> list[str]:
    return sorted(Notice.objects.filter(user=member.user, key__contains=":").values_list("key", flat=True))


def signed_in(member: Member) -> Browser:
    browser = Browser()
    browser.force_login(member.user)
    return browser


def test_nobody_alone_takes_a_refund_out_of_a_workers_pay(
    sandbox: Sandbox, ana: Member, sol: Member, bea: Member
) -> None:
    """The fault as it was found: 133.00 of work came to 3.00, and only the client was told."""
    done = paid_visit()
    assert pay_of(ana) == 13300
    refund = give(done, by=sol)
    refund.send(at=LATER)
    assert (pay_of(ana), Refund.objects.get().state, list(Refund.objects.due(LATER))) == (13300, "asked", [])
    assert [one.key for one in Notice.objects.filter(user=ana.user, key__startswith="act_against")] == [
        f"act_against_you:{asked().pk}:{ana.user.pk}"
    ]
    told = Notice.objects.get(user=ana.user, key__startswith="act_against")
    assert ("A vase broke." in told.body, reverse("confirmation", args=[asked().pk]) in told.body) == (True, True)
    assert not Notice.objects.filter(user=done.booking.client.user, key__startswith="refund:").exists()


def test_a_small_sum_out_of_somebodys_pay_waits_like_a_large_one(
    sandbox: Sandbox, ana: Member, sol: Member, bea: Member
) -> None:
    done = paid_visit()
    assert [give(done, 100, by=sol, responsible=one).state for one in ("coop", "worker")] == ["due", "asked"]


def test_it_takes_effect_once_the_worker_agreed_and_a_second_person_confirmed(
    sandbox: Sandbox, ana: Member, sol: Member, bea: Member
) -> None:
    give(paid_visit(), by=sol)
    asked().hear(Concern.objects.get(), agrees=True, words="", at=LATER, by=ana.user)
    asked().confirm(at=LATER, by=bea.user)
    Refund.objects.get().send(at=LATER)
    assert (Refund.objects.get().state, pay_of(ana)) == ("sent", 300)
    assert f"act_decided:{asked().pk}:{ana.user.pk}" in mails(ana)


def test_the_worker_has_two_days_to_answer(sandbox: Sandbox, ana: Member, sol: Member, bea: Member) -> None:
    give(paid_visit(), by=sol)
    concern = Concern.objects.get(is_asked=True)
    asked().hear(concern, agrees=False, words="It was broken before I came.", at=LATER, by=ana.user)
    with pytest.raises(Refusal, match="can still answer"):
        asked().confirm(at=LATER + TWO_DAYS - timedelta(seconds=1), by=bea.user)
    asked().confirm(at=LATER + TWO_DAYS, by=bea.user)
    assert Refund.objects.get().state == "due"


def test_who_says_no_says_why_and_nothing_happens(sandbox: Sandbox, ana: Member, sol: Member, bea: Member) -> None:
    give(paid_visit(), by=sol)
    with pytest.raises(Refusal, match="not right"):
        asked().hear(Concern.objects.get(is_asked=True), agrees=False, words=" ", at=LATER, by=ana.user)
    asked().decline("The client had said so.", at=LATER, by=bea.user)
    assert (Refund.objects.get().state, pay_of(ana), asked().answer) == ("declined", 13300, "The client had said so.")
    assert give(Visit.objects.get(), 14000, by=sol).state == "asked", "what was declined can be asked for anew"


def test_who_asked_can_take_it_back(sandbox: Sandbox, ana: Member, sol: Member, bea: Member) -> None:
    give(paid_visit(), by=sol)
    asked().withdraw(at=LATER, by=sol.user)
    assert (asked().state, Refund.objects.get().state, pay_of(ana)) == ("withdrawn", "declined", 13300)


def test_neither_the_first_nor_whom_it_is_about_is_the_second(
    sandbox: Sandbox, ana: Member, sol: Member, bea: Member
) -> None:
    make.role(ana, "treasurer")
    give(paid_visit(), by=sol)
    assert asked().seconds(LATER) == [bea.user]
    for person in (sol, ana):
        with pytest.raises(Refusal, match="Somebody else has to decide"):
            asked().confirm(at=LATER + TWO_DAYS, by=person.user)
        with pytest.raises(Refusal, match="Somebody else has to decide"):
            asked().decline("No.", at=LATER, by=person.user)


def test_nobody_of_the_household_is_the_second(sandbox: Sandbox, ana: Member, sol: Member, bea: Member) -> None:
    done = paid_visit()
    make.at_home("Bea Board", done.booking.client, person=bea.user)
    give(done, by=sol)
    assert bea.user not in asked().seconds(LATER)
    assert Concern.objects.filter(member=bea, is_asked=False).exists(), "and the database knows it, too"


def test_a_large_sum_needs_a_second_person_and_nobody_to_answer(
    sandbox: Sandbox, ana: Member, sol: Member, bea: Member
) -> None:
    done = paid_visit()
    assert give(done, 10000, by=sol, responsible="coop").state == "due"
    rest = give(done, 1, by=sol, responsible="coop")
    assert rest.state == "asked", "many small ones are a large one"
    asked().confirm(at=LATER, by=bea.user)
    assert Refund.objects.get(pk=rest.pk).state == "due"


def test_what_did_not_go_through_counts_as_it_may_be_tried_again(
    sandbox: Sandbox, ana: Member, sol: Member, bea: Member
) -> None:
    done = paid_visit()
    first = give(done, 6000, by=sol, responsible="coop")
    first.fail(reason="The bank said no.", at=LATER, by=None)
    assert give(done, 6000, by=sol, responsible="coop").state == "asked"


def test_nobody_gives_back_for_their_own_work_or_home_alone(
    sandbox: Sandbox, ana: Member, sol: Member, bea: Member
) -> None:
    done = paid_visit()
    make.role(ana, "coordinator")
    make.at_home("Sol Vega", done.booking.client, person=sol.user)
    states = [give(done, 100, by=one, responsible="coop").state for one in (ana, sol, bea)]
    assert states == ["asked", "asked", "due"]


def test_what_waits_is_not_given_twice(sandbox: Sandbox, ana: Member, sol: Member, bea: Member) -> None:
    done = paid_visit()
    give(done, by=sol)
    with pytest.raises(Refusal, match=r"at most \$10.00"):
        give(done, 1001, by=sol, responsible="coop")


class TestACoopOfThree:
    """One holds an office; it is said, by name, who is second."""

    def test_whoever_is_neither_the_first_nor_concerned_is_second(
        self, sandbox: Sandbox, ana: Member, sol: Member
    ) -> None:
        done = paid_visit()
        bo = make.member("Bo Lindgren", hours=None)
        give(done, by=sol)
        assert asked().seconds(LATER) == [bo.user]
        pages = [signed_in(one).get(reverse("confirmation", args=[asked().pk])) for one in (ana, bo, sol)]
        assert [("<b>Bo L.</b>" in page.content.decode(), page.status_code) for page in pages] == [(True, 200)] * 3
        assert mails(bo) == [f"second_person:{asked().pk}:{bo.user.pk}:asked"]
        asked().confirm(at=LATER + TWO_DAYS, by=bo.user)
        assert Refund.objects.get().state == "due"

    def test_candidates_and_members_on_leave_are_not_second(self, sandbox: Sandbox, ana: Member, sol: Member) -> None:
        done = paid_visit()
        make.member("Cara Okafor", hours=None, candidate=True)
        make.member("Eva Lund", hours=None).go_on_leave(at=NOW, by=None)
        give(done, by=sol)
        page = signed_in(sol).get(reverse("confirmation", args=[asked().pk])).content.decode()
        assert (asked().seconds(LATER), "There is nobody who could be the second person" in page) == ([], True)
        asked().withdraw(at=LATER, by=sol.user)

    def test_who_stands_in_is_few_and_the_longest_here(self, sandbox: Sandbox, ana: Member, sol: Member) -> None:
        done = paid_visit()
        others = [make.member(f"Person {name}", hours=None) for name in ("A", "B", "C", "D")]
        give(done, by=sol)
        assert asked().seconds(LATER) == [one.user for one in others[:3]]
        pages = [signed_in(one).get(reverse("confirmation", args=[asked().pk])).status_code for one in others]
        assert pages == [200, 200, 200, 404], "what is about somebody's pay is not for everybody"


class TestThePages:
    def test_all_of_it_by_the_pages(self, sandbox: Sandbox, ana: Member, sol: Member, bea: Member, bo: Member) -> None:
        done = paid_visit()
        wish = {"charge": Charge.objects.get().pk, "amount": "130", "responsible": "worker", "note": "A vase broke."}
        if Member.objects.get(pk=next(iter(done.shifts.all())).member_id) == bo:
            ana, bo = bo, ana
        page = signed_in(sol).post(reverse("refund_visit", args=[done.pk]), wish, follow=True)
        assert "$130.00 waits for a second person, who is told now." in page.content.decode()
        here, steps = reverse("confirmation", args=[asked().pk]), ("answer", "yes", "no", "withdrawal")
        bo_gets = [signed_in(bo).post(f"{here}/{step}").status_code for step in steps]
        assert bo_gets == [404] * 4
        early = signed_in(bea).post(f"{here}/yes", follow=True).content.decode()
        assert "can still answer" in early
        unclear = signed_in(ana).post(f"{here}/answer", {"agrees": "no", "words": ""})
        assert (unclear.status_code, "Say in a few words" in unclear.content.decode()) == (422, True)
        signed_in(ana).post(f"{here}/answer", {"agrees": "no", "words": "It was broken before."})
        assert "It was broken before." in signed_in(bea).get(here).content.decode()
        signed_in(ana).post(f"{here}/answer", {"agrees": "yes", "words": ""})
        signed_in(bea).post(f"{here}/yes")
        assert (asked().state, asked().decided_by, Refund.objects.get().state) == ("confirmed", bea.user, "due")

    def test_it_stands_on_the_home_of_the_office_with_its_age(
        self, sandbox: Sandbox, ana: Member, sol: Member, tess: Member
    ) -> None:
        empty = signed_in(tess).get("/").content.decode()
        give(paid_visit(), by=sol)
        page = signed_in(tess).get("/").content.decode()
        wanted = f'href="{reverse("confirmations")}"><small'
        assert (wanted in empty, wanted in page, "the oldest for" in page) == (False, True, True)


def test_who_can_be_second_hears_when_the_time_is_over(
    sandbox: Sandbox, ana: Member, sol: Member, bea: Member, time_machine: object
) -> None:
    give(paid_visit(), by=sol)
    time_machine.move_to(LATER + TWO_DAYS, tick=False)  # type: ignore[attr-defined]
    for _twice in range(2):
        sweep_confirmations()
    number = asked().pk
    assert mails(bea) == [f"second_person:{number}:{bea.user.pk}:{step}" for step in ("asked", "ready")]


class TestThePromises:
    def test_the_second_person_differs_from_the_first(self, sandbox: Sandbox, ana: Member, sol: Member) -> None:
        give(paid_visit(), by=sol)
        with pytest.raises(IntegrityError, match="the_second_person_is_not_the_first"), transaction.atomic():
            Confirmation.objects.update(state="confirmed", decided_by=sol.user, decided_at=LATER)

    def test_nor_is_it_somebody_concerned(self, sandbox: Sandbox, ana: Member, sol: Member) -> None:
        give(paid_visit(), by=sol)
        with pytest.raises(IntegrityError, match="nobody_decides_about_themselves"), transaction.atomic():
            Confirmation.objects.update(state="confirmed", decided_by=ana.user, decided_at=LATER)

    def test_what_was_decided_is_never_changed(self, sandbox: Sandbox, ana: Member, sol: Member, bea: Member) -> None:
        give(paid_visit(), by=sol)
        asked().decline("No.", at=LATER, by=bea.user)
        with pytest.raises(IntegrityError, match="what_was_decided_is_never_changed"), transaction.atomic():
            Confirmation.objects.update(answer="Yes.")
        with pytest.raises(ProgrammingError), transaction.atomic():
            Confirmation.objects.all()._raw_delete("default")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_several_answers_at_once_one_counts(sandbox: Sandbox) -> None:
    """Two who confirm, one who declines, and whoever asked takes it back, all at once."""
    ana = make.member("Ana Reyes")
    sol, bea, tess = (make.member(name, hours=None, roles=[role]) for name, role in OFFICERS)
    give(paid_visit(), by=sol)
    asked().hear(Concern.objects.get(member=ana), agrees=True, words="", at=LATER, by=ana.user)
    results = at_once(
        lambda: asked().confirm(at=LATER, by=bea.user),
        lambda: asked().confirm(at=LATER, by=tess.user),
        lambda: asked().decline("No.", at=LATER, by=tess.user),
        lambda: asked().withdraw(at=LATER, by=sol.user),
    )
    lost = [one for one in results if one is not None]
    assert (len(lost), {type(one) for one in lost}) == (3, {WrongState})
    became = {"confirmed": "due", "declined": "declined", "withdrawn": "declined"}
    assert Refund.objects.get().state == became[asked().state]


OFFICERS = (("Sol Vega", "coordinator"), ("Bea Board", "board"), ("Tess Marin", "treasurer"))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["confirm", "decline", "withdraw"])
def test_two_clicks_at_once_are_one(sandbox: Sandbox, step: str) -> None:
    """Over HTTP, each on a line of its own: two people, or one in two tabs; never a broken page, and told once."""
    ana = make.member("Ana Reyes")
    sol, bea, tess = (make.member(name, hours=None, roles=[role]) for name, role in OFFICERS)
    give(paid_visit(), by=sol)
    asked().hear(Concern.objects.get(member=ana), agrees=True, words="", at=LATER, by=ana.user)
    number = asked().pk
    who = (sol, sol) if step == "withdraw" else (bea, tess)
    browsers, address = [signed_in(one) for one in who], reverse(f"{step}_confirmation", args=[number])
    sent = {"answer": "The client had said so."}
    answers = at_once(*(lambda one=one: one.post(address, sent) for one in browsers))
    codes = [getattr(one, "status_code", one) for one in answers]
    assert codes == [302, 302] or (step == "decline" and sorted(codes) == [302, 422]), codes  # the form, with the words
    verbs = list(Event.objects.filter(kind="members.confirmation", subject=number).values_list("verb", flat=True))
    assert verbs.count(step) == 1
    became = {"confirm": "due", "decline": "declined", "withdraw": "declined"}
    assert Refund.objects.get().state == became[step]
    told = Notice.objects.filter(key__startswith=f"act_decided:{number}:").values_list("user", flat=True)
    assert len(told) == len(set(told))


def test_pay_of_whoever_left_meanwhile_bears_nothing(sandbox: Sandbox, ana: Member, sol: Member, bea: Member) -> None:
    refund = give(paid_visit(), by=sol)
    make.stand("former", ana, since=NOW.date())
    with pytest.raises(Refusal, match="has left the co-op"):
        refund.confirm(at=NOW, by=bea.user)
    assert Refund.objects.get(pk=refund.pk).state == "asked"

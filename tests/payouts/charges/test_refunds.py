"""Money back to a client: once, by whoever is responsible, and to be read in every book."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
import stripe
from django.db import connection
from django.urls import reverse

from bookings.models import Visit
from coop.errors import Refusal
from members.models import Confirmation, Member, Notice
from payouts.charges.receipts.receipts import Receipt
from payouts.ledger.presenters import months
from payouts.models import Account, Charge, Entry, PayRun, Refund, WebhookEvent
from payouts.payroll.presenters import unpaid_work
from payouts.sandbox import Fault, Mode, Sandbox
from payouts.stripe import answers, gateway
from tests import make
from tests.browsers import Browser
from tests.payouts.charges.test_charges import balances
from tests.payouts.stage import NOW, cleaning, do, paid_visit, visit, work_through

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)
FEE = 436
"""What Stripe keeps of 140.00."""


def give(done: Visit, cents: int = 5000, *, responsible: str = "coop", by: Member) -> Refund:
    charge = Charge.objects.get(visit=done, kind="price")
    made = Refund.give(charge, cents=cents, responsible=responsible, note="A vase broke.", at=LATER, by=by.user)
    return confirmed(made) if made.state == "asked" else made


def confirmed(refund: Refund) -> Refund:
    """The same after whoever bears it agreed, and a second person said yes."""
    question = Confirmation.objects.with_related().get(subject=refund.pk)
    for concern in question.answers:
        question.hear(concern, agrees=True, words="", at=LATER, by=concern.member.user)
    second = make.member("", hours=None, roles=["board"])
    Confirmation.objects.get(pk=question.pk).confirm(at=LATER, by=second.user)
    return Refund.objects.get(pk=refund.pk)


def refunds(sandbox: Sandbox) -> list[tuple[str, int]]:
    """All refunds at Stripe: state and cents."""
    client = stripe.StripeClient("sk_test_reader", base_addresses={"api": sandbox.url})
    return [(str(one.status), one.amount) for one in client.v1.refunds.list({"limit": 100}).auto_paging_iter()]


@pytest.mark.parametrize(
    ("responsible", "borne_by"),
    [("coop", "operations"), ("client", "operations"), ("nobody", "reserve"), ("worker", "pay")],
)
def test_whoever_is_responsible_bears_it(
    sandbox: Sandbox, ana: Member, tess: Member, responsible: str, borne_by: str
) -> None:
    paid_visit()
    before = balances()
    refund = give(Visit.objects.get(), responsible=responsible, by=tess)
    refund.send(at=LATER)
    after = balances()
    moved = {kind: after[kind] - before[kind] for kind in after if after[kind] != before[kind]}
    assert (refund.state, moved, refunds(sandbox)) == (
        "sent",
        {borne_by: -5000, "stripe": 5000},
        [("succeeded", 5000)],
    )


def test_what_the_client_paid_is_what_was_shared_out_and_given_back(
    sandbox: Sandbox, ana: Member, tess: Member
) -> None:
    paid_visit()
    give(Visit.objects.get(), by=tess).send(at=LATER)
    now = balances()
    assert sum(account.balance for account in Account.objects.with_balance()) == 0
    assert (now["client"], -now["stripe"]) == (0, 14000 - FEE - 5000)
    assert gateway.available_cents() == 14000 - FEE - 5000


def test_never_more_goes_back_than_was_taken(sandbox: Sandbox, ana: Member, tess: Member) -> None:
    done = paid_visit()
    give(done, 10000, by=tess).send(at=LATER)
    with pytest.raises(Refusal, match=r"at most \$40.00"):
        give(done, 4001, by=tess)
    give(done, 4000, by=tess).send(at=LATER)
    with pytest.raises(Refusal, match=r"at most \$0.00"):
        give(done, 1, by=tess)
    assert sorted(refunds(sandbox)) == [("succeeded", 4000), ("succeeded", 10000)]


def test_what_was_not_taken_is_not_given_back(ana: Member, tess: Member) -> None:
    planned = visit()
    with pytest.raises(Refusal, match="not taken yet"):
        give(planned, by=tess)


@pytest.mark.parametrize("mode", [Mode.LOST_AFTER, Mode.ERROR_AFTER, Mode.LIMITED, Mode.LOST_BEFORE, Mode.ERROR_KEPT])
def test_lost_replies_and_errors_give_back_once(sandbox: Sandbox, ana: Member, tess: Member, mode: Mode) -> None:
    refund = give(paid_visit(), by=tess)
    sandbox.faults(Fault(mode, path="/v1/refunds", times=1 if mode is Mode.LIMITED else 3))
    for minute in range(0, 60, 5):
        refund.send(at=LATER + timedelta(minutes=minute))
    refund.refresh_from_db()
    assert (refund.state, refunds(sandbox)) == ("sent", [("succeeded", 5000)])
    assert Entry.objects.filter(kind="refund").count() == 1


def test_after_twenty_hours_it_is_looked_for_and_found(sandbox: Sandbox, ana: Member, tess: Member) -> None:
    refund = give(paid_visit(), by=tess)
    sandbox.faults(Fault(Mode.LOST_AFTER, path="/v1/refunds", times=3))
    refund.send(at=LATER)
    sandbox.advance(25 * 3600)
    refund.send(at=LATER + timedelta(hours=21))
    refund.refresh_from_db()
    assert (refund.state, refunds(sandbox)) == ("sent", [("succeeded", 5000)])


def test_a_certain_no_waits_for_a_person_who_tries_again(sandbox: Sandbox, ana: Member, tess: Member) -> None:
    refund = give(paid_visit(), by=tess)
    Refund.objects.update(params={"payment_intent": "pi_unknown", "amount": 5000, "metadata": {"refund": "x"}})
    refund.send(at=LATER)
    assert (refund.state, list(Refund.objects.in_trouble())) == ("failed", [refund])
    refund.retry(at=LATER, by=tess.user)
    refund.send(at=LATER)
    refund.refresh_from_db()
    assert (refund.state, refund.number_of_try, refunds(sandbox)) == ("sent", 2, [("succeeded", 5000)])


def test_a_refund_that_the_bank_sends_back_is_undone_in_the_books(sandbox: Sandbox, ana: Member, tess: Member) -> None:
    done = paid_visit(card="refundFail")
    work_through(Charge.objects.all(), at=NOW + timedelta(days=10))
    before = balances()
    refund = give(done, by=tess)
    refund.send(at=LATER)
    refund.refresh_from_db()
    heard = answers.Event("evt_back", "refund.failed", str(refund.refund))
    WebhookEvent.receive(heard, at=LATER)
    WebhookEvent.objects.get(event="evt_back").follow(at=LATER)
    refund.refresh_from_db()
    assert (refund.state, balances()) == ("failed", before)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_sending_ten_times_at_once_gives_back_once(sandbox: Sandbox, ana: Member, tess: Member) -> None:
    refund = give(paid_visit(), by=tess)
    start, trouble = Barrier(10), []

    def work(number: int) -> None:
        start.wait()
        try:
            mine = Refund.objects.get(pk=refund.pk)
            for step in range(3):
                mine.send(at=LATER + timedelta(minutes=3 * step + number))
        except Exception as unexpected:
            trouble.append(unexpected)
        finally:
            connection.close()

    threads = [Thread(target=work, args=[number]) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (trouble, refunds(sandbox)) == ([], [("succeeded", 5000)])
    assert Entry.objects.filter(kind="refund").count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_people_who_give_back_at_once_do_not_give_too_much(sandbox: Sandbox, ana: Member, tess: Member) -> None:
    done = paid_visit()
    start, answers = Barrier(2), []

    def work() -> None:
        start.wait()
        try:
            give(done, 9000, by=tess)
            answers.append("given")
        except Refusal:
            answers.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=work) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(answers), Refund.objects.all().total()) == (["given", "refused"], 9000)


def test_the_pay_of_a_crew_bears_it_by_minutes_and_their_statement_says_so(
    sandbox: Sandbox, ana: Member, bo: Member, tess: Member
) -> None:
    done = do(visit(service=cleaning(crew=2)))
    charge = Charge.objects.get()
    seen = answers.Payment("pi_crew", charge.cents, "cus_crew", "succeeded", 0, charge.cents, None, None)
    charge.capture(seen=seen, at=LATER, by=None)
    refund = give(done, 1001, responsible="worker", by=tess)
    refund.record(refund="re_1", at=LATER, by=None)
    lines = [next((work.kind, work.cents) for work in unpaid_work(member)) for member in (ana, bo)]
    assert lines == [("refund", -501), ("refund", -500)]
    run = PayRun.draft(ends_on=date(2026, 3, 31), at=LATER + timedelta(days=9), by=tess.user)
    kinds = [sorted(line.kind for line in payout.lines.all()) for payout in run.payouts.order_by("member")]
    assert kinds == [["refund", "visit"]] * 2


def test_the_client_is_told_and_the_receipt_the_books_and_the_charge_say_so(
    sandbox: Sandbox, ana: Member, tess: Member
) -> None:
    done = paid_visit()
    refund = give(done, by=tess)
    refund.send(at=LATER)
    told = Notice.objects.get(key=f"refund:{refund.pk}")
    assert (told.user, told.subject) == (done.booking.client.user, "$50.00 is on its way back to you")
    receipt = Receipt.of(done)
    assert (receipt.total, receipt.lines[-1]) == (9000, ("Given back to you", -5000))
    assert sum(month.given_back for month in months(since=date(2026, 1, 1))) == 5000


class TestThePage:
    @pytest.fixture
    def office(self, tess: Member) -> Browser:
        browser = Browser()
        browser.force_login(tess.user)
        return browser

    def test_gives_back_what_was_asked_for(self, sandbox: Sandbox, ana: Member, office: Browser) -> None:
        done = paid_visit()
        page = reverse("refund_visit", args=[done.pk])
        wish = {"charge": Charge.objects.get().pk, "amount": "12.50", "responsible": "coop", "note": "A vase broke."}
        answer = office.post(page, wish, follow=True)
        assert "$12.50 is on its way back to the client." in answer.content.decode()
        assert "A vase broke." in answer.content.decode()
        assert (Refund.objects.get().cents, Refund.objects.get().made_by.name) == (1250, "Tess Marin")

    def test_keeps_what_was_typed_when_it_is_too_much(self, sandbox: Sandbox, ana: Member, office: Browser) -> None:
        done = paid_visit()
        wish = {"charge": Charge.objects.get().pk, "amount": "140.01", "responsible": "coop", "note": "A vase broke."}
        answer = office.post(reverse("refund_visit", args=[done.pk]), wish)
        assert "Of this charge at most $140.00 can be given back." in answer.content.decode()
        assert 'value="140.01"' in answer.content.decode()

    def test_needs_a_reason(self, sandbox: Sandbox, ana: Member, office: Browser) -> None:
        done = paid_visit()
        wish = {"charge": Charge.objects.get().pk, "amount": "1", "responsible": "worker", "note": " "}
        office.post(reverse("refund_visit", args=[done.pk]), wish)
        assert Refund.objects.count() == 0

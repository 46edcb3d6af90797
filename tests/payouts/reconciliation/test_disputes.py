"""A dispute: in the books whatever came first, answered in time, borne by who is said, and by nobody's pay."""

from dataclasses import replace
from itertools import permutations

import pytest
from django.urls import reverse

from coop.errors import Refusal
from members.models import Member, Notice
from payouts.models import Charge, Dispute, Entry, Movement, WebhookEvent
from payouts.reconciliation.disputes.evidence import letter
from payouts.sandbox import Sandbox
from payouts.stripe import answers
from payouts.stripe.walking import Disputed
from tests.browsers import Browser
from tests.payouts.reconciliation.stage import client, difference, held, now, states, walk
from tests.payouts.stage import paid_visit

pytestmark = pytest.mark.django_db
FEE = 1500


def disputed(sandbox: Sandbox) -> str:
    """The visit was paid, and its client told their bank that this was not right; the id of the dispute."""
    paid_visit()
    walk()
    return sandbox.dispute(str(client(sandbox).v1.charges.list().data[0].id))


def told(id: str, type: str) -> None:
    """Stripe calls us."""
    name = f"evt_{Movement.objects.count()}_{WebhookEvent.objects.count()}"
    WebhookEvent.receive(answers.Event(name, f"charge.dispute.{type}", id), at=now())
    WebhookEvent.objects.get(event=name).follow(at=now())
    assert WebhookEvent.objects.get(event=name).processed_at


def changed(before: dict[str, int]) -> dict[str, int]:
    after = held()
    return {
        kind: after.get(kind, 0) - before.get(kind, 0)
        for kind in after | before
        if after.get(kind, 0) != before.get(kind, 0)
    }


def test_what_a_bank_took_is_held_apart_and_back_with_its_fee_once_it_is_won(
    sandbox: Sandbox, ana: Member, tess: Member
) -> None:
    id = disputed(sandbox)
    before = held()
    told(id, "created")
    walk()
    assert (changed(before), difference()) == ({"disputes": -14000, "operations": -FEE, "stripe": 14000 + FEE}, 0)
    assert Notice.objects.get(key__startswith="dispute_opened").user == tess.user
    sandbox.judge(id, won=True)
    told(id, "closed")
    walk()
    assert (changed(before), difference(), Dispute.objects.get().state) == ({}, 0, "won")


@pytest.mark.parametrize("order", list(permutations(["walk", "created", "closed"])), ids="-".join)
def test_lost_is_borne_once_in_whatever_order_it_is_heard(
    sandbox: Sandbox, ana: Member, order: tuple[str, ...]
) -> None:
    id = disputed(sandbox)
    before = held()
    sandbox.judge(id, won=False)
    for step in (*order, *order):
        walk() if step == "walk" else told(id, step)
    lost = {"operations": -14000 - FEE, "stripe": 14000 + FEE}
    assert (changed(before), difference(), Dispute.objects.get().state) == (lost, 0, "lost")
    assert states() == {"booked": 2}


@pytest.mark.parametrize(("bearer", "kind"), [("nobody", "reserve"), ("client", "client")])
def test_whoever_is_said_to_bear_it_does_before_and_after_it_is_lost(
    sandbox: Sandbox, ana: Member, tess: Member, bearer: str, kind: str
) -> None:
    id = disputed(sandbox)
    before = held()
    walk()
    sandbox.judge(id, won=False)
    told(id, "closed")
    dispute = Dispute.objects.get()
    dispute.let_bear(bearer, note="We agreed so.", at=now(), by=tess.user)
    assert changed(before) == {kind: -14000, "operations": -FEE, "stripe": 14000 + FEE}
    dispute.let_bear("coop", note="Otherwise after all.", at=now(), by=tess.user)
    assert (changed(before), difference()) == ({"operations": -14000 - FEE, "stripe": 14000 + FEE}, 0)


def test_won_after_it_was_lost_is_back(sandbox: Sandbox, ana: Member) -> None:
    """Banks do change their mind."""
    id = disputed(sandbox)
    before = held()
    walk()
    dispute = Dispute.objects.get()
    dispute.lose(at=now(), by=None)
    sandbox.judge(id, won=True)
    walk()
    told(id, "closed")
    assert (changed(before), difference(), Dispute.objects.get().state) == ({}, 0, "won")


def test_our_answer_is_sent_once_and_leaves_out_what_no_bank_needs(sandbox: Sandbox, ana: Member, tess: Member) -> None:
    id = disputed(sandbox)
    walk()
    dispute = Dispute.objects.get()
    words = letter(dispute)
    visit = Charge.objects.get().visit
    wanted = ["Cleaning", visit.booking.home.street, "Ana", "Charged to the card", "$140.00"]
    assert [word for word in wanted if word not in words] == []
    dispute.answer("winning_evidence", at=now(), by=tess.user)
    assert client(sandbox).v1.disputes.retrieve(id).status == "won"
    with pytest.raises(Refusal, match="answer already"):
        dispute.answer("Once more", at=now(), by=tess.user)


def test_a_question_of_a_bank_takes_nothing(sandbox: Sandbox, ana: Member) -> None:
    paid_visit()
    asked = Disputed("du_asked", str(Charge.objects.get().intent), 14000, "general", "", now(), None, answered=False)
    for state in ("warning_needs_response", "warning_closed", "warning_needs_response"):
        Dispute.follow(replace(asked, state=state), at=now())
    assert (Dispute.objects.get().state, Entry.objects.filter(kind="dispute").count()) == ("closed", 0)


def test_the_page_shows_what_we_know_the_deadline_and_takes_the_answer(
    sandbox: Sandbox, ana: Member, tess: Member
) -> None:
    disputed(sandbox)
    walk()
    dispute = Dispute.objects.get()
    browser = Browser()
    browser.force_login(tess.user)
    page = browser.get(reverse("dispute", args=[dispute.pk])).content.decode()
    assert all(words in page for words in ("We can answer until", "Ana started", "A card was saved"))
    list_ = browser.get(reverse("disputes")).content.decode()
    assert reverse("dispute", args=[dispute.pk]) in list_
    assert dispute.get_absolute_url() in browser.get(reverse("trouble")).content.decode()

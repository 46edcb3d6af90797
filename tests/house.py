"""A whole co-op in small, at one moment: somebody of each kind, and something of each kind to look at.

Told in the order in which it came to be; every row came there by its own verb. The tests that walk through
everybody and everything (`test_matrix`, `test_input`, `test_secrets`) begin with it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.contrib.messages import get_messages
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpResponse
from django.test import Client as Forger
from django.urls import reverse
from PIL import Image

from bookings.models import (
    Booking,
    CareRecord,
    Client,
    DoNotSend,
    HandOver,
    HouseholdMember,
    Incident,
    Offer,
    Override,
    Photo,
    Quote,
    Redo,
    Series,
    Shift,
    Swap,
    Tap,
    ThankYou,
    Turn,
    Visit,
    WaitlistEntry,
)
from bookings.onsite.tap_rules import Said
from coop.policies import policy_cache
from governance.models import Proposal
from members.announcements.audience import Audience
from members.models import (
    Acceptance,
    Agreement,
    AgreementVersion,
    Announcement,
    Application,
    Body,
    BodyTerm,
    CalendarAddress,
    Candidate,
    Confirmation,
    Credential,
    CredentialType,
    Duty,
    Evidence,
    Leave,
    Member,
    Notice,
    OtherHours,
    Paper,
    Role,
    User,
)
from members.notices.notices import MOST_TRIES
from payouts.models import (
    BankLine,
    Charge,
    Dispute,
    Found,
    GiftCard,
    HandEntry,
    Movement,
    Payout,
    PayRun,
    Recovery,
    Refund,
    TakeBack,
)
from payouts.reconciliation.bank.lines import Read
from payouts.reconciliation.movements import UNKNOWN
from payouts.stripe import answers
from tests import make
from tests.browsers import SITE, Browser
from tests.governance import votes

NOW = datetime(2026, 3, 10, 13, tzinfo=UTC)
"""A Tuesday, nine in the morning in New York."""
A_DAY, HALF_AN_HOUR = timedelta(days=1), timedelta(minutes=30)

NOBODY, TYPIST = "nobody", "typist"
"""Who is signed in as nobody: in a new browser, or in the one in which the draft and the claimed booking were typed."""
WORDS = {
    200: "ok",
    302: "back",
    303: "stripe",
    400: "bad",
    403: "forbidden",
    404: "not_found",
    405: "method",
    410: "gone",
    422: "unfit",
    503: "unwell",
}
STREET = "77 Canary Row"
PHONE = "+12125550177"
REDO, THANKS = "Canary: the oven was forgotten", "Canary: the windows shine"
ON_PAY = "Canary: the window was left open"
REPORTED, DONE_ABOUT = "Canary: the stairs gave way", "Canary: the landlord mends them"
FILED = "Canary: filed under blue-heron"
GETTING_IN, DRAFTED = "Canary: the code of the door is kiwi-4711", "Canary: the key lies under the mat"


@dataclass
class House:
    """Everybody by first name, and what there is to look at."""

    people: Mapping[str, User]
    sessions: Mapping[str, str]
    draft: Quote
    """A quote with a time and a contact, not booked yet."""
    asked: Booking
    """A booking of Lee's that waits for a card."""
    claimed: Booking
    """With Lee's address, by somebody who was not signed in; it waits for a card."""
    series: Series
    """Kim's, every 2 weeks from Sunday on; Bo took it."""
    today: Shift
    """At Lee's in half an hour; Ana has it."""
    tap: Tap
    """Ana's start four days ago, with her phone's clock an hour off."""
    care: CareRecord
    """Of Ana's part of a visit at Kim's, as if it had been for care."""
    done: Visit
    """At Lee's four days ago, by Ana; charged, and in a pay run that was approved."""
    offer: Offer
    """To Bo, for a visit at Kim's tomorrow."""
    swap: Swap
    """Ana asks Bo to take her visit of today."""
    board: Shift
    """At Kim's next week; everybody passed."""
    kept_away: DoNotSend
    """Lee's, about Mia, who was there five days ago."""
    jo: HouseholdMember
    """Of Lee's household, and nothing else."""
    feed: CalendarAddress
    """Of Ana's shifts."""
    invited: HouseholdMember
    """Kim, who has not said yet whether she wants to belong to Lee's household."""
    redo: Redo
    """Lee's, about the visit that was done."""
    thanks: ThankYou
    """Lee's, to Ana."""
    incident: Incident
    """Ana's, from Lee's home; nobody looks after it yet."""
    photo: Photo
    """Of Lee's home, four days ago, by Ana."""
    closed: Incident
    """Ana's, too; Eli closed it."""
    refused: DoNotSend
    """Sol's, about Lee's home."""
    leave: Leave
    """Ana's."""
    single_day: OtherHours
    """Ana's; an afternoon on a day that she has off otherwise."""
    call: Notice
    """For somebody without an e-mail address, who waits for a call."""
    lost: Notice
    """To Pia, too; it was tried often enough."""
    day_off: HandOver
    """A day in April that Ana handed over."""
    charge: Charge
    """Of a visit at Kim's; the bank said no."""
    refund: Refund
    """Of the visit that was done at Lee's; it did not go through."""
    question: Confirmation
    """Tess asks that a part of what was charged for that visit goes back out of Ana's pay; it waits."""
    payout: Payout
    """To Ana; it failed."""
    recovery: Recovery
    """What Stripe has beyond the books: pay of Ana's, and a payment that nobody is known for. It stops nothing here."""
    paid: PayRun
    """Approved; it pays Ana."""
    run: PayRun
    """Waits for a second person; Tess drafted it."""
    talk: Proposal
    """Ana's; under discussion."""
    vote: Proposal
    """Ana's; open."""
    gift: GiftCard
    """Given by Kim; not paid yet."""
    wait: WaitlistEntry
    """Somebody new would like a day on which nobody was free when they asked."""
    application: Application
    credential: Credential
    board_term: BodyTerm
    """Ben belongs to the board."""
    told: Announcement
    """Sol's, to all members: can they come to a meeting?"""
    evidence: Evidence
    """Of Nora, who would like to work here; it waits. Eli is the mentor of Cara."""
    spent: HandEntry
    """Written into the books by Tess, confirmed by Ben."""
    paper: Paper
    """The minutes of a meeting; Ben put them there."""
    accepted: Acceptance
    """Ana's, of what will hold from June on; nobody else has accepted it."""
    duty: Duty
    """Ana looks after it; it comes once."""
    movement: Movement
    dispute: Dispute
    bank_line: BankLine
    take_back: TakeBack
    duty_done: Duty
    """Ana did it, as a paper shows; next year's stands."""

    def browser(self, name: str, *, forged: bool = False) -> Forger:
        """A new browser in which this person is signed in; `nobody` is in nobody's, `typist` has typed before.

        With `forged`, what it sends comes from a page that is not ours.
        """
        browser = Forger() if forged else Browser()
        browser.handler = SITE
        if name != NOBODY:
            browser.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[name]
        return browser

    def answer(self, name: str, way: str, address: str, sent: Mapping[str, object] | None = None) -> str:
        """What this person gets, in one word; whatever it changed is undone."""
        with undone():
            return in_a_word(getattr(self.browser(name), way)(address, sent or {}))


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens in here has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def in_a_word(response: HttpResponse) -> str:
    """A response in one word; the words are explained in `test_matrix`."""
    word = WORDS[response.status_code]
    if word == "back":
        if response.headers["Location"].startswith(reverse(settings.LOGIN_URL)):
            return "login"
        warned = any(one.level == messages.WARNING for one in get_messages(response.wsgi_request))  # type: ignore[attr-defined]
        return "refused" if warned else word
    form = response.context.get("form") if word == "ok" and response.context else None  # type: ignore[attr-defined]
    wrong = isinstance(form, BaseForm) and response.wsgi_request.method == "POST" and form.errors  # type: ignore[attr-defined]
    return "unfit" if wrong else word


@policy_cache()
def build() -> House:
    """Build the house. The time has to stand at NOW."""
    wait = WaitlistEntry.join(make.quote(at=NOW), date(2026, 3, 20), name="Wanda", email="wanda@example.org", at=NOW)
    lee, kim = _client("Lee Jordan", phone=PHONE), _client("Kim Park")
    ana, mia, finn, kept_away, lately, unpaid = _past(lee, kim)
    board, offer, bo = _offers(kim)
    sol, tess = _officer("Sol Vega", "coordinator"), _officer("Tess Marin", "treasurer")
    ben, eli = _officer("Ben Board", "board"), _officer("Eli Urn", "elections")
    make.role(eli, "safety")
    make.role(eli, "mentor")
    olga, omar, ossi = _twins()
    cara, eva = make.member("Cara Okafor", hours=None, candidate=True), make.member("Eva Lund", hours=None)
    eva.go_on_leave(at=NOW, by=None)
    Candidate.objects.get(pk=cara.pk).choose_mentor(eli, at=NOW, by=ben.user)
    ana.work_otherwise(date(2026, 5, 25), [(time(13), time(17))], today=NOW.date())
    ana.take_leave(first=date(2026, 4, 1), last=date(2026, 4, 3), today=NOW.date())
    make.least_wage(725)
    paid, run, payout = _pay_runs(tess, ben, ana)
    overridden(lately, giver=sol, receiver=ana, due=bo)
    jo = make.at_home("Jo Jordan", lee)
    people = (lee, kim, jo, ana, bo, mia, cara, eva, finn, sol, tess, ben, eli, olga, omar, ossi)
    today = Shift.objects.with_related().get(member=ana, state="accepted")
    by_name, typist = {one.user.first_name.lower(): one.user for one in people}, Browser()
    mark = typist.marked()
    return House(
        people=by_name,
        sessions={name: signed_in(person) for name, person in by_name.items()} | {TYPIST: session_of(typist)},
        draft=_draft(lee, browser=mark),
        asked=make.booking(client=lee, starts_at=NOW + 3 * A_DAY, at=NOW, street=STREET),
        claimed=make.claimed(starts_at=NOW + 4 * A_DAY, at=NOW, email=lee.user.email, browser=mark),
        series=make.series(starts_at=NOW + 5 * A_DAY, at=NOW, every=2, client=kim),
        today=today,
        tap=odd_tap(lately),
        care=CareRecord.write(unpaid.shifts.get(), at=NOW),
        swap=Swap.ask(today, other=bo, back=None, at=NOW, by=ana.user),
        done=lately,
        offer=offer,
        board=board,
        kept_away=kept_away,
        jo=jo,
        feed=CalendarAddress.make(ana.user, "member", at=NOW),
        invited=HouseholdMember.invite(lee, email=kim.user.email, at=NOW, by=lee.user),
        redo=Redo.ask(lately, rooms=["kitchen"], words=REDO, at=lately.completed_at, by=lee.user),
        thanks=_thanked(lately),
        incident=_reported(lately, by=ana),
        closed=_closed(lately, by=ana, eli=eli),
        photo=_photographed(lately),
        refused=DoNotSend.place(client=lee, member=sol, placer="member", reason="conduct", at=NOW, by=sol.user),
        single_day=OtherHours.objects.get(),
        leave=ana.leaves.earliest("pk"),
        call=(call := _call()),
        lost=Notice.objects.create(
            key="lost", mail="visit_moved", user=call.user, way="sms", subject="Moved", due_at=NOW, tries=MOST_TRIES
        ),
        day_off=_day_off(ana, board, by=sol.user),
        charge=_declined(unpaid),
        refund=_refunded(lately, tess),
        question=_asked(lately, tess),
        payout=payout,
        recovery=_found_at_stripe(ana),
        paid=paid,
        run=run,
        talk=votes.discussing(ana),
        vote=votes.live(ana),
        gift=GiftCard.objects.create(cents=5000, buyer=kim.user, asked_at=NOW, look_at=NOW),
        wait=wait,
        application=_applied(),
        credential=make.credential(bo, "cpr"),
        board_term=_board(ben),
        told=_announced(by=sol),
        evidence=_shown(ana),
        spent=_spent(tess, ben),
        paper=Paper.add(kind="minutes", title="Minutes", day=NOW.date(), file=_picture(), at=NOW, by=ben.user),
        accepted=_accepted(ana, by=ben),
        duty=Duty.add(
            title_en="Renew the insurance", due_on=date(2026, 6, 1), repeats="once", owner=ana, at=NOW, by=ben.user
        ),
        duty_done=_duty_done(ana, by=ben),
        movement=_moved(),
        dispute=_disputed(unpaid),
        bank_line=_banked(tess),
        take_back=_taken_back(payout, tess),
    )


def _moved() -> Movement:
    """Something moved at Stripe that nobody knows."""
    facts = {"cents": -700, "fee_cents": 0, "moved_at": NOW - A_DAY, "due_at": NOW + A_DAY}
    return Movement.objects.create(bt="txn_odd", type="reserve_transaction", state="waits", reason=UNKNOWN, **facts)


def _disputed(visit: Visit) -> Dispute:
    """A bank took a payment back."""
    facts = {"opened_at": NOW - A_DAY, "due_by": NOW + 6 * A_DAY, "look_at": NOW + A_DAY, "reason": "fraudulent"}
    return Dispute.objects.create(dispute="du_house", charge=visit.charges.get(), cents=9000, **facts)


def _banked(tess: Member) -> BankLine:
    """Something came to our account that nobody knows."""
    BankLine.take_in([Read(NOW.date(), 1234, "WHO KNOWS", "77")], at=NOW, by=tess.user)
    return BankLine.objects.get()


def _taken_back(payout: Payout, tess: Member) -> TakeBack:
    """Pay that could not be taken back."""
    facts = {"note": "Paid twice.", "made_by": tess.user, "made_at": NOW, "due_at": NOW, "trouble": "It is gone."}
    return TakeBack.objects.create(payout=payout, cents=100, state="failed", **facts)


def _past(lee: Client, kim: Client) -> tuple[Member, Member, Member, DoNotSend, Visit, Visit]:
    """Finn was at Lee's and left the co-op; Mia was, and is kept away; Ana was, and has today's visit, too."""
    finn = make.member("Finn Past")
    done(lee, days_ago=6)
    finn.leave_coop(at=NOW - 5 * A_DAY, by=None)
    mia = make.member("Mia Away")
    done(lee, days_ago=5)
    kept_away = DoNotSend.place(
        client=lee, member=mia, placer="client", reason="conduct", at=NOW - 4 * A_DAY, by=lee.user
    )
    mia.open_week([])
    ana = make.member("Ana Reyes", minutes_wanted=2400)
    lately, unpaid = done(lee, days_ago=4), done(kim, days_ago=3)
    then = NOW - 2 * A_DAY
    make.accepted(client=lee, starts_at=NOW + HALF_AN_HOUR, at=then, street=STREET, access_note=GETTING_IN)
    return ana, mia, finn, kept_away, lately, unpaid


def _offers(kim: Client) -> tuple[Shift, Offer, Member]:
    """A shift that everybody passed, and one that waits for Bo's answer."""
    board = make.confirmed(client=kim, starts_at=NOW + 7 * A_DAY, at=NOW).first_visit().shifts.get()
    for waiting in Offer.objects.waiting().filter(shift=board):
        waiting.pass_on(at=NOW, by=waiting.member.user, why="time")
    bo = make.member("Bo Lindgren", minutes_wanted=4800)
    made = make.confirmed(client=kim, starts_at=NOW + A_DAY, at=NOW)
    return board, Offer.objects.waiting().get(member=bo, shift__visit__booking=made), bo


def _pay_runs(tess: Member, ben: Member, ana: Member) -> tuple[PayRun, PayRun, Payout]:
    """One was approved and its payout to Ana failed; the next one waits."""
    paid = PayRun.draft(ends_on=date(2026, 3, 6), at=NOW, by=tess.user)
    paid.approve(at=NOW, by=ben.user)
    payout = paid.payouts.get(member=ana)
    Payout.objects.claim(payout.pk, at=NOW)
    payout.fail(reason="Stripe said no.", at=NOW, by=None)
    return paid, PayRun.draft(ends_on=date(2026, 3, 7), at=NOW, by=tess.user), payout


def _spent(tess: Member, ben: Member) -> HandEntry:
    said: dict[str, Any] = {
        "kind": "expense",
        "what": "software",
        "fund": "upkeep",
        "cents": 25,
        "note": "A name on the web",
    }
    one = HandEntry.draft(**said, day=NOW.date(), receipt=_picture(), at=NOW, by=tess.user)
    Confirmation.objects.get(kind="hand_entry").confirm(at=NOW, by=ben.user)
    return one


def _picture() -> bytes:
    kept = BytesIO()
    Image.new("RGB", (8, 8), "white").save(kept, "PNG")
    return kept.getvalue()


def _shown(ana: Member) -> Evidence:
    """Ana's certificate waits until somebody has looked at it."""
    return Evidence.show(
        ana,
        type=CredentialType.objects.get(code="hha"),
        number="",
        issued_on=NOW.date(),
        expires_on=None,
        photo=_picture(),
        at=NOW,
        by=ana.user,
    )


def _accepted(ana: Member, *, by: Member) -> Acceptance:
    agreement = Agreement.add(name_en="Handbook", name_es="Manual", at=NOW, by=by.user)
    words = {"text_en": "We are kind.", "text_es": "Somos amables.", "starts_on": date(2026, 6, 1)}
    AgreementVersion.write(agreement, **words, at=NOW, by=by.user).accept(language="es", at=NOW, by=ana.user)
    return Acceptance.objects.select_related("version__agreement").get()


def _duty_done(ana: Member, *, by: Member) -> Duty:
    """With a note, and a photo for a paper."""
    made = Duty.add(title_en="Renew the licence", due_on=date(2026, 5, 1), owner=ana, at=NOW, by=by.user)
    made.finish(words=FILED, paper=_picture(), at=NOW, by=ana.user)
    return made


def _board(ben: Member) -> BodyTerm:
    words = {"name_en": "Board", "name_es": "Consejo", "may_en": "Decide.", "may_es": "Decidir.", "quorum": 1}
    body = Body.found(at=NOW, by=ben.user, note="The founding meeting", **words)
    return body.terms.create(member=ben, starts_on=make.FIRST_DAY, decision="The founding meeting")


def _announced(*, by: Member) -> Announcement:
    words = {"subject_en": "We meet in June", "body_en": "Canary: bring a cake.", "office": "coordinator"}
    return Announcement.send(
        uuid4(), audience=Audience(), asks=True, begins_at=NOW + 90 * A_DAY, at=NOW, by=by.user, **words
    )


def _applied() -> Application:
    application = make.application(at=NOW)
    application.prove(at=NOW, by=None)
    return application


def _draft(client: Client, *, browser: UUID) -> Quote:
    draft = make.quote(client=client, at=NOW, street="9 Draft Lane", access_note=DRAFTED, browser=browser)
    draft.choose_time(NOW + 4 * A_DAY, at=NOW, client=client)
    return draft


def overridden(visit: Visit, *, giver: Member, receiver: Member, due: Member) -> Override:
    """The turn of a visit as a coordinator decided it."""
    shift = visit.shifts.get()
    record = {"member": due.pk, "received": 0, "wanted": 60, "share": 0.0, "against": ""}
    turn = Turn.objects.create(shift=shift, decided_at=NOW - A_DAY, chosen=receiver, candidates=[record])
    return Override.objects.create(
        turn=turn, shift=shift, giver=giver, receiver=receiver, reason="She knows the lift.", at=NOW - A_DAY
    )


def odd_tap(visit: Visit) -> Tap:
    """A start once more, from a phone whose clock is an hour off."""
    shift = visit.shifts.get()
    said = Said(device_at=shift.starts_at - A_DAY / 24, sent_at=shift.starts_at - A_DAY / 24)
    return Tap.deliver(uuid4(), shift=shift, kind="start", said=said, at=shift.starts_at, by=shift.member.user)


def _thanked(visit: Visit) -> ThankYou:
    ThankYou.write(visit, words=THANKS, at=NOW)
    return visit.thanks.get()


def _reported(visit: Visit, *, by: Member) -> Incident:
    return Incident.report(visit.shifts.get(), kind="broken", words=REPORTED, left=False, at=NOW, by=by.user)


def _closed(visit: Visit, *, by: Member, eli: Member) -> Incident:
    incident = _reported(visit, by=by)
    incident.close(DONE_ABOUT, at=NOW, by=eli.user)
    return incident


def _photographed(visit: Visit) -> Photo:
    assert visit.completed_at is not None
    shift, kept = visit.shifts.get(), BytesIO()
    Image.new("RGB", (8, 8), "green").save(kept, "PNG")
    return Photo.take(shift, photo=kept.getvalue(), moment="after", at=visit.completed_at, by=shift.member.user)


def _declined(visit: Visit) -> Charge:
    charge: Charge = Charge.objects.get(visit=visit)
    charge.decline(reason="The bank said no.", at=NOW, by=None)
    return charge


def _call() -> Notice:
    """Who it is for stands in no other list, so that nobody's page changes by it."""
    told = User.objects.create_user("", "Pia Phone")
    Client.objects.create(user=told, phone="+12125550199", since=make.SPRING)
    return Notice.objects.create(
        key="a call", mail="booking_confirmed", user=told, subject="Your visit", body="It stands.", due_at=NOW
    )


def _day_off(member: Member, shift: Shift, *, by: User) -> HandOver:
    made = HandOver.begin(member, day=date(2026, 4, 20), at=NOW, by=by)
    made.shifts.add(shift)
    return made


def _refunded(visit: Visit, tess: Member) -> Refund:
    charge: Charge = Charge.objects.get(visit=visit)
    seen = answers.Payment("pi_house", charge.cents, "cus_house", "succeeded", 0, charge.cents, None, None)
    charge.capture(seen=seen, at=NOW - 4 * A_DAY, by=None)
    refund = Refund.give(charge, cents=500, responsible="coop", note="A vase broke.", at=NOW, by=tess.user)
    refund.fail(reason="Stripe said no.", at=NOW, by=None)
    return refund


def _found_at_stripe(ana: Member) -> Recovery:
    recovery = Recovery.objects.create(since=NOW - A_DAY, opened_at=NOW)
    about: dict[str, Any] = {"recovery": recovery, "made_at": NOW - A_DAY, "name": {}}
    Found.objects.create(kind="transfer", thing="tr_house", cents=13_300, means="pay", member=ana, **about)
    trouble = "Stripe does not know it."
    Found.objects.create(kind="payment", thing="pi_lost", cents=14_000, means="nobody", trouble=trouble, **about)
    return recovery


def _asked(visit: Visit, tess: Member) -> Confirmation:
    charge: Charge = Charge.objects.get(visit=visit)
    Refund.give(charge, cents=300, responsible="worker", note=ON_PAY, at=NOW, by=tess.user)
    return Confirmation.objects.exclude(kind="hand_entry").get()


def _client(name: str, *, phone: str = "") -> Client:
    return Client.objects.create(user=make.user(name), phone=phone, since=make.SPRING)


def _officer(name: str, role: str) -> Member:
    return make.member(name, hours=None, roles=[role])


def _twins() -> tuple[Member, Member, Member]:
    """Olga held every office and has left, those of Omar are over and begin again tomorrow, Ossi is on leave."""
    olga, omar, ossi = (make.member(name, hours=None) for name in ("Olga Gone", "Omar Over", "Ossi Away"))
    for kind in Role.Kind.values:
        make.role(olga, kind)
        make.role(ossi, kind)
        if kind in ("treasurer", "coordinator"):
            make.role(omar, kind).end(at=NOW - A_DAY / 24, by=None, note="Proposal 12")
        else:
            make.role(omar, kind, ends_on=NOW.date() - A_DAY)
        make.role(omar, kind, starts_on=NOW.date() + A_DAY)
    olga.leave_coop(at=NOW - A_DAY, by=None)
    ossi.go_on_leave(at=NOW, by=None)
    return olga, omar, ossi


@policy_cache()
def done(client: Client, *, days_ago: int) -> Visit:
    """A visit in the morning some days ago, booked two days before, and done."""
    starts_at = NOW - days_ago * A_DAY + 2 * HALF_AN_HOUR
    shift = make.accepted(client=client, starts_at=starts_at, at=starts_at - 2 * A_DAY, street=STREET)
    shift.start(at=shift.starts_at, by=shift.member.user)
    shift.complete(at=shift.ends_at, by=shift.member.user)
    return Visit.objects.get(pk=shift.visit_id)


def signed_in(person: User) -> str:
    """The session of a browser in which they have just signed in."""
    browser = Browser()
    browser.force_login(person)
    return session_of(browser)


def session_of(browser: Browser) -> str:
    """By which the site knows this browser again."""
    return browser.cookies[settings.SESSION_COOKIE_NAME].value

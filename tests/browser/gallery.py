"""One of everything that a page can show, made by the domain's own verbs at times before the pages are looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from importlib import import_module
from io import BytesIO
from typing import Any
from uuid import uuid4

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from PIL import Image

from bookings.care.records import Correction
from bookings.models import (
    AreaChange,
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
    Service,
    Shift,
    Swap,
    Tap,
    ThankYou,
    Visit,
    WaitlistEntry,
)
from bookings.policies import OPERATIONS_SHARE, PAY_FLOOR, RESERVE_SHARE, UPKEEP_SHARE, WORKER_SHARE
from bookings.visits.browsers import MARK
from governance.ballots.calendar import DAY
from governance.models import Proposal
from members.announcements.audience import Audience
from members.duties.usual import USUAL
from members.models import (
    Acceptance,
    Agreement,
    AgreementVersion,
    Announcement,
    Body,
    BodyTerm,
    Candidate,
    Confirmation,
    CredentialType,
    Duty,
    Evidence,
    FounderInvitation,
    Lesson,
    Member,
    Notice,
    Paper,
    Reach,
    User,
)
from payouts.ledger.supplements import Paid
from payouts.models import (
    BankLine,
    Charge,
    Dispute,
    Found,
    GiftCard,
    HandEntry,
    Movement,
    PayRun,
    Recovery,
    Refund,
    Supplement,
)
from payouts.reconciliation.bank.lines import Read
from payouts.reconciliation.movements import UNKNOWN
from payouts.stripe.answers import Taken
from tests import keys, make
from tests.bookings.balance import decide
from tests.paper import blank
from tests.stack import Stack
from tests.visitor import Visitor

HOUR = timedelta(hours=1)
DESK = uuid4()
"""The mark of the browser in which bookings were typed."""


@dataclass
class Gallery:
    """The co-op to look at. `things` are the rows that addresses of pages are made of, `pressed` the buttons tried."""

    stack: Stack
    people: dict[str, User] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)
    pressed: set[str] = field(default_factory=set)

    @classmethod
    def hung_in(cls, stack: Stack) -> Gallery:
        """Everything in its place."""
        gallery = cls(stack)
        gallery._cast()
        gallery._visits()
        gallery._save_card("bypassPending")
        stack.sweep()
        gallery._pay()
        gallery._votes()
        gallery._declined_tip()
        gallery._to_confirm()
        stack.sweep()
        gallery._found_at_stripe()
        gallery._does_not_fit()
        return gallery

    def _found_at_stripe(self) -> None:
        """As if a backup had been restored; nothing is stopped by it here."""
        now, visit = self.stack.now, Charge.objects.earliest("pk").visit
        about: dict[str, Any] = {"recovery": Recovery.objects.create(since=now - DAY, opened_at=now), "name": {}}
        about["made_at"] = now - DAY
        member, client = self.ana, visit.booking.client
        Found.objects.create(kind="transfer", thing="tr_1", cents=41_332, means="pay", member=member, **about)
        Found.objects.create(
            kind="payment", thing="pi_1", cents=13_500, means="charge", client=client, visit=visit, **about
        )
        Found.objects.create(kind="customer", thing="cus_1", cents=0, means="link", client=client, **about)
        trouble = "The money is not in the balance yet."
        Found.objects.create(kind="payment", thing="pi_2", cents=9_000, means="nobody", trouble=trouble, **about)

    def _does_not_fit(self) -> None:
        """Something moved at Stripe and at the bank that nobody knows, and a bank took a payment back."""
        now, charge = self.stack.now, Charge.objects.filter(visit=self.things["done"]).earliest("pk")
        moved: dict[str, Any] = {"cents": -700, "fee_cents": 0, "moved_at": now - DAY, "due_at": now + DAY}
        odd = Movement(bt="txn_odd", type="reserve_transaction", state="waits", reason=UNKNOWN, **moved)
        odd.save()
        BankLine.take_in([Read(now.date(), 123_456, "WHO KNOWS", "77")], at=now, by=self.tess.user)
        asked: dict[str, Any] = {"opened_at": now - DAY, "due_by": now + 6 * DAY, "look_at": now + 90 * DAY}
        dispute = Dispute(dispute="du_1", charge=charge, cents=charge.cents, reason="fraudulent", **asked)
        dispute.save()
        self.things |= {"movement": odd, "dispute": dispute}

    def visitor(self, who: str) -> Visitor:
        """Somebody without JavaScript who is signed in already."""
        visitor = self.stack.visitor()
        visitor.session.cookies.set("evenhand-session", self.session_of(who))
        return visitor

    def session_of(self, who: str) -> str:
        """A session of somebody who is signed in already, or (`desk`) of the browser in which everything was typed."""
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        if who == "desk":
            session[MARK] = str(DESK)
            session.create()
            return str(session.session_key)
        user = self.people[who]
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        keys.used_in(session, user)
        session.create()
        return str(session.session_key)

    def _cast(self) -> None:
        self.ana = make.member("Ana Reyes", languages=["es", "en"])
        self.bo = make.member("Bo Lindgren")
        self.cara = make.member("Cara Okafor", candidate=True)
        self.sol = make.member("Sol Vega", hours=None, roles=["coordinator", "board", "elections"])
        RecoveryCodes.activate(self.sol.user)
        self.tess = make.member("Tess Marin", hours=None, roles=["treasurer"])
        make.least_wage(725)
        self.things["wage"] = make.least_wage(2400, state="NY", since=self.stack.now.date() + timedelta(days=30))
        self.dan = make.user("Dan Ortiz")
        make.role(self.ana, "mentor")
        candidate = Candidate.objects.get(pk=self.cara.pk)
        candidate.choose_mentor(self.ana, at=self.stack.now, by=self.sol.user)
        candidate.learn(Lesson.objects.standing()[:2], at=self.stack.now, by=self.ana.user)
        self.things["candidate"] = candidate
        self.things["application_sent"] = make.application("rosa-soto@example.org", at=self.stack.now)
        self.things["application"] = make.application(at=self.stack.now)
        self.things["application"].prove(at=self.stack.now, by=None)
        self.things["application"].invite("Tuesday at ten, at our office?", at=self.stack.now, by=self.sol.user)
        self.things["application"].note("She has two references.", at=self.stack.now, by=self.sol.user)
        self.things["body_term"] = self._board()
        self.things["told"] = self._announcement()
        self.things["credential"] = make.credential(self.bo)
        self.things["evidence"] = self._evidence()
        self._duties()
        self._agreement()
        self._areas()
        self._papers()
        self._spent()
        members: dict[str, Member] = {
            "ana": self.ana,
            "bo": self.bo,
            "sol": self.sol,
            "tess": self.tess,
            "cara": self.cara,
        }
        self.people = {name: member.user for name, member in members.items()} | {"dan": self.dan}
        self.people["asked_to_found"] = founder = make.user("Ivan Petrov")
        offices = {"offices": ["treasurer", "safety"], "invited_by": self.sol.user, "invited_at": self.stack.now}
        self.things["asked_to_found"] = FounderInvitation.objects.create(user=founder, **offices)

    def _papers(self) -> None:
        """Minutes that were corrected, a policy, and one that was taken away."""
        facts: dict[str, Any] = {
            "day": self.stack.now.date(),
            "file": blank(),
            "at": self.stack.now,
            "by": self.sol.user,
        }
        first = Paper.add(kind="minutes", title="Minutes of the meeting in April", **facts)
        first.replace(title="Minutes of the meeting in April, corrected", **facts)
        self.things["paper"] = Paper.objects.get(replaces=first)
        gone = Paper.add(kind="insurance", title="Policy of last year", **facts)
        gone.remove(reason="It had the address of a client on it.", at=self.stack.now, by=self.sol.user)
        Paper.add(kind="insurance", title="Liability insurance", **facts)

    def _spent(self) -> None:
        """An expense in the books with its receipt, and one that waits."""
        now = self.stack.now
        about: dict[str, Any] = {"kind": "expense", "what": "software", "fund": "upkeep", "cents": 4800}
        about |= {"day": now.date(), "receipt": blank(), "at": now, "by": self.tess.user}
        HandEntry.draft(**about, note="A name on the web, for a year")
        asked = Confirmation.objects.get(kind="hand_entry")
        asked.confirm(at=now, by=asked.seconds(now)[0])
        HandEntry.draft(**about, note="Two days of work on the site")

    def _areas(self) -> None:
        """One that comes."""
        now, later = self.stack.now, self.stack.now.date() + timedelta(days=20)
        AreaChange.make(add=["10701"], reason="Two of us live there.", from_day=later, at=now, by=self.sol.user)

    def _agreement(self) -> None:
        """A handbook that will hold, which only Bo has accepted."""
        now, sol = self.stack.now, self.sol.user
        handbook = Agreement.add(name_en="Handbook", name_es="Manual", at=now, by=sol)
        words = {
            "text_en": "We are kind.\n\nWe tell each other early when something does not work.",
            "text_es": "Somos amables.\n\nNos avisamos pronto cuando algo no funciona.",
            "changed_en": "How early we say that we cannot come.",
            "changed_es": "Con cuánta anticipación avisamos que no podemos venir.",
        }
        later = now.date() + timedelta(days=30)
        self.things["version"] = AgreementVersion.write(handbook, starts_on=later, **words, at=now, by=sol)
        self.things["version"].accept(language="es", at=now, by=self.bo.user)
        self.things["accepted"] = Acceptance.objects.get()

    def _duties(self) -> None:
        """One that Ana looks after, one that nobody does, one that is late, and one that is done."""
        now, sol = self.stack.now, self.sol.user
        for usual, days in zip(USUAL[:2], (1, 400), strict=True):
            due_on = now.date() + timedelta(days=days)
            Duty.add(code=usual.code, due_on=due_on, **usual.titles(), **usual.abouts(), at=now, by=sol)
        facts = {"title_en": "Renew the insurance", "due_on": now.date() + timedelta(days=40), "owner": self.ana}
        self.things["duty"] = Duty.add(**facts, deputy=self.bo, at=now, by=sol)
        late = Duty.add(**facts | {"title_en": "Annual meeting", "repeats": "once"}, at=now, by=sol)
        Duty.objects.filter(pk=late.pk).update(due_on=now.date() - timedelta(days=3))
        done = Duty.add(**facts | {"title_en": "Renew the licence"}, at=now, by=sol)
        done.finish(words="Paid by check, number 1042.", paper=blank(), at=now, by=self.ana.user)
        self.things["duty_done"] = done

    def _board(self) -> BodyTerm:
        """Ana's term on the board."""
        words = {"name_en": "Board", "name_es": "Consejo", "quorum": 2, "up_to_cents": 250_000}
        may = {"may_en": "Signs what the members decided.", "may_es": "Firma lo que decidieron los miembros."}
        body = Body.found(at=self.stack.now, by=self.sol.user, note="Annual meeting", **words, **may)
        days = {"starts_on": self.stack.now.date() - 90 * DAY, "ends_on": self.stack.now.date() + 600 * DAY}
        return body.terms.create(member=self.ana, decision="Annual meeting", **days)

    def _announcement(self) -> Announcement:
        """Sol's, to all members."""
        return Announcement.send(
            uuid4(),
            audience=Audience(),
            asks=True,
            begins_at=self.stack.now + 20 * DAY,
            at=self.stack.now,
            by=self.sol.user,
            office="board",
            subject_en="Members' meeting",
            body_en="We talk about the reserve. There is soup.\n\nBring your questions.",
        )

    def _evidence(self) -> Evidence:
        """Ana's certificate, which somebody has to look at."""
        kept, today = BytesIO(), self.stack.now.date()
        Image.new("RGB", (400, 300), "beige").save(kept, "PNG")
        return Evidence.show(
            self.ana,
            type=CredentialType.objects.get(code="hha"),
            number="HHA-204417",
            issued_on=today - 30 * DAY,
            expires_on=today + 300 * DAY,
            photo=kept.getvalue(),
            at=self.stack.now,
            by=self.ana.user,
        )

    def _visits(self) -> None:
        """Three done, one today, one tomorrow with an offer, one waiting for a card, one being drafted."""
        now = self.stack.now.replace(minute=0, second=0, microsecond=0)  # however long the stack took to start
        past = [self._booked(days, at=now - (days + 3) * DAY, done=True) for days in (20, 9, 4)]
        self.things["done"] = past[-1]
        lately = past[1]
        self.things["redo"] = Redo.ask(
            lately,
            rooms=["kitchen", "bathroom"],
            words="Behind the stove, please.",
            at=lately.completed_at,
            by=lately.booking.client.user,
        )
        ThankYou.write(lately, words="The windows shine. Thank you, and say hello to your mother!", at=now)
        self._stand("thanked", of=lately)
        self.people["lee"] = past[-1].booking.client.user
        self.things["today"] = self._booked(0, at=now - 3 * DAY)
        self.things["offered"] = self._booked(-2, at=now, accepted=False)
        self._stand("offered", of=self.things["offered"])
        self._stand("today", of=self.things["today"])
        self._stand("done", of=self.things["done"])
        self._odd_taps(now)
        self._reports(now)
        self._photos(self.things["done_shift"])
        self._care(now)
        self.things["open"] = self._booked(-3, at=now, accepted=False)
        for _time in range(3):
            offer = Offer.objects.waiting().get(shift__visit=self.things["open"])
            offer.pass_on(at=now, by=offer.member.user, why=Offer.Why.TIME)
        self._stand("open", of=self.things["open"])
        self._given(now)
        client = self.things["done"].booking.client
        DoNotSend.place(client=client, member=self.cara, placer="client", reason="other", at=now, by=client.user)
        make.at_home("Noor Lee", client, at=now)
        invited = HouseholdMember.invite(client, email="sam-abreu@example.org", at=now, by=client.user)
        self.things["invitation"], self.people["guest"] = invited, invited.user
        invited.user.prove(at=now)
        Reach.objects.create(user=invited.user, phone="+17185550155", confirmed_at=now, urgent_by=["mail", "sms"])
        for _household in range(3):
            other = make.client(since=now)
            DoNotSend.place(client=other, member=self.cara, placer="client", reason="schedule", at=now, by=other.user)
        safe = make.member("Noa Stern", hours=None, roles=["safety", "membership"])
        self.people["safe"] = safe.user
        able = (self.bo, self.cara, self.tess, safe, self.ana)
        for _time in range(4):
            decide(self.sol, self.ana, *able, at=now - DAY, shift=self.things["done_shift"])
        DoNotSend.place(client=client, member=self.sol, placer="member", reason="other", at=now, by=self.sol.user)
        self.things["broken_off"] = self._booked(-8, at=now)
        left = self.things["broken_off"].shifts.get()
        left.leave_for_safety(at=now, by=left.member.user)
        ahead = self._booked(-6, at=now)
        self._stand("outside", of=ahead)
        Swap.ask(self.things["outside_shift"], other=self._colleague(), back=None, at=now, by=self.sol.user)
        day = ahead.starts_at.astimezone(ahead.booking.home.zone).date()
        self.people["outside_worker"].membership.work_otherwise(day, [], today=now.date())
        caller = Client.by_phone(
            name="Rosa Prado", phone="+17185550144", email="", language="es", at=now, by=self.sol.user
        )
        Notice.objects.create(
            key="call",
            mail="booking_confirmed",
            user=caller.user,
            subject="Your visit stands",
            body="On Thursday.\n\nWe come.",
            due_at=now,
        )
        Notice.objects.create(
            key="failed",
            mail="offer_made",
            user=self.tess.user,
            way="sms",
            subject="Your turn: Friday, May 8, 1:00 PM",
            body="",
            due_at=now,
            tries=8,
            trouble="The carrier says 400, code 21614.",
        )
        handed = HandOver.begin(self.tess, day=now.date(), at=now, by=self.sol.user)
        handed.shifts.add(self.things["offered_shift"])
        self.things["handed_over"] = handed
        requested = Booking.request(self._quote(at=now, in_days=4), at=now, by=None)
        self.things["claim"] = requested.client
        self.things["unpaid"] = requested
        self.things["quote"] = self._quote(at=now, in_days=5)
        self._gifts(now)
        self.things["full"] = make.quote(at=now, service=Service.objects.get(code="aide"))
        self._series(now)
        self._under_way(now)
        self._not_proven(now)
        day = (now + 9 * DAY).date()
        WaitlistEntry.join(self.things["full"], day, name="Robin Wait", email="robin-wait@example.org", at=now)

    def _under_way(self, now: Any) -> None:
        """A visit that began late, between two others of the day, so that somebody was free for it."""
        begun = make.accepted(starts_at=now - 2.5 * HOUR, at=now - 3 * DAY)
        begun.start(at=now - HOUR / 4, by=begun.member.user)
        self._stand("begun", of=begun.visit)

    def _not_proven(self, at: Any) -> None:
        """A booking with a card, whose address nobody has shown to be theirs."""
        booking = Booking.request(self._quote(at=at, in_days=9), at=at, by=None)
        booking.card_saved(at=at, by=None)
        self.things["not_proven"] = booking

    def _odd_taps(self, at: Any) -> None:
        """A start far from the home that came late, by a phone whose clock is off, and one that was not used."""
        shift = self.things["today_shift"]
        Tap.objects.bulk_create(
            Tap(
                uuid=uuid4(),
                shift=shift,
                by=shift.member.user,
                kind=kind,
                at=at - HOUR,
                device_at=at - 2 * HOUR,
                received_at=at,
                meters=640,
                flags=["far", "clock", "waited"],
                refusal=refusal,
            )
            for kind, refusal in {"start": "", "finish": "This visit is not yours any more."}.items()
        )

    def _care(self, at: Any) -> None:
        """The record of a visit as if it had been for care, put right once."""
        record = CareRecord.write(self.things["done_shift"], at=at)
        told = Correction(record.recipient, record.street, record.starts_at, record.ends_at - HOUR)
        self.things["care"] = record.edit(told, reason="The phone was left in the car.", at=at, by=self.sol.user)

    def _given(self, at: Any) -> None:
        """A shift that went to somebody else than whose turn it was (not to Cara, whom the household keeps away)."""
        visit = self._booked(-7, at=at, accepted=False)
        shift = Shift.objects.with_related().get(visit=visit)
        order = [candidate.member for candidate in shift.in_turn(at=at) if not candidate.against]
        other = Member.objects.get(pk=next(pk for pk in order[1:] if pk != self.cara.pk))
        Override.give(shift, to=other, reason="The client speaks only Spanish.", at=at, by=self.sol.user)
        self._stand("given", of=visit)

    def _gifts(self, at: Any) -> None:
        """A gift card that waits for its code to be typed, and one that became the client's credit."""
        client = self.things["done"].booking.client
        for number, cents in enumerate((10000, 2500)):
            gift = GiftCard.objects.create(
                cents=cents, buyer=self.dan, to_name="Rosa", message="Rest a little.", asked_at=at, look_at=at
            )
            gift.pay(taken=Taken(f"txn_gift_{number}", cents, 100), at=at, by=None)
            self.things["gift"] = gift if number == 0 else self.things["gift"]
        gift.use(client, at=at, by=client.user)

    def _series(self, now: Any) -> None:
        """Every two weeks, with one day skipped and one on which nobody can come."""
        draft = self._quote(at=now, in_days=6)
        draft.every = 2
        draft.save()
        booking = Booking.request(draft, at=now, by=make.booker(draft))
        booking.card_saved(at=now, by=None)
        third = booking.series.rules()[0].first + 28 * DAY
        for member in (self.ana, self.bo, self.cara):
            member.take_leave(first=third, last=third, today=now.date())
        booking.series.extend(at=now)
        booking.series.skip(booking.series.days.order_by("day")[1], at=now, by=None)
        self.things["series"] = booking

    def _photos(self, shift: Any) -> None:
        for moment, color in (("before", "#5a4632"), ("after", "#cfe3d2")):
            kept = BytesIO()
            Image.new("RGB", (640, 480), color).save(kept, "JPEG")
            Photo.take(shift, photo=kept.getvalue(), moment=moment, at=shift.done_at, by=shift.member.user)

    def _reports(self, now: Any) -> None:
        """One that waits, and one that was closed; from the shift of today, so that its worker reads them."""
        shift = self.things["today_shift"]
        self.sol.move(phone="+17185550177", zip=self.sol.zip, areas=[])
        said = {"shift": shift, "at": now, "by": shift.member.user}
        words = "Somebody shouted at me in the hall and stood in front of the door."
        self.things["incident"] = Incident.report(**said, kind="unsafe", words=words, left=False)
        closed = Incident.report(**said, kind="broken", words="The blue vase in the hall.", left=False)
        closed.close("We called them, and the co-op pays for it.", at=now, by=self.sol.user)

    def _stand(self, name: str, *, of: Visit) -> None:
        """Keep the shift of a visit by name, and whoever has it or is asked."""
        shift = of.shifts.get()
        self.things[f"{name}_shift"] = shift
        self.people[f"{name}_worker"] = (shift.member or shift.offers.latest("pk").member).user

    def _colleague(self) -> Member:
        """Whoever is asked for the offer that waits, or else another than whoever has the shift to swap."""
        asked, has_it = self.people["offered_worker"].membership, self.people["outside_worker"].membership
        return asked if asked and asked != has_it else self.bo if has_it == self.ana else self.ana

    def _quote(self, *, at: Any, in_days: int) -> Quote:
        service = Service.objects.get(code="cleaning")
        price = service.quote(on=at.date(), bedrooms=2, bathrooms=1)
        quote = Quote.objects.create(
            made_at=at,
            service=service,
            bedrooms=2,
            bathrooms=1,
            zip=make.zip_code(),
            minutes=price.minutes,
            cents=price.cents,
            crew=price.crew,
            name="Jordan Lee",
            email="jordan-lee@example.org",
            phone="+17185550142",
            street="414 7th Avenue",
            apartment="3R",
            access_note="The key is with Mr. Abreu on the first floor.",
            browser=DESK,
        )
        first = (at + in_days * DAY).astimezone(quote.zone).date()
        openings = quote.openings(first=first, days=10, at=at)
        noon = [opening for opening in openings if opening.astimezone(quote.zone).hour == 13] or openings
        quote.choose_time(noon[0], at=at)
        return quote

    def _booked(self, days_ago: int, *, at: Any, accepted: bool = True, done: bool = False) -> Visit:
        """A visit so many days ago (or ahead), booked `at`."""
        quote = self._quote(at=at, in_days=3 if days_ago >= 0 else -days_ago)
        booking = Booking.request(quote, at=at, by=make.booker(quote))
        booking.card_saved(at=at, by=None)
        visit = booking.first_visit()
        for shift in visit.shifts.all():
            offer = shift.offers.get()
            if accepted:
                offer.accept(at=at + HOUR / 4, by=offer.member.user)
        for shift in visit.shifts.all():
            if done:
                shift.start(at=shift.starts_at, by=shift.member.user)
                shift.complete(at=shift.ends_at, by=shift.member.user)
        return Visit.objects.get(pk=visit.pk)

    def _save_card(self, card: str) -> None:
        """The client saves one of Stripe's test cards, with which everything that is due can be charged."""
        lee = self.visitor("lee")
        lee.visit(f"/bookings/{self.things['today'].booking.token}/card")
        lee.send("/card")
        lee.send("Save card", card=card)

    def _declined_tip(self) -> None:
        """Something for the treasurer to look at."""
        visit = self.things["done"]
        self._save_card("chargeCustomerFail")
        Charge.tip(visit, cents=1000, at=self.stack.now, by=visit.booking.client.user)

    def _to_confirm(self) -> None:
        """A bank wants to hear from the client before it holds anything."""
        charge = Charge.objects.filter(state=Charge.State.DUE, wanted=Charge.Wanted.HOLD).latest("due_at", "pk")
        charge.ask_to_confirm(at=self.stack.now, by=None)
        self.things["to_confirm"] = charge

    def _pay(self) -> None:
        now = self.stack.now
        self._beyond_visits(Shift.objects.filter(state="done").earliest("starts_at"), at=now - 12 * DAY)
        first = PayRun.draft(ends_on=(now - 10 * DAY).date(), at=now - 5 * DAY, by=self.tess.user)
        first.approve(at=now - 4 * DAY, by=self.sol.user)
        self.things["paid"] = first
        self._ask_a_second(now - 3 * DAY)
        self.things["draft_run"] = PayRun.draft(ends_on=(now - DAY).date(), at=now, by=self.tess.user)
        self.people["paid"] = first.payouts.get().member.user
        paid = self.visitor("paid")
        paid.visit("/earnings")
        paid.send("Add your bank details")
        paid.send("Complete")
        self.stack.sweep()

    def _ask_a_second(self, at: Any) -> None:
        """The treasurer asks that a worker bears a refund; the worker sees it otherwise."""
        taken = Charge.objects.filter(state__in=["captured", "settled"]).earliest("pk")
        said = "The floor was left wet, and the client had it dried."
        Refund.give(taken, cents=3000, responsible="worker", note=said, at=at, by=self.tess.user)
        question = Confirmation.objects.exclude(kind="hand_entry").get()
        concern = question.concerns.get(is_asked=True)
        words = "I dried it, and there is a photo."
        question.hear(concern, agrees=False, words=words, at=at + HOUR, by=concern.member.user)
        self.things["question"], self.people["asked"] = question, concern.member.user

    def _beyond_visits(self, shift: Shift, *, at: Any) -> None:
        """Whoever did it had another visit that day, a long way between the two, and a full week."""
        day = shift.starts_at.astimezone(shift.zone).date()
        sunday = day + (6 - day.weekday()) * DAY
        for kind, when, cents, minutes in (
            ("between", day, 1669, 45),
            ("long_day", day, 1700, 0),
            ("full_week", sunday, 2850, 150),
        ):
            Supplement.fill_up(
                kind, member_id=shift.member_id, day=when, cents=cents, minutes=minutes, paid=Paid(), at=at
            )

    def _votes(self) -> None:
        """One open, one under discussion, one that passed, one draft."""
        now = self.stack.now
        percents = {WORKER_SHARE: 94, OPERATIONS_SHARE: 3, RESERVE_SHARE: 2, UPKEEP_SHARE: 1}
        split = {policy.key: Fraction(percent, 100) for policy, percent in percents.items()}
        passed = self._proposal("Raise the pay floor to $23.00", {PAY_FLOOR.key: 2300}, at=now - 60 * DAY)
        passed.send_notice(at=now - 50 * DAY, by=self.bo.user)
        passed.advance(at=passed.opens_at)
        for one, choice in ((self.ana, "yes"), (self.bo, "yes"), (self.tess, "no")):
            passed.cast(choice, at=passed.opens_at + HOUR, by=one.user)
        for _step in range(3):
            passed.advance(at=passed.closes_at + HOUR)
        self.things["passed"] = passed
        voting = self._proposal("Put one percent more aside", split, at=now - 30 * DAY)
        voting.send_notice(at=now - 17 * DAY, by=self.bo.user)
        voting.advance(at=voting.opens_at)
        voting.cast("yes", at=voting.opens_at + HOUR, by=self.bo.user)
        self.things["voting"] = voting
        self.things["discussed"] = self._proposal("Buy a second washing machine", {}, at=now - 2 * DAY)
        self.things["draft"] = Proposal.propose(
            title="Rest on Mondays", text="We are tired.", changes={}, wanted_on=None, at=now, by=self.bo.user
        )

    def _proposal(self, title: str, changes: dict[str, Any], *, at: Any) -> Proposal:
        proposal = Proposal.propose(
            title=title, text="It pays for itself in a year.", changes=changes, wanted_on=None, at=at, by=self.bo.user
        )
        proposal.open_discussion(at=at + HOUR, by=self.bo.user)
        proposal.comment("It broke on me twice.", at=at + 2 * HOUR, by=self.sol.user)
        return proposal

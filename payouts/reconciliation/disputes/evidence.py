"""What we know of a disputed visit, in the order in which it happened, and as a letter to the bank."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.models import Delay, Photo, Redo, Shift, Tap, TaskDone, Visit
from coop.contact import coop_name
from coop.money import dollars
from members.models import Notice, User
from payouts.charges.card_terms import CardTerms
from payouts.charges.cards import Card
from payouts.charges.charges import Charge
from payouts.reconciliation.disputes.disputes import Dispute

AFTER = timedelta(days=7)
"""How long after a visit our mails are still about it."""
MOST_MAILS = 20


@dataclass(frozen=True)
class Fact:
    """Something that we know, and when it was."""

    at: datetime
    said: str


def facts_of(dispute: Dispute) -> list[Fact]:
    """What we know, the oldest first: the booking, the card, our mails, when somebody came and left, what was paid."""
    if dispute.charge is None:
        return []
    visit = Visit.objects.with_related().get(pk=dispute.charge.visit_id)
    found = [*_booked(visit), *_told(visit), *_came(visit), *_done(visit), *_paid(visit)]
    return sorted(found, key=lambda fact: fact.at)


def photos_of(dispute: Dispute, user: User) -> list[Photo]:
    """Photos of the visit that this person may see."""
    if dispute.charge is None:
        return []
    rows = Photo.objects.visible_to(user).filter(shift__visit=dispute.charge.visit_id)
    return list(rows.defer("large", "small").order_by("taken_at", "pk"))


def letter(dispute: Dispute) -> str:
    """What we would send to the bank, in English, for somebody to read over: nothing of anybody's health."""
    if dispute.charge is None:
        return ""
    visit = Visit.objects.with_related().get(pk=dispute.charge.visit_id)
    zone = ZoneInfo(visit.booking.home.zip.zone)
    with translation.override("en"):
        what = _("a visit") if visit.booking.service.is_care else visit.booking.service.name_en
        done = _("The work was done.") if visit.completed_at else _("It was called off too late, or nobody opened.")
        said = {"coop": coop_name(), "what": what, "street": visit.booking.home.street}
        begin = _("%(coop)s was booked for %(what)s at %(street)s.") % said
        lines = [f"{fact.at.astimezone(zone):%Y-%m-%d %H:%M} {fact.said}" for fact in facts_of(dispute)]
    return "\n".join([f"{begin} {done}", "", *lines])


def _booked(visit: Visit) -> Iterator[Fact]:
    booking = visit.booking
    said = _("Booked by %(name)s, %(address)s") % {
        "name": booking.client.user.name,
        "address": booking.client.user.address,
    }
    yield Fact(booking.requested_at, said)
    terms = CardTerms.objects.filter(Q(booking=booking) | Q(booking=None), client=booking.client)
    if shown := terms.filter(shown_at__lte=visit.ends_at).order_by("-shown_at").first():
        yield Fact(shown.shown_at, _("These terms were shown: %(text)s") % {"text": " ".join(shown.lines)})
    card = Card.objects.filter(client=booking.client).exclude(saved_at=None).first()
    if card and card.saved_at:
        said = _("A card was saved: %(brand)s ending in %(last4)s")
        yield Fact(card.saved_at, said % {"brand": card.brand, "last4": card.last4})
    if booking.confirmed_at:
        price = dollars(visit.cents)
        yield Fact(booking.confirmed_at, _("The booking was confirmed; the visit costs %(price)s") % {"price": price})


def _told(visit: Visit) -> Iterator[Fact]:
    """Our messages about this visit, by what they were about."""
    mine = Notice.objects.filter(user=visit.booking.client.user_id, sent_at__gte=visit.booking.requested_at)
    about = mine.filter(key__regex=rf":{visit.pk}(:|$)", sent_at__lte=visit.ends_at + AFTER)
    for notice in about.order_by("sent_at", "pk")[:MOST_MAILS]:
        if notice.sent_at:
            yield Fact(notice.sent_at, _("We wrote to the client: %(subject)s") % {"subject": notice.subject})


def _came(visit: Visit) -> Iterator[Fact]:
    """Each start and finish, with how far from the home it was where the phone said so."""
    shifts = Shift.objects.filter(visit=visit)
    for delay in Delay.objects.filter(shift__in=shifts):
        said = ngettext("Somebody wrote: %d minute late", "Somebody wrote: %d minutes late", delay.minutes)
        yield Fact(delay.said_at, said % delay.minutes)
    taps = Tap.objects.filter(shift__in=shifts, refusal="").select_related("by").order_by("at", "pk")
    tapped = {(tap.shift_id, tap.kind) for tap in taps}
    for tap in taps:
        yield Fact(tap.at, _moment(tap.kind, tap.by) + _far(tap))
    for shift in shifts.select_related("member__user"):
        for kind, at in ((Tap.Kind.START, shift.started_at), (Tap.Kind.FINISH, shift.done_at)):
            if at and shift.member and (shift.pk, kind) not in tapped:
                yield Fact(at, _moment(kind, shift.member.user))


def _moment(kind: str, who: User) -> str:
    said = _("%(name)s started") if kind == Tap.Kind.START else _("%(name)s finished")
    return said % {"name": who.first_name}


def _far(tap: Tap) -> str:
    return "" if tap.meters is None else _(", %(meters)d m from the home") % {"meters": tap.meters}


def _done(visit: Visit) -> Iterator[Fact]:
    ticked = TaskDone.objects.filter(shift__visit=visit).order_by("-at")
    count, last = ticked.count(), ticked.first()
    if last and not visit.booking.service.is_care:
        said = ngettext("%d task of the checklist was ticked", "%d tasks of the checklist were ticked", count)
        yield Fact(last.at, said % count)
    if visit.completed_at:
        yield Fact(visit.completed_at, _("The visit was done"))
    if redo := Redo.objects.filter(visit=visit).first():
        yield Fact(redo.asked_at, _("The client asked that something is done again"))


def _paid(visit: Visit) -> Iterator[Fact]:
    for charge in Charge.objects.filter(visit=visit, captured_cents__gt=0).prefetch_related("entries", "refunds"):
        taken = [entry.posted_at for entry in charge.entries.all() if entry.kind == "capture"]
        if taken:
            said = {"kind": charge.get_kind_display(), "amount": dollars(charge.captured_cents)}
            yield Fact(taken[0], _("Charged to the card: %(kind)s, %(amount)s") % said)
        for refund in charge.refunds.all():
            if refund.sent_at:
                back = {"amount": dollars(refund.cents)}
                yield Fact(refund.sent_at, _("Given back to the card: %(amount)s") % back)

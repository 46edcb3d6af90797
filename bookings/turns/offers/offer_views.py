"""Offers as whoever is asked sees them, and why a shift went to whom."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings.turns.assignment_history import ways, why_nobody
from bookings.turns.explanations import AROUND, explain, numbers
from bookings.turns.offers.offers import Offer
from bookings.turns.open_board import open_to, warned
from bookings.turns.swaps.questions import questions
from bookings.turns.swaps.swaps import Swap
from bookings.visits.shifts.querysets import EXPLAINED_ALL
from bookings.visits.shifts.shifts import Shift
from bookings.visits.worker_schedule import stops
from coop.errors import Refusal
from coop.web.http import Request, get_for, require_perm
from members.models import AgreementVersion


@require_safe
def offers(request: Request) -> HttpResponse:
    """What waits for this member's answer, and why; then the open board."""
    require_perm(request, "bookings.work")
    now, member = timezone.now(), request.user.membership
    assert member is not None
    waiting = list(Offer.objects.to_answer(now).of(member).with_related())
    board = open_to(member, at=now) if request.user.has_perm("bookings.take_shift") else []
    asked = [offer.shift for offer in waiting]
    warnings = warned(member, asked + board, at=now)
    shown = zip(
        waiting,
        stops(asked, at=now, home=member.zip),
        explain([offer.turn for offer in waiting], reader=member, most=AROUND),
        warnings[: len(asked)],
        strict=True,
    )
    context = {
        "offers": list(shown),
        "answered": Offer.objects.to_undo(now).of(member).select_related("shift__zip"),
        "swaps": questions(member, at=now),
        "to_read": AgreementVersion.objects.to_read(member, timezone.localdate(now)).light(),
        "reasons": Offer.Why.choices,
        "works": request.user.has_perm("bookings.take_shift"),
        "board": list(zip(stops(board, at=now, home=member.zip), warnings[len(asked) :], strict=True)),
    }
    return render(request, "bookings/turns/offers.html", context)


@require_POST
def accept_offer(request: Request, offer_id: int) -> HttpResponse:
    """Yes."""
    offer = get_for(request, "accept", Offer.objects.visible_to(request.user).select_related("shift"), pk=offer_id)
    offer.accept(at=timezone.now(), by=request.user)
    messages.success(request, _("It is yours. You find it under Today."))
    return redirect("offers")


@require_POST
def say_no_to_offer(request: Request, offer_id: int) -> HttpResponse:
    """No, without penalty: the next person is asked."""
    offer = get_for(request, "say_no", Offer.objects.visible_to(request.user).select_related("shift"), pk=offer_id)
    why = request.POST.get("why", "")
    offer.say_no(at=timezone.now(), by=request.user, why=why if why in Offer.Why.values else Offer.Why.TIME)
    messages.success(request, _passed(offer))
    return redirect("offers")


@require_POST
def undo_offer(request: Request, offer_id: int) -> HttpResponse:
    """That was a slip: the offer waits for an answer again."""
    offer = get_for(request, "undo", Offer.objects.visible_to(request.user).select_related("shift"), pk=offer_id)
    offer.undo(at=timezone.now(), by=request.user)
    messages.success(request, _("Undone. The offer waits for your answer again."))
    return redirect("offers")


@require_POST
def take_shift(request: Request, shift_id: int) -> HttpResponse:
    """Take a shift from the open board. Every no reads alike: else whoever tries them all learns which are closed."""
    shift = get_for(request, "take", Shift.objects.visible_to(request.user).with_related(), pk=shift_id)
    assert request.user.membership is not None
    try:
        shift.take(request.user.membership, at=timezone.now(), by=request.user)
    except Refusal as no:
        raise Refusal(_("You cannot take this shift: it is not open any more, or it does not fit your day.")) from no
    messages.success(request, _("It is yours. You find it under Today."))
    return redirect("offers")


@require_safe
def turn(request: Request, shift_id: int) -> HttpResponse:
    """Why this person: every decision about a shift for the office, and for a member the one that chose them."""
    shift = get_object_or_404(Shift.objects.explained_to(request.user).with_related(), pk=shift_id)
    reader, office = request.user.membership, bool(request.user.roles & EXPLAINED_ALL)
    turns = shift.turns.newest_first() if office else shift.turns.newest_first().filter(chosen=reader)
    context = {"shift": shift, "office": office, "turns": explain(turns, reader=reader, everybody=office)}
    if office or (reader and shift.member_id == reader.pk):
        context |= {"swaps": Swap.objects.agreed_about(shift), "ways": ways(shift)}
        context |= {"why_nobody": why_nobody(shift, at=timezone.now())}
    return render(request, "bookings/turns/turn.html", context | numbers(timezone.localdate()))


def _passed(offer: Offer) -> str:
    """What whoever passed hears: whether there is a way back."""
    if offer.undo_until is None:
        return _("Passed, and that is fine. The visit is near, so the next person is asked at once.")
    return _("Passed, and that is fine. The next person is asked in half a minute; until then you can undo it.")

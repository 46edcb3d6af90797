"""What a worker sees: the day, the visit at hand, the offers, and why a shift went to whom."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.board import open_to, warned
from bookings.checklists import checklist
from bookings.day import days_of, stops
from bookings.forms.notes import ReleaseForm
from bookings.forms.taps import FinishForm
from bookings.forms.visiting import DelayForm
from bookings.models import Delay, Offer, Shift, Swap, Tap
from bookings.models.shift_lists import EXPLAINED_ALL
from bookings.rules import takes_turns
from bookings.swapping import questions
from bookings.ways import ways, why_nobody
from bookings.why import AROUND, explain, numbers
from coop.errors import Refusal
from coop.http import Request, carried_out, get_for, insist, with_place


@require_safe
def today(request: Request) -> HttpResponse:
    """The next shift first, with one thing to do; then the rest of today, tomorrow and the coming two weeks."""
    insist(request, "bookings.work")
    return _today(request)


@require_POST
def start_visit(request: Request, shift_id: int) -> HttpResponse:
    """I'm here."""
    shift = get_for(request, "start", Shift.objects.visible_to(request.user), pk=shift_id)
    Tap.here(shift, "start", at=timezone.now(), by=request.user)
    return redirect("today")


@require_http_methods(["GET", "HEAD", "POST"])
def complete_visit(request: Request, shift_id: int) -> HttpResponse:
    """The work is done; then: thank you, and what was earned."""
    rows = Shift.objects.visible_to(request.user).whole().prefetch_related("visit__shifts")
    shift = get_for(request, "complete", rows, pk=shift_id)
    if request.method == "POST":
        return _finish(request, shift, at=timezone.now())
    if shift.state != Shift.State.DONE:
        return redirect("today")
    return render(request, "bookings/worker/thanks.html", {"stop": stops([shift], at=timezone.now())[0]})


def _finish(request: Request, shift: Shift, *, at: datetime) -> HttpResponse:
    """Far too early for what was planned it is asked once whether that is so; the answer sends the same tap."""
    form = FinishForm(request.POST)
    if shift.is_early(at) and not (form.is_valid() and form.cleaned_data["sure"]):
        about = {"shift": shift, "tapped": form.kept(shift, at=at), "minutes": int(shift.minutes_until(at))}
        return render(request, "bookings/worker/really_finished.html", about)
    Tap.here(shift, "finish", said=form.said(shift, at=at), at=at, by=request.user)
    return redirect("complete_visit", shift.pk)


@require_POST
def undo_tap(request: Request, shift_id: int) -> HttpResponse:
    """That was a slip: the last start or finish is taken back."""
    shift = get_for(request, "undo", Shift.objects.visible_to(request.user), pk=shift_id)
    shift.undo(at=timezone.now(), by=request.user)
    messages.success(request, _("Undone."))
    return redirect("today")


@require_http_methods(["GET", "HEAD", "POST"])
def release_shift(request: Request, shift_id: int) -> HttpResponse:
    """Give a shift back; it goes on to the next turn."""
    shift = get_for(request, "release", Shift.objects.visible_to(request.user).whole(), pk=shift_id)
    form = ReleaseForm(request.POST or None)
    if carried_out(form, lambda: form.give_back(shift, at=timezone.now(), by=request.user)):
        messages.success(request, _("Thank you for saying so. The shift goes on to whoever's turn is next."))
        return redirect("today")
    return render(request, "bookings/worker/release.html", {"form": form, "shift": shift})


@require_POST
def show_access_note(request: Request, shift_id: int) -> HttpResponse:
    """The getting-in note on this one answer, never kept; that it was seen is written down."""
    shift = get_for(request, "show_access_note", Shift.objects.visible_to(request.user), pk=shift_id)
    note = shift.show_access_note(at=timezone.now(), by=request.user)
    return _today(request, note_of=shift.pk, note=note)


@require_safe
def offers(request: Request) -> HttpResponse:
    """What waits for this member's answer, and why; then the open board."""
    insist(request, "bookings.work")
    now, member = timezone.now(), request.user.membership
    assert member is not None
    waiting = list(Offer.objects.to_answer(now).of(member).whole())
    board = open_to(member, at=now) if takes_turns(request.user) else []
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
        "reasons": Offer.Why.choices,
        "works": takes_turns(request.user),
        "board": list(zip(stops(board, at=now, home=member.zip), warnings[len(asked) :], strict=True)),
    }
    return render(request, "bookings/worker/offers.html", context)


@require_POST
def accept_offer(request: Request, offer_id: int) -> HttpResponse:
    """Yes."""
    offer = get_for(request, "accept", Offer.objects.visible_to(request.user).select_related("shift"), pk=offer_id)
    offer.accept(at=timezone.now(), by=request.user)
    messages.success(request, _("It is yours. You find it under Today."))
    return redirect("offers")


@require_POST
def pass_offer(request: Request, offer_id: int) -> HttpResponse:
    """No, without penalty: the next person is asked."""
    offer = get_for(request, "pass", Offer.objects.visible_to(request.user).select_related("shift"), pk=offer_id)
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
    shift = get_for(request, "take", Shift.objects.visible_to(request.user).whole(), pk=shift_id)
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
    shift = get_object_or_404(Shift.objects.explained_to(request.user).whole(), pk=shift_id)
    reader, office = request.user.membership, bool(request.user.roles & EXPLAINED_ALL)
    turns = shift.turns.newest_first() if office else shift.turns.newest_first().filter(chosen=reader)
    context = {"shift": shift, "office": office, "turns": explain(turns, reader=reader, everybody=office)}
    if office or (reader and shift.member_id == reader.pk):
        context |= {"swaps": Swap.objects.agreed_about(shift), "ways": ways(shift)}
        context |= {"why_nobody": why_nobody(shift, at=timezone.now())}
    return render(request, "bookings/worker/turn.html", context | numbers(timezone.localdate()))


def _passed(offer: Offer) -> str:
    """What whoever passed hears: whether there is a way back."""
    if offer.undo_until is None:
        return _("Passed, and that is fine. The visit is near, so the next person is asked at once.")
    return _("Passed, and that is fine. The next person is asked in half a minute; until then you can undo it.")


def _today(request: Request, **note: object) -> HttpResponse:
    assert request.user.membership is not None
    days = days_of(request.user.membership, at=timezone.now())
    tasks = checklist(days.now.shift) if days.now else None
    unused = Tap.objects.refused_lately(request.user, at=timezone.now())
    delay = Delay.objects.standing().filter(shift=days.now.shift).first() if days.now else None
    forms = {"release": ReleaseForm(), "late": DelayForm()}
    context = {"days": days, "checklist": tasks, "delay": delay, "unused": unused, **forms, **note}
    return with_place(render(request, "bookings/worker/today.html", context))

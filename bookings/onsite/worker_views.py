"""What a worker sees: the day, the visit at hand, the offers, and why a shift went to whom."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.onsite.checklists.page import checklist
from bookings.onsite.delays import Delay
from bookings.onsite.tap_forms import FinishForm
from bookings.onsite.taps import Tap
from bookings.onsite.visit_forms import DelayForm
from bookings.turns.reason_forms import ReleaseForm
from bookings.visits.shifts.shifts import Shift
from bookings.visits.worker_schedule import days_of, stops
from coop.web.http import Request, form_succeeded, get_for, require_perm, with_place
from members.models import AgreementVersion
from members.news.reading import unread


@require_safe
def today(request: Request) -> HttpResponse:
    """The next shift first, with one thing to do; then the rest of today, tomorrow and the coming two weeks."""
    require_perm(request, "bookings.work")
    return _today(request)


@require_POST
def start_shift(request: Request, shift_id: int) -> HttpResponse:
    """I'm here."""
    shift = get_for(request, "start", Shift.objects.visible_to(request.user), pk=shift_id)
    Tap.here(shift, "start", at=timezone.now(), by=request.user)
    return redirect("today")


@require_http_methods(["GET", "HEAD", "POST"])
def finish_shift(request: Request, shift_id: int) -> HttpResponse:
    """The work is done; then: thank you, and what was earned."""
    rows = Shift.objects.visible_to(request.user).with_related().prefetch_related("visit__shifts")
    shift = get_for(request, "finish", rows, pk=shift_id)
    if request.method == "POST":
        return _finish(request, shift, at=timezone.now())
    if shift.state != Shift.State.DONE:
        return redirect("today")
    return render(request, "bookings/onsite/thanks.html", {"stop": stops([shift], at=timezone.now())[0]})


def _finish(request: Request, shift: Shift, *, at: datetime) -> HttpResponse:
    """Far too early for what was planned it is asked once whether that is so; the answer sends the same tap."""
    form = FinishForm(request.POST)
    if shift.is_early(at) and not (form.is_valid() and form.cleaned_data["sure"]):
        about = {"shift": shift, "tapped": form.kept(shift, at=at), "minutes": int(shift.minutes_until(at))}
        return render(request, "bookings/onsite/really_finished.html", about)
    Tap.here(shift, "finish", said=form.said(shift, at=at), at=at, by=request.user)
    return redirect("finish_shift", shift.pk)


@require_POST
def undo_shift(request: Request, shift_id: int) -> HttpResponse:
    """That was a slip: the last start or finish is taken back."""
    shift = get_for(request, "undo", Shift.objects.visible_to(request.user), pk=shift_id)
    shift.undo(at=timezone.now(), by=request.user)
    messages.success(request, _("Undone."))
    return redirect("today")


@require_http_methods(["GET", "HEAD", "POST"])
def release_shift(request: Request, shift_id: int) -> HttpResponse:
    """Give a shift back; it goes on to the next turn."""
    shift = get_for(request, "release", Shift.objects.visible_to(request.user).with_related(), pk=shift_id)
    form = ReleaseForm(request.POST or None)
    if form_succeeded(form, lambda: form.give_back(shift, at=timezone.now(), by=request.user)):
        messages.success(request, _("Thank you for saying so. The shift goes on to whoever's turn is next."))
        return redirect("today")
    return render(request, "bookings/onsite/release.html", {"form": form, "shift": shift})


@require_POST
def show_access_note(request: Request, shift_id: int) -> HttpResponse:
    """The getting-in note on this one answer, never kept; that it was seen is written down."""
    shift = get_for(request, "show_access_note", Shift.objects.visible_to(request.user), pk=shift_id)
    note = shift.show_access_note(at=timezone.now(), by=request.user)
    return _today(request, note_of=shift.pk, note=note)


def _today(request: Request, **note: object) -> HttpResponse:
    assert request.user.membership is not None
    now = timezone.now()
    days = days_of(request.user.membership, at=now)
    tasks = checklist(days.now.shift) if days.now else None
    unused = Tap.objects.refused_lately(request.user, at=now)
    delay = Delay.objects.standing().filter(shift=days.now.shift).first() if days.now else None
    forms = {"release": ReleaseForm(), "late": DelayForm()}
    news = {"news": unread(request.user, at=now), "until": str(now.timestamp())}
    to_read = AgreementVersion.objects.to_read(request.user.membership, timezone.localdate(now)).light()
    context = {
        "to_read": to_read,
        "days": days,
        "checklist": tasks,
        "delay": delay,
        "unused": unused,
        **forms,
        **news,
        **note,
    }
    return with_place(render(request, "bookings/onsite/today.html", context))

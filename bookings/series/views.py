"""A series, for those to whom its booking belongs: what is coming, and how to skip, change, pause or end it."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.series.days import SeriesDay
from bookings.series.forms import EndForm, PauseForm, RhythmForm
from bookings.series.series import Series
from bookings.series.upcoming import lines, with_holidays
from bookings.states import VisitState
from bookings.visits.bookings import Booking
from bookings.visits.browsers import of_a_booking
from coop.web.http import form_succeeded
from members.models import User

Step = Callable[..., HttpResponse]

question = require_http_methods(["GET", "HEAD", "POST"])


def of_a_series(step: Step) -> Any:
    """A page about the series of a booking, for those to whom the booking belongs."""

    @of_a_booking
    @wraps(step)
    def view(request: HttpRequest, booking: Booking, **more: Any) -> HttpResponse:
        return step(request, get_object_or_404(Series.objects.with_related(), booking=booking), **more)

    return view


@require_safe
@of_a_series
def series(request: HttpRequest, found: Series) -> HttpResponse:
    """The coming days with who comes and what they cost."""
    now = timezone.now()
    coming = with_holidays(lines(found, at=now), found.booking.home.zip.state)
    clashes = [line for line in coming if line.row.became == SeriesDay.Became.CLASH]
    mine = found.booking.client.includes(request.user)
    return render(request, "bookings/series/series.html", _about(found, lines=coming, clashes=clashes, mine=mine))


@require_POST
@of_a_series
def skip_visit(request: HttpRequest, found: Series, day_id: int) -> HttpResponse:
    """Leave one visit out."""
    row = get_object_or_404(found.days, pk=day_id)
    found.skip(row, at=timezone.now(), by=_by(request, found), note=str(row.day))
    messages.success(request, _("That visit is skipped. You owe nothing for it, and you can still take it back."))
    return redirect("series", found.booking.token)


@require_POST
@of_a_series
def take_back_visit(request: HttpRequest, found: Series, day_id: int) -> HttpResponse:
    """Have a visit after all."""
    row = get_object_or_404(found.days, pk=day_id)
    found.take_back(row, at=timezone.now(), by=_by(request, found))
    messages.success(request, _("We come on that day."))
    return redirect("series", found.booking.token)


@require_POST
@of_a_series
def keep_visit(request: HttpRequest, found: Series, day_id: int) -> HttpResponse:
    """It suits the client that somebody else comes."""
    get_object_or_404(found.days, pk=day_id).keep(at=timezone.now())
    messages.success(request, _("Thank you. The visit stands."))
    return redirect("series", found.booking.token)


@question
@of_a_series
def change_series(request: HttpRequest, found: Series) -> HttpResponse:
    """Another weekday, time or rhythm, from one visit on."""
    now = timezone.now()
    days = [line.row for line in lines(found, at=now) if line.free]
    form, made = RhythmForm(_posted(request), series=found, days=days), []
    if form_succeeded(form, lambda: made.extend(form.change(at=now, by=_by(request, found)))):
        _tell_made(request, made)
        return redirect("series", found.booking.token)
    return render(request, "bookings/series/change.html", _about(found, form=form, days=days))


@question
@of_a_series
def pause_series(request: HttpRequest, found: Series) -> HttpResponse:
    """No visits for a while."""
    form = PauseForm(_posted(request))
    if form_succeeded(form, lambda: _pause(found, form, at=timezone.now(), by=_by(request, found))):
        messages.success(request, _("Your series is paused. You owe nothing for the visits that are left out."))
        return redirect("series", found.booking.token)
    return render(request, "bookings/series/pause.html", _about(found, form=form))


@require_POST
@of_a_series
def resume_series(request: HttpRequest, found: Series) -> HttpResponse:
    """The pause is over."""
    found.resume(at=timezone.now(), by=_by(request, found))
    messages.success(request, _("Welcome back. Your next visits are being booked; in a minute they stand here."))
    return redirect("series", found.booking.token)


@question
@of_a_series
def end_series(request: HttpRequest, found: Series) -> HttpResponse:
    """No more visits; what is booked is cancelled or kept, as the client says."""
    now = timezone.now()
    booked = [line for line in lines(found, at=now) if line.visit and line.visit.state == VisitState.SCHEDULED]
    fee = sum(line.visit.cancellation(now).cents for line in booked if line.visit)
    mine = found.booking.client.includes(request.user)
    form = EndForm(_posted(request), initial={"booked": "cancel"})
    if form_succeeded(form, lambda: _finish(found, form, mine=mine, at=now, by=_by(request, found))):
        messages.success(request, _("Your series has ended. Thank you for having us."))
        return redirect("series", found.booking.token)
    return render(request, "bookings/series/end.html", _about(found, form=form, booked=booked, fee=fee, mine=mine))


def _pause(found: Series, form: PauseForm, *, at: datetime, by: User) -> None:
    found.pause(form.cleaned_data["first"], form.cleaned_data["last"], at=at, by=by)


def _finish(found: Series, form: EndForm, *, mine: bool, at: datetime, by: User) -> None:
    """Nobody has to sign in for what costs nothing; for a fee we must know that it is the client."""
    found.finish(keep=form.keep, expected_cents=form.agreed if mine else 0, at=at, by=by)


def _tell_made(request: HttpRequest, made: list[SeriesDay]) -> None:
    booked = sum(row.visit is not None for row in made)
    said = ngettext("Changed. %d visit is booked.", "Changed. %d visits are booked.", booked) % booked
    messages.success(request, said)
    if clashes := len(made) - booked:
        messages.warning(
            request,
            ngettext("On %d day nobody can come; see below.", "On %d days nobody can come; see below.", clashes)
            % clashes,
        )


def _about(found: Series, **more: Any) -> dict[str, Any]:
    rule = found.rules()[-1]
    return {"series": found, "booking": found.booking, "zone": found.booking.home.zip.zone, "rule": rule, **more}


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _by(request: HttpRequest, found: Series) -> User:
    return request.user if request.user.is_authenticated else found.booking.client.user

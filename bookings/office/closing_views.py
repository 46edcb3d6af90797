"""Days on which the co-op is closed, with what is booked on them; and the hours in which visits can be booked."""

from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.catalog.bookable_hours import BookableHours, in_words
from bookings.catalog.closed_days import ClosedDay
from bookings.form_fields import posted
from bookings.office.closing_forms import BookableHoursForm, CloseDaysForm
from bookings.visits.visits import Visit
from coop.models import ZipCode
from coop.policies import Text
from coop.web.http import Request, form_succeeded, require_perm
from members.hours.free_hours import Minutes
from members.hours.public_holidays import public_holidays

A_DAY = timedelta(days=1)
AHEAD = timedelta(days=365)
question = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def closed_days(request: Request) -> HttpResponse:
    """When the co-op is closed, what is booked on those days, and which public holidays come."""
    require_perm(request, "bookings.work")
    now, today = timezone.now(), timezone.localdate()
    closed = list(ClosedDay.objects.between(today, date.max))
    booked = Visit.objects.with_related().on_closed_days(now)
    by_day = {day: list(found) for day, found in groupby(booked, lambda visit: visit.day)}
    known = {row.effective_on for row in closed}
    holidays = {day: name for day, name in _holidays(today).items() if day not in known}
    context = {
        "rows": [(row, by_day.get(row.effective_on, [])) for row in closed],
        "holidays": holidays.items(),
        "today": today,
        "lines": in_words(BookableHours.objects.week(today)),
    }
    return render(request, "bookings/office/closed_days.html", context)


@question
def close_days(request: Request) -> HttpResponse:
    """Close from a day until a day, after a look at what is booked then."""
    require_perm(request, "bookings.coordinate")
    now = timezone.now()
    form = CloseDaysForm(posted(request), initial=_asked(request))
    form.is_valid()
    if "preview" not in request.POST and form_succeeded(
        form, lambda: ClosedDay.close(**form.cleaned_data, at=now, by=request.user)
    ):
        messages.success(request, _("Nobody can book these days any more. What is booked already waits below for you."))
        return redirect("closed_days")
    told = {**form.initial, **getattr(form, "cleaned_data", {})}
    booked = _booked(told["first"], told["last"])
    return render(request, "bookings/office/close_days.html", {"form": form, "booked": booked, "told": told})


@require_POST
def reopen_day(request: Request, closed_day_id: int) -> HttpResponse:
    """Be open on a day after all."""
    require_perm(request, "bookings.coordinate")
    row = get_object_or_404(ClosedDay.objects.filter(takes_back=None), pk=closed_day_id)
    row.take_back(at=timezone.now(), by=request.user)
    messages.success(request, _("That day can be booked again."))
    return redirect("closed_days")


@question
def bookable_hours(request: Request) -> HttpResponse:
    """In which hours of a week visits can be booked, from a day on, after a look at what is booked outside of them."""
    require_perm(request, "bookings.coordinate")
    now, today = timezone.now(), timezone.localdate()
    week = BookableHours.objects.week(today + A_DAY)
    form = BookableHoursForm(posted(request), week=week, from_day=today + A_DAY)
    if "preview" not in request.POST and form_succeeded(
        form,
        lambda: BookableHours.say(form.week, from_day=form.cleaned_data["from_day"], at=now, by=request.user),
    ):
        messages.success(request, _("The new hours are set. Visits that are booked already stay."))
        return redirect("bookable_hours")
    outside = _outside(form.week, form.cleaned_data["from_day"]) if form.is_bound and form.is_valid() else None
    context = {"form": form, "outside": outside, "history": BookableHours.objects.history(), "today": today}
    return render(request, "bookings/office/bookable_hours.html", context)


@require_POST
def take_back_hours(request: Request, hours_id: int) -> HttpResponse:
    """Hours that were set for a later day will not hold after all."""
    require_perm(request, "bookings.coordinate")
    row = get_object_or_404(BookableHours.objects.filter(takes_back=None), pk=hours_id)
    row.take_back(at=timezone.now(), by=request.user)
    messages.success(request, _("Taken back. The hours before them go on."))
    return redirect("bookable_hours")


def _holidays(today: date) -> dict[date, Text]:
    """The public holidays of the coming year where the co-op works."""
    area = ZipCode.objects.served_from(today).order_by("pk").first()
    return public_holidays(area.state, today + A_DAY, today + AHEAD) if area else {}


def _asked(request: Request) -> dict[str, Any]:
    """What the form begins with: tomorrow, or the day in the address, with its name if it is a public holiday."""
    today = timezone.localdate()
    try:
        day = parse_date(request.GET.get("day", "")) or today + A_DAY
    except ValueError:
        day = today + A_DAY
    start: dict[str, Any] = {"first": day, "last": day}
    if name := _holidays(today).get(day):
        for language in ("en", "es"):
            with override(language):
                start[f"words_{language}"] = str(name)
    return start


def _booked(first: date, last: date) -> list[Visit]:
    """The visits to come from `first` to `last`, both included, by the days of their homes."""
    near = Visit.objects.with_related().to_come(first - A_DAY, last + 2 * A_DAY)
    return [visit for visit in near if first <= visit.day <= last]


def _outside(week: list[Minutes], from_day: date) -> list[Visit]:
    """The visits to come from a day on that lie outside of these hours."""
    coming = Visit.objects.with_related().to_come(from_day - A_DAY, from_day + AHEAD)
    return [visit for visit in coming if visit.day >= from_day and not _fits(visit, week[visit.day.weekday()])]


def _fits(visit: Visit, hours: Minutes) -> bool:
    begins = visit.starts_at.astimezone(visit.zone)
    low = begins.hour * 60 + begins.minute
    return hours[0] <= low and low + (visit.ends_at - visit.starts_at) // timedelta(minutes=1) <= hours[1]

"""The records of care visits: by month, one with its history, put right, and taken along as a table."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.care.forms import CareForm, MonthForm
from bookings.care.records import CareRecord, month_of
from bookings.care.sheet import HEADER, rows
from coop.models import Event
from coop.web.csv_export import download, sheet
from coop.web.http import Request, form_succeeded, may, require_perm
from members.looks.looks import Look
from members.models import User
from members.signing_in.step_up import weighs


@require_safe
def care_records(request: Request) -> HttpResponse:
    """The care visits of a month: one's own, or everybody's for those who coordinate."""
    require_perm(request, "bookings.work")
    day = MonthForm(request.GET).chosen(today=timezone.localdate())
    records = CareRecord.objects.visible_to(request.user).latest_of_each().between(*month_of(day))
    return render(request, "bookings/care/records.html", {"records": records.in_order(), **_months(day)})


@require_http_methods(["GET", "HEAD", "POST"])
def care_record(request: Request, shift_id: int) -> HttpResponse:
    """What is told of one care visit, with all that was told before; on POST somebody of the office puts it right."""
    visible = CareRecord.objects.visible_to(request.user).in_order()
    record = get_object_or_404(visible.latest_of_each(), shift=shift_id)
    may_edit = may(request.user, "edit", record)
    if request.method == "POST":
        require_perm(request, "bookings.edit_carerecord", record)
    form = CareForm.about(record, request.POST if request.method == "POST" else None)
    if form_succeeded(form, lambda: form.edit(record, at=timezone.now(), by=request.user)):
        messages.success(request, _("Put right. What was told before stays in the record."))
        return redirect(record)
    if request.method == "GET":
        _told(record, by=request.user)
    before = visible.filter(shift=shift_id, number__lt=record.number).order_by("-number")
    about = {"record": record, "before": before, "form": form, "may_edit": may_edit}
    return render(request, "bookings/care/record.html", about)


def _told(record: CareRecord, *, by: User) -> None:
    """Whoever worked there and whose visit it was read who looks at its record."""
    for person in (record.shift.member and record.shift.member.user, record.shift.home.client.user):
        if person:
            Look.write(Look.Page.CARE, about=person, by=by, at=timezone.now())


@require_POST
@weighs()
def export_care(request: Request) -> HttpResponse:
    """A month of care visits as a table, with originals and edits; that it was taken along is written down."""
    require_perm(request, "bookings.export_care")
    first, last = month_of(MonthForm(request.POST).chosen(today=timezone.localdate()))
    records = list(CareRecord.objects.between(first, last).in_order())
    Event.objects.create(
        kind="bookings.carerecord",
        subject=first.year * 100 + first.month,
        verb="export",
        actor=request.user,
        at=timezone.now(),
        note=f"{first} – {last}: {len(records)}",
    )
    return download(sheet(rows(records), HEADER), name=f"care-visits-{first:%Y-%m}.csv")


def _months(day: date) -> dict[str, Any]:
    """The month with the ones around it."""
    first, last = month_of(day)
    return {"month": first, "month_before": first - timedelta(days=1), "month_after": last + timedelta(days=1)}

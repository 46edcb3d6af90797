"""The pages on which members say when they take work."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coop.web.http import Request, form_succeeded
from members.hours.availability import Leave, OtherHours
from members.hours.forms import LeaveForm, OtherHoursForm, WeekForm
from members.hours.free_hours import is_a_week
from members.hours.public_holidays import public_holidays
from members.people.members import Member
from members.signals import hours_changed


@require_http_methods(["GET", "HEAD", "POST"])
def change_availability(request: Request) -> HttpResponse:
    """The hours of a usual week, and holidays."""
    member = own(request)
    form = WeekForm(request.POST or None, member=member)
    if request.method == "POST" and form_succeeded(form, lambda: _open_week(member, form)):
        messages.success(request, _("Your week is saved. Shifts that you accepted before stay yours."))
        return decide(member)
    today = timezone.localdate()
    coming = public_holidays(member.zip.state, today, today.replace(year=today.year + 1, day=1))
    context = {"form": form, "a_week": is_a_week(today), "coming": list(coming.items())[:4]}
    return render(request, "members/hours/week.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def work_otherwise(request: Request) -> HttpResponse:
    """Other hours on one day, or none."""
    member, form = own(request), OtherHoursForm(request.POST or None)
    if request.method == "POST" and form_succeeded(form, lambda: _work_otherwise(member, form)):
        messages.success(request, _("That day is saved. Shifts that you accepted before stay yours."))
        return decide(member)
    return render(request, "members/hours/other_hours.html", {"form": form})


@require_POST
def work_as_usual(request: Request, other_hours_id: int) -> HttpResponse:
    """On that day the usual week counts after all."""
    member = own(request)
    found = get_object_or_404(OtherHours, pk=other_hours_id, member=member)
    member.other_hours.filter(day=found.day).delete()
    messages.success(request, _("That day is like any other again."))
    return decide(member)


@require_http_methods(["GET", "HEAD", "POST"])
def take_leave(request: Request) -> HttpResponse:
    """Days off."""
    member, form = own(request), LeaveForm(request.POST or None)
    if request.method == "POST" and form_succeeded(form, lambda: _leave(member, form)):
        messages.success(request, _("Enjoy your days off. You get no offers for them."))
        return decide(member)
    return render(request, "members/hours/leave.html", {"form": form})


@require_POST
def give_back_leave(request: Request, leave_id: int) -> HttpResponse:
    """Work on those days after all."""
    get_object_or_404(Leave, pk=leave_id, member=own(request)).delete()
    messages.success(request, _("Good to have you back. You get offers for those days again."))
    return redirect("me")


def own(request: Request) -> Member:
    """Whoever asks, as one of those who work here."""
    working = Member.objects.here().select_related("zip")
    return get_object_or_404(working, user=request.user)


def decide(member: Member) -> HttpResponse:
    """To the page that asks what becomes of accepted work that no longer fits what they said, if there is any."""
    answers = hours_changed.send(sender=Member, subject=member, at=timezone.now())
    return redirect(next((address for _room, address in answers if address), "me"))


def _open_week(member: Member, form: WeekForm) -> None:
    member.open_week(form.spans(), holidays=form.cleaned_data["holidays"])


def _work_otherwise(member: Member, form: OtherHoursForm) -> None:
    member.work_otherwise(form.cleaned_data["day"], form.spans(), today=timezone.localdate())


def _leave(member: Member, form: LeaveForm) -> None:
    said = form.cleaned_data
    member.take_leave(first=said["starts_on"], last=said["ends_on"], today=timezone.localdate())

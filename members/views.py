"""The pages on which people look after themselves."""

from allauth.account import views as allauth
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coop.http import Request, carried_out
from members.forms import LeaveForm, MeForm, MemberForm, WeekForm
from members.language import remember
from members.models import Leave, Member, Role


@login_not_required
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave, also from half-way in: what this browser kept of us goes with it."""
    response: HttpResponse = allauth.logout(request)
    if request.method == "POST":
        response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def me(request: Request) -> HttpResponse:
    """Who we think you are, and a form to put it right."""
    member = request.user.membership if request.user.works else None
    form = _me_form(request, member)
    if request.method == "POST" and carried_out(form, lambda: _keep(request, member, form)):
        with translation.override(request.user.language):
            messages.success(request, _("Saved."))
        response = redirect("me")
        remember(response, request.user.language)
        return response
    return render(request, "members/me.html", {"form": form, "member": member, **_standing(member)})


@require_http_methods(["GET", "HEAD", "POST"])
def change_availability(request: Request) -> HttpResponse:
    """The hours of a usual week."""
    member = _own(request)
    form = WeekForm(request.POST or None, member=member)
    if request.method == "POST" and carried_out(form, lambda: member.open_week(form.spans())):
        messages.success(request, _("Your week is saved. Shifts that you accepted before stay yours."))
        return redirect("me")
    return render(request, "members/week.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def take_leave(request: Request) -> HttpResponse:
    """Days off."""
    member, form = _own(request), LeaveForm(request.POST or None)
    if request.method == "POST" and carried_out(form, lambda: _leave(member, form)):
        messages.success(request, _("Enjoy your days off. You get no offers for them."))
        return redirect("me")
    return render(request, "members/leave.html", {"form": form})


@require_POST
def give_back_leave(request: Request, leave_id: int) -> HttpResponse:
    """Work on those days after all."""
    get_object_or_404(Leave, pk=leave_id, member=_own(request)).delete()
    messages.success(request, _("Good to have you back. You get offers for those days again."))
    return redirect("me")


def _own(request: Request) -> Member:
    return get_object_or_404(Member.objects.exclude(state=Member.State.FORMER), user=request.user)


def _me_form(request: Request, member: Member | None) -> MeForm:
    known = {"name": request.user.name, "language": request.user.language}
    if member is None:
        return MeForm(request.POST or None, initial=known)
    hours = member.minutes_wanted // 60
    return MemberForm(
        request.POST or None, initial={**known, "phone": member.phone, "zip": member.zip_id, "hours": hours}
    )


def _keep(request: Request, member: Member | None, form: MeForm) -> None:
    said = form.cleaned_data
    request.user.introduce(name=said["name"], language=said["language"])
    if member is None:
        return
    member.move(phone=said["phone"], zip=said["zip"])
    before, after = member.minutes_wanted, said["hours"] * 60
    if before != after:
        member.ask_for(after, at=timezone.now(), by=request.user, note=f"{before // 60} h → {after // 60} h")


def _leave(member: Member, form: LeaveForm) -> None:
    said = form.cleaned_data
    member.take_leave(first=said["starts_on"], last=said["ends_on"], today=timezone.localdate())


def _standing(member: Member | None) -> dict[str, object]:
    """What the page shows of a member besides the form."""
    if member is None:
        return {}
    today = timezone.localdate()
    return {
        "week": [(WEEKDAYS[weekday], spans) for weekday, spans in member.week().items()],
        "leaves": member.leaves.ahead(today),
        "roles": Role.objects.held(today).filter(member=member).order_by("kind"),
        "credentials": member.credentials.order_by("expires_on"),
        "today": today,
    }

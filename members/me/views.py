"""The pages on which people look after themselves."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coop.web.http import Request, form_succeeded
from members.credentials.evidence import Evidence
from members.hours.free_hours import is_a_week
from members.hours.views import decide
from members.me.forms import LANGUAGES, MeForm, MemberForm
from members.offices.roles import Role
from members.people.members import Member
from members.signing_in.language import remember
from members.signing_in.step_up import asks_within, prove_again

LATELY = 5
OVER = (Evidence.State.VALID, Evidence.State.WITHDRAWN)
"""What was shown and stands among the certificates, or nowhere any more."""


@require_http_methods(["GET", "HEAD", "POST"])
@asks_within
def me(request: Request) -> HttpResponse:
    """Who we think you are, and a form to put it right. Another number, by which the office knows them, weighs."""
    member = request.user.membership if request.user.works else None
    form, before = _me_form(request, member), _where_they_go(member)
    if form.is_valid() and member and form.cleaned_data["phone"] != member.phone:
        prove_again(request)
    if request.method == "POST" and form_succeeded(form, lambda: _keep(request, member, form)):
        with translation.override(request.user.language):
            messages.success(request, _("Saved."))
        response = decide(member) if member and _where_they_go(member) != before else redirect("me")
        remember(response, request.user.language)
        return response
    return render(request, "members/me/me.html", {"form": form, "member": member, **_standing(member)})


def _where_they_go(member: Member | None) -> tuple[set[str], ...]:
    """What decides to which homes they are sent, besides their hours."""
    return (set(member.areas), set(member.languages), set(member.avoids)) if member else ()


def _me_form(request: Request, member: Member | None) -> MeForm:
    known: dict[str, object] = {"name": request.user.name, "language": request.user.language}
    if member is None:
        return MeForm(request.POST or None, initial=known)
    hours = member.minutes_wanted // 60
    known |= {"phone": member.phone, "zip": member.zip_id, "areas": " ".join(member.areas), "hours": hours}
    known |= {"languages": member.languages, "avoids": member.avoids}
    return MemberForm(request.POST or None, initial=known)


def _keep(request: Request, member: Member | None, form: MeForm) -> None:
    said = form.cleaned_data
    request.user.introduce(name=said["name"], language=said["language"])
    if member is None:
        return
    member.move(phone=said["phone"], zip=said["zip"], areas=said["areas"])
    spoken = {*said["languages"], *(code for code in member.languages if code not in dict(LANGUAGES))}
    member.adapt(languages=spoken, avoids=said["avoids"])
    before, after = member.minutes_wanted // 60, said["hours"]
    if before != after:
        member.ask_for(after * 60, at=timezone.now(), by=request.user, note=f"{before} h → {after} h")


def _standing(member: Member | None) -> dict[str, object]:
    """What the page shows of a member besides the form."""
    if member is None:
        return {}
    today, week = timezone.localdate(), member.week()
    return {
        "week": [(WEEKDAYS[weekday], spans) for weekday, spans in week.items()],
        "a_week": is_a_week(today) if any(span.when for spans in week.values() for span in spans) else None,
        "other_hours": member.other_hours.ahead(today),
        "leaves": member.leaves.ahead(today),
        "roles": Role.objects.held(timezone.now()).filter(member=member).order_by("kind"),
        "credentials": member.credentials.named().order_by("expires_on"),
        "shown": member.evidence.light().exclude(state__in=OVER).order_by("-sent_at", "-pk")[:LATELY],
        "today": today,
    }

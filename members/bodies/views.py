"""The bodies: what each may decide and who belongs to it, for all members; and what an office asks to be changed."""

from collections.abc import Callable

from django import forms
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from coop.web.http import Request, form_succeeded, require_perm
from members.appointing.forms import DecisionForm, TermForm
from members.appointing.views import asked
from members.bodies.bodies import Body, BodyTerm
from members.bodies.body_changes import BodyChange
from members.bodies.forms import BodyForm
from members.signing_in.step_up import weighs

PAST = 30
"""How many of the terms that are over are shown."""
question = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def bodies(request: Request) -> HttpResponse:
    """Each body with its members and their terms; what waits, and what was."""
    require_perm(request, "members.read_bodies")
    today = timezone.localdate()
    terms = BodyTerm.objects.select_related("member__user")
    running = Prefetch("terms", terms.running(today).order_by("starts_on", "pk"), to_attr="running")
    waiting = BodyChange.objects.filter(state=BodyChange.State.ASKED)
    about = {
        "bodies": Body.objects.order_by("pk").prefetch_related(running),
        "over": terms.exclude(pk__in=BodyTerm.objects.running(today)).select_related("body").order_by("-pk")[:PAST],
        "waiting": waiting.select_related("member__user", "body").order_by("pk"),
        "today": today,
    }
    return render(request, "members/bodies/bodies.html", about)


@question
@weighs()
def found_body(request: Request) -> HttpResponse:
    """Ask for a new body."""
    require_perm(request, "members.change_bodies")
    return _about(request, None)


@question
@weighs()
def change_body(request: Request, body_id: int) -> HttpResponse:
    """Ask that a body is called otherwise or may decide other things."""
    require_perm(request, "members.change_bodies")
    return _about(request, get_object_or_404(Body, pk=body_id))


def _about(request: Request, body: Body | None) -> HttpResponse:
    form = BodyForm.about(body, request.POST if request.method == "POST" else None)
    made: list[BodyChange] = []

    def ask() -> None:
        decision, now = form.cleaned_data["decision"], timezone.now()
        made.append(BodyChange.about_body(body, decision=decision, at=now, by=request.user, **form.facts))

    return _ask(request, form, ask, made, {"body": body, "about": "body"})


@question
@weighs()
def seat_in_body(request: Request, body_id: int) -> HttpResponse:
    """Ask that somebody belongs to a body for a term."""
    require_perm(request, "members.change_bodies")
    body, now = get_object_or_404(Body, pk=body_id), timezone.now()
    form = TermForm(request.POST if request.method == "POST" else None, initial={"starts_on": timezone.localdate(now)})
    made: list[BodyChange] = []

    def ask() -> None:
        made.append(BodyChange.seat(body, at=now, by=request.user, **form.cleaned_data))

    return _ask(request, form, ask, made, {"body": body, "about": "seat"})


@question
@weighs()
def leave_body(request: Request, term_id: int) -> HttpResponse:
    """Ask that a term in a body ends, or give up one's own."""
    require_perm(request, "members.read_bodies")
    rows = BodyTerm.objects.running(timezone.localdate()).select_related("member__user", "body")
    term = get_object_or_404(rows, pk=term_id)
    if term.member.user_id != request.user.pk:
        require_perm(request, "members.change_bodies")
    form = DecisionForm(request.POST if request.method == "POST" else None)
    made: list[BodyChange] = []

    def ask() -> None:
        decision = form.cleaned_data["decision"]
        made.append(BodyChange.end(term, decision=decision, at=timezone.now(), by=request.user))

    return _ask(request, form, ask, made, {"body": term.body, "term": term, "about": "leave"})


def _ask(
    request: Request, form: forms.Form, ask: Callable[[], None], made: list[BodyChange], about: dict[str, object]
) -> HttpResponse:
    if not form_succeeded(form, ask):
        page = about | {"form": form}
        return render(request, "members/bodies/ask.html", page, status=422 if form.errors else 200)
    return asked(request, made[0], page="bodies")

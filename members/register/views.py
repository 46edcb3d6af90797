"""The register of members: the list, each member's file, and what the office writes in it."""

import re
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coop.typed.folding import has_words
from coop.web.http import Request, form_succeeded, get_for, require_perm
from members.looks.looks import Look
from members.offices.roles import Role
from members.people.members import Member
from members.register import record
from members.register.changes import changes_of
from members.register.forms import FindForm, RecordForm, SkillsForm
from members.register.lines import Line, lines
from members.signing_in.step_up import weighs
from members.skills.skills import Skill

FEWEST_DIGITS = 4
question = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Row:
    """One member of the list, with what the rooms say of them."""

    member: Member
    skills: list[str]
    offices: list[str]
    said: list[tuple[Line, str]]


@require_safe
def members(request: Request) -> HttpResponse:
    """Who belongs to the co-op: found by name, standing and skill."""
    require_perm(request, "members.read_register")
    form = FindForm(request.GET)
    found = list(_found(form).select_related("user", "zip").prefetch_related("stretches").order_by("user__name", "pk"))
    return render(request, "members/register/members.html", {"form": form, "rows": _rows(found)})


def _found(form: FindForm) -> "QuerySet[Member]":
    wanted = form.cleaned_data if form.is_valid() else {}
    state, skill, q = wanted.get("state"), wanted.get("skill"), wanted.get("q")
    rows = Member.objects.in_state(state) if state else Member.objects.here()
    if skill:
        rows = rows.filter(skills__contains=[skill])
    if q:
        digits = re.sub(r"[^0-9]", "", q)
        person = has_words("user__name", q) | Q(user__email__icontains=q)
        rows = rows.filter(person | Q(phone__contains=digits) if len(digits) >= FEWEST_DIGITS else person)
    return rows


def _rows(found: list[Member]) -> list[Row]:
    now, numbers = timezone.now(), [member.pk for member in found]
    names = {skill.code: str(skill) for skill in Skill.objects.all()}
    held: dict[int, list[str]] = {}
    for role in Role.objects.held(now).filter(member__in=numbers).order_by("kind"):
        held.setdefault(role.member_id, []).append(role.get_kind_display())
    said = [(line, line.say(numbers, now)) for line in lines(in_list=True)]
    return [
        Row(
            member,
            [names.get(code, code) for code in member.skills],
            held.get(member.pk, []),
            [(line, words[member.pk]) for line, words in said if member.pk in words],
        )
        for member in found
    ]


@require_safe
def member(request: Request, member_id: int) -> HttpResponse:
    """All that the office knows of one member, and what was done about them."""
    require_perm(request, "members.read_register")
    found = get_object_or_404(Member.objects.select_related("user", "zip"), pk=member_id)
    now, user = timezone.now(), request.user
    if request.method == "GET":
        Look.write(Look.Page.FILE, about=found.user, by=user, at=now)
    shown = [line for line in lines() if not line.perm or user.has_perm(line.perm, found)]
    said = [(line.label, line.say([found.pk], now).get(found.pk, "")) for line in shown]
    about = {
        "row": _rows([found])[0],
        "lines": [(label, words) for label, words in said if words],
        "week": [(WEEKDAYS[weekday], spans) for weekday, spans in found.week().items()],
        "leaves": found.leaves.ahead(timezone.localdate(now)),
        "credentials": found.credentials.named().order_by("expires_on"),
        "terms": found.terms.order_by("-starts_on", "-pk"),
        "standings": found.standings.valid(),
        "history": changes_of(found),
        "today": timezone.localdate(now),
    }
    return render(request, "members/register/member.html", about | {"member": found})


@require_safe
def my_file(request: Request) -> HttpResponse:
    """What the office wrote down about whoever reads it: standing, offices, skills, certificates, and each change."""
    require_perm(request, "members.read_own_file")
    member = request.user.membership
    assert member
    names = {skill.code: str(skill) for skill in Skill.objects.all()}
    about = {
        "member": member,
        "skills": [names.get(code, code) for code in member.skills],
        "credentials": member.credentials.named().order_by("expires_on"),
        "terms": member.terms.order_by("-starts_on", "-pk"),
        "standings": member.standings.valid().select_related("by").reverse(),
        "history": changes_of(member),
        "today": timezone.localdate(),
    }
    return render(request, "members/register/my_file.html", about)


@question
@weighs()
def give_skills(request: Request, member_id: int) -> HttpResponse:
    """Say what somebody can do."""
    found = get_for(request, "give_skills", _here(), pk=member_id)
    form, now = SkillsForm(request.POST if request.method == "POST" else None, member=found), timezone.now()

    def give() -> None:
        said = form.cleaned_data
        record.give_skills(found, said["skills"], note=said["note"], at=now, by=request.user)

    if form_succeeded(form, give):
        messages.success(request, _("Saved. They are told."))
        return redirect("member", found.pk)
    return render(request, "members/register/skills.html", {"form": form, "member": found})


@question
@weighs()
def change_member(request: Request, member_id: int) -> HttpResponse:
    """Write down what a member said to be changed."""
    found = get_for(request, "change", _here(), pk=member_id)
    known = {"phone": found.phone, "zip": found.zip_id, "areas": " ".join(found.areas)}
    form = RecordForm(
        request.POST if request.method == "POST" else None, initial=known | {"hours": found.minutes_wanted // 60}
    )
    now = timezone.now()

    def change() -> None:
        said = form.cleaned_data
        facts = {"phone": said["phone"], "zip": said["zip"], "areas": said["areas"], "minutes": said["hours"] * 60}
        record.change(found, **facts, note=said["note"], at=now, by=request.user)

    if form_succeeded(form, change):
        messages.success(request, _("Saved. They are told."))
        return redirect("member", found.pk)
    return render(request, "members/register/change.html", {"form": form, "member": found})


def _here() -> "QuerySet[Member]":
    return Member.objects.here().select_related("user", "zip")

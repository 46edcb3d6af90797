"""The pages on which a standing is read and changed, by whoever it is and by the membership office."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coop.web.http import Request, form_succeeded, get_for, require_perm
from members.membership.forms import AwayForm, BackForm, DecisionForm, LastDayForm, NoticeForm
from members.membership.leaving import leave, soonest
from members.membership.proposed import ProposedReturn, ProposedSuspension
from members.membership.reasons import LeavingReason
from members.people.members import Member, MemberQuerySet
from members.signing_in.step_up import weighs
from members.standing.leaving_facts import leaving_facts
from members.standing.standings import Standing


@require_safe
def read_standing(request: Request, member_id: int) -> HttpResponse:
    """Where somebody stands, what is planned, what was decided, and what can be done about it."""
    return _show(request, get_for(request, "read_standing", _members(request), pk=member_id))


@require_http_methods(["GET", "HEAD", "POST"])
@weighs(own=False)
def go_on_leave(request: Request, member_id: int) -> HttpResponse:
    """Take no work for a while."""
    member, now = get_for(request, "go_on_leave", _members(request), pk=member_id), timezone.now()
    form = AwayForm(request.POST or None, initial={"on": timezone.localdate(now)})
    if request.method == "POST" and form_succeeded(
        form, lambda: member.go_on_leave(**form.cleaned_data, at=now, by=request.user)
    ):
        messages.success(request, _("The leave is written down. Shifts of those days go on to others."))
        return redirect("read_standing", member.pk)
    alone = [term for term in member.terms.held(now).order_by("kind") if term.leaves_empty(at=now)]
    about = {"form": form, "member": member, "own": member.is_about(request.user), "alone": alone}
    return render(request, "members/membership/time_away.html", about)


@require_POST
@weighs(own=False)
def come_back_from_leave(request: Request, member_id: int) -> HttpResponse:
    """Take work again, from a day on."""
    member, form, now = (
        get_for(request, "come_back", _members(request), pk=member_id),
        BackForm(request.POST),
        timezone.now(),
    )
    if not form_succeeded(form, lambda: member.come_back(**form.cleaned_data, at=now, by=request.user)):
        return _show(request, member, back=form, status=422)
    messages.success(request, _("Good to have you back. What nobody has taken yet is theirs again."))
    return redirect("read_standing", member.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@weighs()
def give_notice(request: Request, member_id: int) -> HttpResponse:
    """Leave the co-op: first the day, then what follows from it, and why."""
    member, now = get_for(request, "give_notice", _members(request), pk=member_id), timezone.now()
    own = member.is_about(request.user)
    form = NoticeForm(request.POST, own=own) if request.method == "POST" else None
    if form and form_succeeded(form, lambda: leave(member, **form.cleaned_data, at=now, by=request.user)):
        if own:
            messages.success(request, _("It is written down, and we write to you. Thank you for the time together."))
            return redirect("home")
        messages.success(request, _("It is written down, and they are written to."))
        return redirect("read_standing", member.pk)
    first = soonest(member, at=now, by=request.user)
    day = LastDayForm(request.POST or request.GET or None, initial={"gone_on": first}, own=own)
    chosen: date | None = day.cleaned_data["gone_on"] if day.is_bound and day.is_valid() else None
    about = {
        "member": member,
        "day": day,
        "first": first,
        "chosen": chosen,
        "facts": leaving_facts(member, gone_on=chosen, at=now) if chosen else [],
        "form": form or NoticeForm(initial={"gone_on": chosen}, own=own),
        "own": own,
    }
    return render(request, "members/membership/leaving.html", about, status=422 if form else 200)


@require_POST
@weighs(own=False)
def take_back(request: Request, standing_id: int) -> HttpResponse:
    """What is planned does not come about."""
    visible = Standing.objects.filter(member__in=Member.objects.visible_to(request.user))
    planned = get_for(request, "take_back", visible.select_related("member__user"), pk=standing_id)
    planned.take_back(at=timezone.now(), by=request.user)
    messages.success(request, _("Taken back. What is still free is as it was."))
    return redirect("read_standing", planned.member_id)


@require_POST
@weighs()
def suspend(request: Request, member_id: int) -> HttpResponse:
    """Ask a second person to confirm that somebody is suspended."""
    member = get_for(request, "suspend", _members(request), pk=member_id)
    return _decide(request, member, lambda reason: _suspend(request, member, reason))


@require_POST
@weighs()
def reinstate_suspended(request: Request, member_id: int) -> HttpResponse:
    """A suspension is over."""
    member = get_for(request, "reinstate", _members(request), pk=member_id)
    return _decide(request, member, lambda reason: _do(request, member.reinstate, reason))


@require_POST
@weighs()
def return_as_candidate(request: Request, member_id: int) -> HttpResponse:
    """Somebody who left is on the way to being a member again."""
    member = get_for(request, "return_as_candidate", _members(request), pk=member_id)
    return _decide(request, member, lambda reason: _do(request, member.return_as_candidate, reason))


@require_POST
@weighs()
def return_as_member(request: Request, member_id: int) -> HttpResponse:
    """Ask a second person to confirm that somebody who left is a member again."""
    member = get_for(request, "return_as_member", _members(request), pk=member_id)
    said = _("Asked. It holds once a second person confirms it.")
    return _decide(request, member, lambda reason: _return(request, member, reason), said=said)


@require_safe
def leaving_reasons(request: Request) -> HttpResponse:
    """Why people left, a year at a time; their words without their names."""
    require_perm(request, "members.read_leaving_reasons")
    labels = dict(LeavingReason.Why.choices)
    years = [
        (year, sum(counts.values()), [(labels[why], count) for why, count in counts.most_common()])
        for year, counts in LeavingReason.objects.by_year().items()
    ]
    words = LeavingReason.objects.standing().exclude(words="").order_by("words").values_list("words", flat=True)
    return render(request, "members/membership/leaving_reasons.html", {"years": years, "words": words[:100]})


def _members(request: Request) -> MemberQuerySet:
    return Member.objects.visible_to(request.user).select_related("user", "zip")


def _suspend(request: Request, member: Member, reason: str) -> None:
    ProposedSuspension.ask(member, reason=reason, at=timezone.now(), by=request.user)


def _return(request: Request, member: Member, reason: str) -> None:
    ProposedReturn.ask(member, reason=reason, at=timezone.now(), by=request.user)


def _do(request: Request, verb: Callable[..., object], reason: str) -> None:
    verb(at=timezone.now(), by=request.user, note=reason)


def _decide(request: Request, member: Member, act: Callable[[str], None], *, said: str = "") -> HttpResponse:
    form = DecisionForm(request.POST)
    if not form_succeeded(form, lambda: act(form.cleaned_data["reason"])):
        return _show(request, member, decision=form, status=422)
    messages.success(request, said or _("It is written down, and they are written to."))
    return redirect("read_standing", member.pk)


def _show(request: Request, member: Member, *, status: int = 200, **forms: Form) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    about: dict[str, Any] = {
        "member": member,
        "state": member.state_on(today),
        "ahead": member.standings.ahead(today).select_related("by"),
        "history": member.standings.valid().filter(starts_on__lte=today).select_related("by").reverse(),
        "waiting": [*ProposedSuspension.waiting_for(member), *ProposedReturn.waiting_for(member)],
        "own": member.is_about(request.user),
        "back": forms.get("back") or BackForm(initial={"on": today}),
        "decision": forms.get("decision") or DecisionForm(),
    }
    return render(request, "members/membership/standing.html", about, status=status)

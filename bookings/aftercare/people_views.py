"""Whom a household would like again, or not; and the homes to which a member does not go.

What is asked for is obeyed, neither side is told, and a wish about who somebody is is kept nowhere.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings.aftercare.do_not_send_forms import KeepAwayForm, RefusalForm
from bookings.aftercare.people_known import Person, households, people_of, refused_homes
from bookings.form_fields import posted
from bookings.households.do_not_send import DoNotSend
from bookings.households.send_again import SendAgain
from bookings.visits.shifts.shifts import Shift
from bookings.visits.visits import Visit
from coop.web.http import Request, back, get_for, require_perm
from members.models import Member

question = require_http_methods(["GET", "HEAD", "POST"])


@question
def keep_away(request: Request, member_id: int) -> HttpResponse:
    """The household does not want this person at its homes again; at any time, not only after a visit."""
    person = _known(request, member_id)
    form = KeepAwayForm(posted(request))
    if form.is_about_who_they_are:
        return explain_the_law(request)
    if form.is_valid():
        theirs = households(request.user, person.member)
        form.place(theirs, person.member, at=timezone.now(), by=request.user)
        messages.success(request, kept_away_words(person.member))
        return redirect("my_bookings")
    return render(request, "bookings/aftercare/keep_away.html", {"form": form, "person": person})


@require_POST
def send_again(request: Request, member_id: int) -> HttpResponse:
    """The household would like this person again: a wish, not a promise."""
    member = _known(request, member_id).member
    for client in households(request.user, member):
        SendAgain.place(client=client, member=member, at=timezone.now())
    messages.success(
        request,
        _("Noted: %(name)s goes first for your visits when they are free and others are not far behind.")
        % {"name": member.short_name},
    )
    return back(request, "my_bookings")


@require_POST
def withdraw_send_again(request: Request, member_id: int) -> HttpResponse:
    """The household leaves it to the turn again."""
    member = _known(request, member_id).member
    for client in households(request.user, member):
        SendAgain.withdraw(client=client, member=member, at=timezone.now())
    messages.success(request, _("Your next visits go by turns again."))
    return back(request, "my_bookings")


@question
def refuse_home(request: Request, shift_id: int) -> HttpResponse:
    """A member does not go to this home again."""
    shift = get_for(request, "refuse_home", Shift.objects.visible_to(request.user).with_related(), pk=shift_id)
    member = _member(request)
    form = RefusalForm(posted(request))
    if form.is_about_who_they_are:
        return explain_the_law(request)
    if form.is_valid():
        form.place(shift.home.client, member, at=timezone.now(), by=request.user)
        messages.success(request, _("You are not sent there again. Nobody is told who asked, or why."))
        return redirect("homes_i_refuse")
    return render(request, "bookings/aftercare/refuse_home.html", {"form": form, "shift": shift})


@require_safe
def homes_i_refuse(request: Request) -> HttpResponse:
    """The homes to which this member does not go."""
    require_perm(request, "bookings.work")
    return render(request, "bookings/aftercare/homes_i_refuse.html", {"homes": refused_homes(_member(request))})


@require_POST
def lift_refusal(request: Request, do_not_send_id: int) -> HttpResponse:
    """The member goes there again."""
    standing = DoNotSend.objects.standing().refused_by(request.user).select_related("member", "client")
    get_for(request, "lift", standing, pk=do_not_send_id).lift(at=timezone.now())
    messages.success(request, _("You may be sent there again."))
    return redirect("homes_i_refuse")


def explain_the_law(request: HttpRequest) -> HttpResponse:
    """Why nobody is chosen by who they are. Shown at once, so that not even a message of it is kept."""
    return render(request, "bookings/aftercare/who_they_are.html")


def kept_away_words(member: Member) -> str:
    """What a household is told when somebody is not sent to it any more."""
    return _("We will not send %(name)s to your homes again. They are not told who asked, or why.") % {
        "name": member.short_name
    }


def _known(request: Request, member_id: int) -> Person:
    """Somebody who came to this person's homes, or comes. Everybody else is not found."""
    for person in people_of(request.user):
        if person.member.pk == member_id and person.last:
            return person
    raise Http404


def _member(request: Request) -> Member:
    return get_object_or_404(Member.objects.all(), user=request.user)


def about_people(request: Request) -> dict[str, Any]:
    """What the list of people on a household's own page needs."""
    return {"people": people_of(request.user)}


def about_visit(request: Request, visit: Visit) -> dict[str, Any]:
    """What a household's page of a visit that was done needs, to wish for those who came."""
    if visit.state != Visit.State.COMPLETED:
        return {}
    came = {member.pk for member in visit.people()}
    return {"known": [person for person in people_of(request.user) if person.member.pk in came]}

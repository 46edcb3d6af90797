"""One's visits or shifts in one's own calendar program, by a secret address that can be revoked."""

from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookings.client.feeds import shifts_feed, visits_feed
from coop.web.http import Request
from members.models import CalendarAddress, User

Kind = CalendarAddress.Kind


@require_safe
def my_calendar(request: Request) -> HttpResponse:
    """The addresses of one's calendars, to be made, renewed and revoked."""
    standing = {found.kind: found for found in CalendarAddress.objects.standing().filter(user=request.user)}
    rows = [
        {"kind": kind, "address": _whole(standing[kind]) if kind in standing else ""} for kind in _kinds(request.user)
    ]
    return render(request, "bookings/client/calendar.html", {"calendars": rows})


@require_POST
def make_calendar(request: Request, kind: str) -> HttpResponse:
    """A new secret address; the old one answers no more."""
    CalendarAddress.make(request.user, _one_of(request.user, kind), at=timezone.now())
    messages.success(request, _("Here is the new address. An older one does not work any more."))
    return redirect("my_calendar")


@require_POST
def revoke_calendar(request: Request, kind: str) -> HttpResponse:
    """No address at all."""
    request.user.calendar_addresses.filter(kind=_one_of(request.user, kind)).revoke(at=timezone.now())
    messages.success(request, _("That address does not work any more."))
    return redirect("my_calendar")


@require_safe
@login_not_required
def calendar_feed(request: HttpRequest, token: UUID) -> HttpResponse:
    """What a calendar program reads: no cookie, no account, only the secret address."""
    found = get_object_or_404(CalendarAddress.objects.standing().select_related("user"), token=token)
    if found.kind not in _kinds(found.user):
        raise Http404
    with translation.override(found.user.language):
        write = shifts_feed if found.kind == Kind.MEMBER else visits_feed
        body = write(found.user, at=timezone.now())
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["ETag"] = etag
    if not request.user.is_authenticated:
        response["Cache-Control"] = "private, no-cache"
    return get_conditional_response(request, etag=etag, response=response) or response


def _kinds(user: User) -> list[Kind]:
    """Everybody may have a home; only who works here has shifts."""
    return [Kind.MEMBER, Kind.CLIENT] if user.works else [Kind.CLIENT]


def _one_of(user: User, kind: str) -> Kind:
    if kind not in _kinds(user):
        raise Http404
    return Kind(kind)


def _whole(address: CalendarAddress) -> str:
    return f"{settings.BASE_URL}{reverse('calendar_feed', args=[address.token])}"

"""How long somebody stays signed in: half a day without a visit for an office, thirty days for everybody else."""

import time

from allauth.usersessions.models import UserSession
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse

from coop.web.http import GetResponse, Request
from members.people.users import User

TOUCHED = "touched_at"
"""Where a session keeps when it was last used, to the hour."""
TOUCH_EVERY = 3600
OFFICE, EVERYBODY = 12 * 3600, 30 * 24 * 3600
"""Seconds without a visit after which one signs in anew."""


class SessionAgeMiddleware:
    """Ends the session of whoever was away for too long, and keeps when it was used, at most once an hour."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, User):
            _age(request, request.user)
        return self.get_response(request)


def _age(request: HttpRequest, user: User) -> None:
    now = time.time()
    touched = request.session.get(TOUCHED, now - TOUCH_EVERY)
    if now - touched < TOUCH_EVERY:
        return
    limit = OFFICE if user.roles else EVERYBODY
    if now - touched >= limit:
        logout(request)
        return
    request.session[TOUCHED] = now
    request.session.set_expiry(limit)
    UserSession.objects.create_from_request(request)


def end_all_others(request: Request) -> None:
    """Sign this person out everywhere but here, also where we have no list of it."""
    request.user.end_sessions()
    before = request.session.session_key
    update_session_auth_hash(request, request.user)
    request.session.save()
    UserSession.objects.filter(user=request.user).exclude(session_key=before).delete()
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)

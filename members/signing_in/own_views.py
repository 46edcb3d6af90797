"""The pages on which people look after how they sign in: their keys, and where they are signed in."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coop.web.http import Request, is_ours
from members.notices import sms
from members.notices.contact_preferences import Reach
from members.signing_in.devices import device_named
from members.signing_in.keys import takes_passkeys
from members.signing_in.sessions import end_all_others
from members.signing_in.step_up import prove_again


@require_safe
def signing_in(request: Request) -> HttpResponse:
    """What we ask for when you sign in, and where you are signed in."""
    reach = Reach.of(request.user)
    about = {
        "sessions": _sessions(request),
        "takes_numbers": sms.carrier() is not None,
        "number": reach.phone if reach.takes_sms else "",
    }
    return render(request, "members/signing_in/signing_in.html", _keys(request) | about)


@require_POST
def step_up(request: Request) -> HttpResponse:
    """Show once more who you are, and go on to the page that you wanted to read."""
    prove_again(request)
    onward = request.POST.get("next", "")
    return redirect(onward if is_ours(request, onward) else "signing_in")


@require_POST
def end_session(request: Request, session_id: int) -> HttpResponse:
    """Sign out one browser."""
    found = get_object_or_404(UserSession, user=request.user, pk=session_id)
    if found.session_key == request.session.session_key:
        return redirect("account_logout")
    found.end()
    messages.success(request, _("Signed out there."))
    return redirect("signing_in")


@require_POST
def end_other_sessions(request: Request) -> HttpResponse:
    """Sign out every browser but this one."""
    end_all_others(request)
    messages.success(request, _("You are signed in only here now."))
    return redirect("signing_in")


def _keys(request: Request) -> dict[str, Any]:
    kinds = Authenticator.Type
    keys = list(Authenticator.objects.filter(user=request.user).order_by("created_at"))
    spare = next((one.wrap() for one in keys if one.type == kinds.RECOVERY_CODES), None)
    return {
        "app": next((one for one in keys if one.type == kinds.TOTP), None),
        "passkeys": [one for one in keys if one.type == kinds.WEBAUTHN],
        "codes_left": len(spare.get_unused_codes()) if spare else None,
        "takes_passkeys": takes_passkeys(request),
    }


def _sessions(request: Request) -> list[dict[str, Any]]:
    """Where they are signed in, this browser first, then the latest."""
    known = UserSession.objects.purge_and_list(request.user)
    here = request.session.session_key
    known.sort(key=lambda one: (one.session_key == here, one.last_seen_at), reverse=True)
    return [{"row": one, "device": device_named(one.user_agent), "is_here": one.session_key == here} for one in known]

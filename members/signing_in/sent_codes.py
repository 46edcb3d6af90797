"""A code that was sent and waits in one browser to be typed. The session keeps by what it is known, not the code."""

import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from allauth.core.internal.cryptokit import compare_user_code, normalize_user_code
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

GOOD_FOR = 10 * 60
"""Seconds in which a code may be typed."""
MOST_GUESSES = 3


def keep(request: HttpRequest, purpose: str, code: str, *, to: str) -> None:
    """A code was sent `to` an address, a number or a person, and is good for one `purpose` in this browser."""
    kept = {"to": to, "code": _kept(purpose, to, code), "at": time.time(), "guesses": 0}
    request.session[purpose] = kept


def sent_to(request: HttpRequest, purpose: str) -> str:
    """Where the code that waits here was sent, or nothing where none waits any more."""
    kept = _waiting(request, purpose)
    return str(kept["to"]) if kept else ""


def trouble_with(request: HttpRequest, purpose: str, typed: str) -> str:
    """What is wrong with a code that was typed; nothing where it is right, and then it is used up."""
    kept = _waiting(request, purpose)
    if kept is None:
        return _("This code is no longer good. Please have a new one sent.")
    if not ratelimit.consume(request, action="login_failed", key=f"{purpose}-{kept['to']}"):
        return str(get_adapter().error_messages["too_many_login_attempts"])
    request.session[purpose] = {**kept, "guesses": kept["guesses"] + 1}
    if not compare_user_code(actual=_kept(purpose, kept["to"], typed), expected=kept["code"]):
        return _("That is not the code that we sent. Please look once more.")
    del request.session[purpose]
    return ""


def _waiting(request: HttpRequest, purpose: str) -> dict[str, Any] | None:
    kept: dict[str, Any] | None = request.session.get(purpose)
    is_over = kept is None or time.time() - kept["at"] > GOOD_FOR or kept["guesses"] >= MOST_GUESSES
    return None if is_over else kept


def _kept(purpose: str, to: str, code: str) -> str:
    return salted_hmac(f"members.{purpose}", f"{to}:{normalize_user_code(code)}", algorithm="sha256").hexdigest()

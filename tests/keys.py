"""The keys of the tests' people: who holds an office has an app that makes codes (`make.key`), made from nothing."""

from datetime import datetime
from typing import Any

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.base_user import AbstractBaseUser

from members.signing_in.sessions import TOUCHED

NOTHING = ""
"""What the app of `make.key` is made from."""
FOR_EVER = 32_503_680_000
"""The year 3000: a proof of then outlasts every test, wherever its clock stands."""


def shown(at: datetime, secret: str = NOTHING) -> str:
    """The code that an app shows at this moment."""
    return format_hotp_value(hotp_value(secret, int(at.timestamp()) // 30))


def used_in(session: Any, user: AbstractBaseUser) -> None:
    """They used a key in the browser with this session a moment ago, and do for as long as the test lasts."""
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": FOR_EVER}]
    session[TOUCHED] = FOR_EVER

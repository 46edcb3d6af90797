"""What a browser is called, and whether somebody has signed in with it before."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from members.people.users import User

COOKIE = "__Host-devices" if settings.SECURE else "evenhand-devices"
A_YEAR = 365 * 24 * 3600
MOST = 20
"""So many people of one browser are remembered; the first of them is forgotten then."""
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "CrOS": "Chromebook",
    "Macintosh": "Mac",
    "Linux": "Linux",
}


def device_named(agent: str) -> str:
    """What people call the browser that says this about itself: *Firefox on Windows*."""
    browser = next((name for sign, name in BROWSERS.items() if sign in agent), "")
    system = next((name for sign, name in SYSTEMS.items() if sign in agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("a browser")


def device_of(request: HttpRequest) -> str:
    """What people call the browser that asks."""
    return device_named(request.headers.get("User-Agent", ""))


def knows(request: HttpRequest, user: User) -> bool:
    """Has this person signed in with this browser before?"""
    return any(constant_time_compare(mark, _mark(user)) for mark in _marks(request))


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Let this browser be known as one of theirs. The cookie says nothing of who that is."""
    others = [mark for mark in _marks(request) if mark != _mark(user)]
    response.set_cookie(
        COOKIE,
        ".".join([*others, _mark(user)][-MOST:]),
        max_age=A_YEAR,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )


def _marks(request: HttpRequest) -> list[str]:
    return [mark for mark in request.COOKIES.get(COOKIE, "").split(".") if mark]


def _mark(user: User) -> str:
    return salted_hmac("members.devices", str(user.pk), algorithm="sha256").hexdigest()[:32]

"""What every view shares: the typed request, permission by sentence, and how a refusal reaches a person."""

from collections.abc import Callable
from contextlib import suppress
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any, TypeVar

import structlog
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails
from django_structlog.middlewares import RequestMiddleware

from coop.errors import Refusal
from coop.policies import policy_cache
from coop.typed.text import isolate
from coop.web import uploads

if TYPE_CHECKING:
    from members.models import User

Row = TypeVar("Row", bound=Model)
READING = ("GET", "HEAD")
GetResponse = Callable[[HttpRequest], HttpResponse]


class Request(HttpRequest):
    """A request of somebody who is signed in, with htmx's details."""

    user: "User"
    htmx: HtmxDetails
    once_allowed: Callable[[Model | None], None] | None = None
    """What a view wants to happen as soon as it is known that the person may do it."""


class OnLeave(PermissionDenied):
    """They hold the office that may do this, and are on leave: they read, and others act."""


class NeedsKey(PermissionDenied):
    """Their office acts only with a key to their account, and they have none yet: they read, and enrol."""


class AboutOneself(PermissionDenied):
    """Their office may do this, but not about their own household, pay or shift."""


def may(user: Any, verb: str, row: Model) -> bool:
    """Is `user` one of those who may `verb` this row? Says who, never when."""
    return bool(user.may_act(_perm(verb, row), row)) if user.is_authenticated else False


def _perm(verb: str, row: Model) -> str:
    return f"{row._meta.app_label}.{verb}_{row._meta.model_name}"


def get_for(request: Request, verb: str, rows: QuerySet[Row], **lookup: Any) -> Row:
    """The row for this verb: 404 when it is not among those the person may see, 403 when they may not do it."""
    row = get_object_or_404(rows, **lookup)
    require_perm(request, _perm(verb, row), row)
    return row


def require_perm(request: Request, perm: str, row: Model | None = None) -> None:
    """403 to whoever lacks a permission, for example `bookings.work`.

    And to whoever has it by an office, would act, and is on leave or has no key.
    """
    if not request.user.has_perm(perm, row):
        about = getattr(row, "is_about", None)
        raise AboutOneself if about and request.user.roles and about(request.user) else PermissionDenied
    if request.method not in READING and not request.user.may_act(perm, row):
        raise OnLeave if request.user.rests else NeedsKey
    if once_allowed := getattr(request, "once_allowed", None):
        once_allowed(row)


def form_succeeded(form: BaseForm, verb: Callable[[], object]) -> bool:
    """Run `verb` if the form is valid; a refusal becomes the form's error, so that nothing typed is lost."""
    if not form.is_valid():
        return False
    try:
        verb()
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, isolate(str(refusal)))
        return False
    return True


def back(request: HttpRequest, fallback: str = "home") -> HttpResponseRedirect:
    """To the page the person came from, if it is one of ours."""
    came_from = request.headers.get("Referer", "")
    return HttpResponseRedirect(came_from) if is_ours(request, came_from) else redirect(fallback)


def is_ours(request: HttpRequest, address: str) -> bool:
    """Does this address lie on this site?"""
    return url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())


NEVER_SHOWN = frozenset({"code", "password"})


def sent_again(request: HttpRequest) -> list[tuple[str, str]]:
    """What a refused form held, to be offered once more, if it came from a page of ours without files and codes.

    Somebody else's page may not bring its words here, where one click would send them.
    """
    came_from = request.headers.get("Origin") or request.headers.get("Referer", "")
    ours = came_from.startswith("http") and is_ours(request, came_from)
    same_site = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    typed = {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"}
    if not (ours and same_site) or request.FILES or typed.keys() & NEVER_SHOWN or getattr(request, "htmx", False):
        return []
    return [(name, value) for name, values in typed.items() for value in values]


class NotAllowedMiddleware:
    """Where an address does not take a way of asking (405), there is a page with words, as for every other error."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            page = render(request, "pages/error.html", {"kind": "not_allowed"}, status=405)
            page["Allow"] = response["Allow"]
            return page
        return response


class TooLargeMiddleware:
    """A request far too large gets a page that says so, and nothing that it asks for is done.

    It is let run out first, up to as much again: a browser shows no answer to what it could not finish sending.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in READING or _size_of(request) <= uploads.FAR_TOO_MUCH:
            return self.get_response(request)
        left = 2 * uploads.FAR_TOO_MUCH
        while left > 0 and (gone := len(request.read(uploads.AT_A_TIME))):
            left -= gone
        return render(request, "pages/error.html", {"kind": "too_large"}, status=413)


def _size_of(request: HttpRequest) -> int:
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isdecimal() else 0


class RefusalMiddleware:
    """A Refusal that no form caught becomes a message on the page it came from; htmx gets the message alone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Http404):  # also where DEBUG would show its own page, as in the demo
            return render(request, "pages/error.html", {"kind": "not_found"}, status=404)
        if not isinstance(exception, Refusal):
            return None
        if getattr(request, "htmx", False):
            response = HttpResponse(
                render_to_string("components/messages.html", {"messages": [exception], "level": "warning"}), status=422
            )
            response["HX-Retarget"], response["HX-Reswap"] = "#messages", "innerHTML"
            return response
        messages.warning(request, str(exception))
        return back(request) if request.method == "POST" else redirect("home")


class TrueAddressMiddleware:
    """Behind proxies of ours (`TRUSTED_PROXIES`) the address of a visitor is what the outermost of them saw.

    From here on it is REMOTE_ADDR, for limits and for the log; what a visitor claims about it is gone.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        said = request.META.pop("HTTP_X_FORWARDED_FOR", "").split(",")
        if 0 < settings.TRUSTED_PROXIES <= len(said):
            with suppress(ValueError):
                request.META["REMOTE_ADDR"] = str(ip_address(said[-settings.TRUSTED_PROXIES].strip()))
        return self.get_response(request)


def network_of(request: HttpRequest) -> str:
    """Where somebody comes from, as far as it tells people apart: with IPv6 a whole line has one half in common."""
    with suppress(ValueError):
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
        return str(ip_network((address, 64), strict=False) if isinstance(address, IPv6Address) else address)
    return ""


class RequestLogMiddleware(RequestMiddleware):
    """Each line of the log names where its request came from: what the server saw, not what headers say."""

    @classmethod
    def bind_ip(cls, request: HttpRequest) -> None:
        structlog.contextvars.bind_contextvars(ip=request.META.get("REMOTE_ADDR", ""))


class RulebookMiddleware:
    """A page reads the voted rules once, however many of them it shows."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with policy_cache():
            return self.get_response(request)


CLOSED = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def with_place(response: HttpResponse) -> HttpResponse:
    """This page may ask the phone where it is."""
    response["Permissions-Policy"] = CLOSED.replace("geolocation=()", "geolocation=(self)")
    return response


def _is_private(request: HttpRequest) -> bool:
    """Is this for one person alone: somebody who is signed in, or who has an address that names one thing?"""
    user, match = getattr(request, "user", None), request.resolver_match
    return bool(match and match.kwargs) or (user is not None and user.is_authenticated)


class SafetyHeadersMiddleware:
    """Closed doors by default; a page that needs one open says so itself."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", CLOSED)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if _is_private(request):
            response.setdefault("Cache-Control", "no-store, private")
        return response

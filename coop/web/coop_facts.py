"""Each request in the co-op's time zone, and in its first language where nobody has said another."""

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import timezone, translation
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header

from coop.contact import ContactFacts, facts_cache
from coop.web.http import GetResponse

WITHOUT = frozenset({"/healthz", "/readyz"})
"""Machines ask here whether anything works, so nothing is asked of the database."""


class CoopFactsMiddleware:
    """A page reads what is said of the co-op once."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with facts_cache():
            return self.get_response(request)


class FirstLanguageMiddleware(LocaleMiddleware):
    """Whoever has chosen no language, and whose browser names none of ours, is spoken to in the co-op's first one."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if request.path not in WITHOUT and not _names_language(request):
            translation.activate(_first_language())
            request.LANGUAGE_CODE = translation.get_language()


class CoopZoneMiddleware:
    """Today is the co-op's today."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in WITHOUT:
            return self.get_response(request)
        with timezone.override(ContactFacts.known().local_zone):
            return self.get_response(request)


def _names_language(request: HttpRequest) -> bool:
    """Does a cookie or the browser ask for a language that we speak?"""
    accepted = [code for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    asked = [request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""), *accepted]
    return any(code and code != "*" and _is_spoken(code) for code in asked)


def _is_spoken(code: str) -> bool:
    try:
        return bool(get_supported_language_variant(code))
    except LookupError:
        return False


def _first_language() -> str:
    """As it is said; as the settings have it while the database does not answer."""
    try:
        return ContactFacts.known().first_language
    except (OperationalError, InterfaceError):
        return str(settings.LANGUAGE_CODE)

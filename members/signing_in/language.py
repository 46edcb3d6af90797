"""A person's own language follows them from device to device."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from coop.web.http import GetResponse, back


class UserLanguageMiddleware:
    """Once somebody is signed in, their saved language wins over the browser's."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        return self.get_response(request)


@require_POST
@login_not_required
def set_language(request: HttpRequest) -> HttpResponse:
    """Speak the language asked for: kept in a cookie, and on the user once signed in."""
    language = request.POST.get("language", "")
    response = _onward(request)
    if language in dict(settings.LANGUAGES):
        remember(response, language)
        if request.user.is_authenticated:
            request.user.speak(language)
    return response


def remember(response: HttpResponse, language: str) -> None:
    """Keep the language on this device."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


def _onward(request: HttpRequest) -> HttpResponseRedirect:
    onward = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(onward, {request.get_host()}, require_https=request.is_secure()):
        return HttpResponseRedirect(onward)
    return back(request)

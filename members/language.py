"""A person's own language follows them from device to device."""

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from coop.http import GetResponse


class UserLanguageMiddleware:
    """Once somebody is signed in, their saved language wins over the browser's."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        return self.get_response(request)

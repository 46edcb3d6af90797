"""Browsers that speak to the site in this process, as strictly as it is spoken to from outside."""

import re
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponseBase
from django.test import Client
from django.test import client as djangos
from django.test.client import ClientHandler, store_rendered_templates  # type: ignore[attr-defined]

from bookings.visits.browsers import MARK
from members.models import User
from tests import keys
from tests.visitor import path_of

FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.S | re.I)
GOES_TO = re.compile(r"\b(?:form)?action=\"([^\"]*)\"")
SECRET = "t" * 32
SITE = ClientHandler(enforce_csrf_checks=True)
"""What all browsers speak to: its middleware is set up once, which takes longer than most pages."""


def store_pages(store: dict[str, Any], signal: Any, sender: Any, template: Any, context: Any, **more: Any) -> None:
    """What a page was made from is kept with the answer; to copy it again for each of its small parts takes long."""
    if not str(template.name).startswith(("components/", "django/")):
        store_rendered_templates(store, signal, sender, template, context, **more)


djangos.store_rendered_templates = store_pages  # type: ignore[attr-defined]


def _with_key(*, request: HttpRequest, user: AbstractBaseUser, **about: Any) -> None:
    keys.used_in(request.session, user)


class Browser(Client):
    """A browser whose forms the site checks: what is sent carries our token, as pages and scripts do.

    But for a form that stood on a page without its token: that is sent without, as a person's browser would.
    """

    def __init__(self, **defaults: Any) -> None:
        super().__init__(enforce_csrf_checks=True, **defaults)
        self.handler = SITE
        self.bare: set[str] = set()

    def request(self, **request: Any) -> Any:
        answer = super().request(**request)
        self._look_at(answer, request["PATH_INFO"])
        return answer

    def post(  # type: ignore[override]  # as the superclass hears it, but for `headers`
        self, path: str, *sent: Any, headers: dict[str, str] | None = None, **more: Any
    ) -> Any:
        if path_of(path) not in self.bare:
            headers = {"X-CSRFToken": self._token(), **(headers or {})}
        return super().post(path, *sent, headers=headers, **more)

    def force_login(self, user: User, backend: str | None = None) -> None:
        """Signed in with a key a moment ago, and for as long as the test lasts (`members.signing_in`)."""
        user_logged_in.connect(_with_key)
        try:
            super().force_login(user, backend)
        finally:
            user_logged_in.disconnect(_with_key)

    def marked(self) -> UUID:
        """The mark by which the site finds again what is typed in this browser (`bookings/visits/browsers.py`)."""
        session = self.session
        mark = UUID(session.setdefault(MARK, str(uuid4())))
        session.save()
        return mark

    def _token(self) -> str:
        if settings.CSRF_COOKIE_NAME not in self.cookies:
            self.cookies[settings.CSRF_COOKIE_NAME] = SECRET
        return str(self.cookies[settings.CSRF_COOKIE_NAME].value)

    def _look_at(self, answer: HttpResponseBase, here: str) -> None:
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            for attributes, inside in FORM.findall(answer.content.decode()):  # type: ignore[attr-defined]
                places = {path_of(place or here) for place in GOES_TO.findall(attributes + inside)} or {path_of(here)}
                signed = "csrfmiddlewaretoken" in inside or 'method="post"' not in attributes
                self.bare = self.bare - places if signed else self.bare | places
